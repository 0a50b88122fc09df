/**
 * Writes event files as Windows does: names and templates where they are first used, hash tables, checksums. Tests build every
 * file they read with it, so that each byte of it is known.
 */
import { crc32 } from 'node:zlib';

const CHUNK_BYTES = 65_536;
const RECORDS_AT = 512;
const FILE_HEAD_BYTES = 4096;
const NAME_BUCKETS = 64;
const TEMPLATE_BUCKETS = 32;
const NAMES_AT = 128;
const TEMPLATES_AT = 384;

export interface WrittenElement {
  readonly element: string;
  readonly attributes: Readonly<Record<string, readonly WrittenPart[]>>;
  readonly content: readonly (WrittenElement | WrittenPart)[];
}
export type WrittenPart =
  | string
  | { readonly hole: number; readonly optional: boolean }
  | { readonly cdata: string }
  | { readonly character: number }
  | { readonly entity: string }
  | { readonly instruction: string; readonly text: string };

export interface WrittenTemplate {
  readonly id: number;
  readonly root: WrittenElement;
}

export type WrittenValue =
  | { readonly type: number; readonly bytes: Buffer }
  | { readonly instance: WrittenInstance }
  /** Binary XML without a template. */
  | { readonly fragment: WrittenElement };

export interface WrittenInstance {
  readonly template: WrittenTemplate;
  readonly values: readonly WrittenValue[];
}

export interface WrittenRecord {
  readonly id: bigint;
  /** 100 ns since 1601. */
  readonly time: bigint;
  readonly event: WrittenInstance | WrittenElement;
}

export function element(name: string, attributes: Readonly<Record<string, string | readonly WrittenPart[]>> = {}, ...content: readonly (WrittenElement | WrittenPart)[]): WrittenElement {
  const parts = Object.entries(attributes).map(([key, value]) => [key, typeof value === 'string' ? [value] : value] as const);
  return { element: name, attributes: Object.fromEntries(parts), content };
}

export function hole(index: number, optional = false): WrittenPart {
  return { hole: index, optional };
}

let templateIds = 0;

export function template(root: WrittenElement): WrittenTemplate {
  templateIds += 1;
  return { id: 0x1000 + templateIds, root };
}

export class ChunkWriter {
  readonly #bytes = Buffer.alloc(CHUNK_BYTES);
  readonly #names = new Map<string, number>();
  readonly #templates = new Map<WrittenTemplate, number>();
  #at = RECORDS_AT;
  #lastRecordAt = RECORDS_AT;
  #ids: bigint[] = [];

  add(record: WrittenRecord): this {
    const start = this.#at;
    this.#u32(0x2a2a);
    this.#u32(0);
    this.#u64(record.id);
    this.#u64(record.time);
    this.#bytesOf([0x0f, 1, 1, 0]);
    if ('template' in record.event) this.#instance(record.event);
    else this.#element(record.event, false);
    this.#u8(0);
    while ((this.#at - start + 4) % 8 !== 0) this.#u8(0);
    const size = this.#at - start + 4;
    this.#u32(size);
    this.#bytes.writeUInt32LE(size, start + 4);
    this.#lastRecordAt = start;
    this.#ids.push(record.id);
    return this;
  }

  /** 64 KiB with head and checksums. */
  finish(): Buffer {
    const chunk = Buffer.from(this.#bytes);
    const [first = 0n, last = 0n] = [this.#ids.at(0), this.#ids.at(-1)];
    chunk.write('ElfChnk\0', 0, 'latin1');
    [first, last, first, last].forEach((id, index) => chunk.writeBigUInt64LE(id, 8 + index * 8));
    chunk.writeUInt32LE(128, 40);
    chunk.writeUInt32LE(this.#lastRecordAt, 44);
    chunk.writeUInt32LE(this.#at, 48);
    return sealChunk(chunk);
  }

  #instance({ template: used, values }: WrittenInstance): void {
    this.#bytesOf([0x0c, 1]);
    this.#u32(used.id);
    const known = this.#templates.get(used);
    this.#u32(known ?? this.#at + 4);
    if (known === undefined) this.#definition(used);
    this.#u32(values.length);
    const descriptors = this.#at;
    this.#at += values.length * 4;
    values.forEach((value, index) => {
      const start = this.#at;
      this.#value(value);
      this.#bytes.writeUInt16LE(this.#at - start, descriptors + index * 4);
      this.#bytes.writeUInt8('type' in value ? value.type : 0x21, descriptors + index * 4 + 2);
    });
  }

  #definition(used: WrittenTemplate): void {
    this.#templates.set(used, this.#at);
    this.#chain(TEMPLATES_AT + (used.id % TEMPLATE_BUCKETS) * 4);
    this.#u32(used.id);
    this.#bytesOf(new Array<number>(12).fill(0));
    this.#sized(() => {
      this.#bytesOf([0x0f, 1, 1, 0]);
      this.#element(used.root, true);
      this.#u8(0);
    });
  }

  #value(value: WrittenValue): void {
    if ('bytes' in value) this.#bytesOf(value.bytes);
    else {
      this.#bytesOf([0x0f, 1, 1, 0]);
      if ('instance' in value) this.#instance(value.instance);
      else this.#element(value.fragment, false);
      this.#u8(0);
    }
  }

  #element(written: WrittenElement, dependencyIds: boolean): void {
    const attributes = Object.entries(written.attributes);
    this.#u8(attributes.length > 0 ? 0x41 : 0x01);
    if (dependencyIds) this.#u16(0xffff);
    this.#sized(() => {
      this.#name(written.element);
      if (attributes.length > 0) this.#sized(() => attributes.forEach(([name, parts], index) => this.#attribute(name, parts, index === attributes.length - 1)));
      if (written.content.length === 0) return this.#u8(0x03);
      this.#u8(0x02);
      for (const part of written.content) {
        if (typeof part === 'object' && 'element' in part) this.#element(part, dependencyIds);
        else this.#part(part);
      }
      this.#u8(0x04);
    });
  }

  #attribute(name: string, parts: readonly WrittenPart[], last: boolean): void {
    this.#u8(last ? 0x06 : 0x46);
    this.#name(name);
    for (const part of parts) this.#part(part);
  }

  #part(part: WrittenPart): void {
    if (typeof part === 'string') this.#text([0x05, 0x01], part);
    else if ('hole' in part) {
      this.#u8(part.optional ? 0x0e : 0x0d);
      this.#u16(part.hole);
      this.#u8(0x01);
    } else if ('cdata' in part) this.#text([0x07], part.cdata);
    else if ('character' in part) {
      this.#u8(0x08);
      this.#u16(part.character);
    } else if ('entity' in part) {
      this.#u8(0x09);
      this.#name(part.entity);
    } else {
      this.#u8(0x0a);
      this.#name(part.instruction);
      this.#text([0x0b], part.text);
    }
  }

  #text(token: readonly number[], text: string): void {
    this.#bytesOf(token);
    this.#u16(text.length);
    this.#bytesOf(Buffer.from(text, 'utf16le'));
  }

  #name(name: string): void {
    const known = this.#names.get(name);
    this.#u32(known ?? this.#at + 4);
    if (known !== undefined) return;
    this.#names.set(name, this.#at);
    let hash = 0;
    for (let index = 0; index < name.length; index += 1) hash = (hash * 65_599 + name.charCodeAt(index)) >>> 0;
    this.#chain(NAMES_AT + ((hash & 0xffff) % NAME_BUCKETS) * 4);
    this.#u16(hash & 0xffff);
    this.#u16(name.length);
    this.#bytesOf(Buffer.from(`${name}\0`, 'utf16le'));
  }

  /** What stands here becomes the first of its bucket and points at the one before. */
  #chain(bucket: number): void {
    const before = this.#bytes.readUInt32LE(bucket);
    this.#bytes.writeUInt32LE(this.#at, bucket);
    this.#u32(before);
  }

  #sized(write: () => void): void {
    const start = this.#at;
    this.#at += 4;
    write();
    this.#bytes.writeUInt32LE(this.#at - start - 4, start);
  }

  #bytesOf(bytes: Iterable<number>): void {
    const written = Buffer.from([...bytes]);
    if (this.#at + written.length > CHUNK_BYTES) throw new RangeError('this does not fit a chunk');
    written.copy(this.#bytes, this.#at);
    this.#at += written.length;
  }

  #u8(value: number): void {
    this.#at = this.#bytes.writeUInt8(value, this.#at);
  }

  #u16(value: number): void {
    this.#at = this.#bytes.writeUInt16LE(value, this.#at);
  }

  #u32(value: number): void {
    this.#at = this.#bytes.writeUInt32LE(value, this.#at);
  }

  #u64(value: bigint): void {
    this.#at = this.#bytes.writeBigUInt64LE(value, this.#at);
  }
}

/** Puts the checksums right after something in the chunk was changed. */
export function sealChunk(chunk: Buffer): Buffer {
  chunk.writeUInt32LE(crc32(chunk.subarray(RECORDS_AT, chunk.readUInt32LE(48))), 52);
  chunk.writeUInt32LE(crc32(chunk.subarray(128, RECORDS_AT), crc32(chunk.subarray(0, 120))), 124);
  return chunk;
}

export interface FileHead {
  readonly chunkCount?: number;
  readonly dirty?: boolean;
}

export function evtxFile(chunks: readonly Buffer[], head: FileHead = {}): Buffer {
  const header = Buffer.alloc(FILE_HEAD_BYTES);
  header.write('ElfFile\0', 0, 'latin1');
  header.writeBigUInt64LE(BigInt(Math.max(0, chunks.length - 1)), 16);
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(FILE_HEAD_BYTES, 40);
  header.writeUInt16LE(head.chunkCount ?? chunks.length, 42);
  header.writeUInt32LE(head.dirty === true ? 1 : 0, 120);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  return Buffer.concat([header, ...chunks]);
}
