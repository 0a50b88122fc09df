/**
 * What of an ELF file tells which program it is, whatever it is called and whatever was appended to it: the build id its linker
 * wrote, and a hash of the code at its entry point. Layout: elf(5), linux/elf.h; Go's note: cmd/internal/buildid of the Go toolchain.
 *
 * Every number in the file is hostile: offsets are checked, counts and sizes bounded, and reading beyond the end gives fewer bytes.
 */
import { createHash } from 'node:crypto';
import type { ContentIdentity } from '../contract.ts';
import { decodeBytes } from '../../../shared/text/surrogate-escape.ts';

/** Up to `size` bytes at `position`; fewer at the end of the file, none when it can not be read. Never throws. */
export type ReadAt = (position: number, size: number) => Buffer;

const PT_LOAD = 1;
const PT_INTERP = 3;
const PT_NOTE = 4;
const NT_GNU_BUILD_ID = 3;
const NT_GO_BUILD_ID = 4;
/** More than any linker writes; the kernel itself takes at most 64 KiB of headers (fs/binfmt_elf.c, load_elf_phdrs). */
const HEADERS_LIMIT = 256;
const NOTES_SIZE_LIMIT = 64 * 1024;
const NOTE_SEGMENTS_LIMIT = 16;
const ID_SIZE_LIMIT = 256;
const ENTRY_SIZE = 16 * 1024;
/** PATH_MAX: the kernel takes no longer name. */
const INTERPRETER_LIMIT = 4096;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: bigint;
  readonly fileSize: number;
}

interface ElfFile {
  readonly littleEndian: boolean;
  readonly entry: bigint;
  readonly segments: readonly Segment[];
}

export function elfIdentity(readAt: ReadAt): ContentIdentity {
  const elf = parseElf(readAt);
  if (elf === null) return { buildId: null, entryHash: null };
  return { buildId: findBuildId(readAt, elf), entryHash: hashEntry(readAt, elf) };
}

export function elfInterpreterPath(readAt: ReadAt): string | null {
  const segment = parseElf(readAt)?.segments.find((each) => each.type === PT_INTERP);
  if (segment === undefined || segment.fileSize < 2 || segment.fileSize > INTERPRETER_LIMIT) return null;
  const bytes = readAt(segment.offset, segment.fileSize);
  const end = bytes.indexOf(0);
  return end > 0 ? decodeBytes(bytes.subarray(0, end)) : null;
}

/** The header and the program headers, or null when it is no ELF file a kernel could load. */
function parseElf(readAt: ReadAt): ElfFile | null {
  const head = readAt(0, 64);
  if (head.length < 52 || head.readUInt32BE(0) !== 0x7f45_4c46) return null;
  const wide = head[4] === 2;
  const littleEndian = head[5] === 1;
  if ((head[4] !== 1 && !wide) || (head[5] !== 2 && !littleEndian) || (wide && head.length < 64)) return null;
  const get = numberReader(littleEndian);
  const tableAt = Number(get(head, wide ? 32 : 28, wide ? 8 : 4));
  const entrySize = Number(get(head, wide ? 54 : 42, 2));
  const count = Number(get(head, wide ? 56 : 44, 2));
  if (entrySize !== (wide ? 56 : 32) || count === 0 || count > HEADERS_LIMIT || !Number.isSafeInteger(tableAt + count * entrySize)) return null;
  const table = readAt(tableAt, count * entrySize);
  const segments: Segment[] = [];
  for (let at = 0; at + entrySize <= table.length; at += entrySize) {
    const offset = Number(get(table, at + (wide ? 8 : 4), wide ? 8 : 4));
    const fileSize = Number(get(table, at + (wide ? 32 : 16), wide ? 8 : 4));
    if (!Number.isSafeInteger(offset + fileSize)) continue;
    segments.push({ type: Number(get(table, at, 4)), offset, address: get(table, at + (wide ? 16 : 8), wide ? 8 : 4), fileSize });
  }
  return { littleEndian, entry: get(head, 24, wide ? 8 : 4), segments };
}

type GetNumber = (bytes: Buffer, at: number, size: 2 | 4 | 8) => bigint;

function numberReader(littleEndian: boolean): GetNumber {
  return (bytes, at, size) => {
    if (size === 8) return littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
    if (size === 4) return BigInt(littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
    return BigInt(littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  };
}

function findBuildId(readAt: ReadAt, elf: ElfFile): string | null {
  let goId: string | null = null;
  for (const segment of elf.segments.filter((each) => each.type === PT_NOTE).slice(0, NOTE_SEGMENTS_LIMIT)) {
    const notes = readAt(segment.offset, Math.min(segment.fileSize, NOTES_SIZE_LIMIT));
    const found = scanNotes(notes, elf.littleEndian);
    if (found.gnu !== null) return found.gnu;
    goId ??= found.go;
  }
  return goId;
}

/** Notes are words of 4 bytes: name size, content size, type, then both padded to 4. */
function scanNotes(notes: Buffer, littleEndian: boolean): { gnu: string | null; go: string | null } {
  let go: string | null = null;
  let at = 0;
  while (at + 12 <= notes.length) {
    const word = (offset: number): number => (littleEndian ? notes.readUInt32LE(at + offset) : notes.readUInt32BE(at + offset));
    const nameSize = word(0);
    const contentSize = word(4);
    const type = word(8);
    const contentAt = at + 12 + padded(nameSize);
    const next = contentAt + padded(contentSize);
    if (next > notes.length + 3) break;
    const usable = contentSize > 0 && contentSize <= ID_SIZE_LIMIT && contentAt + contentSize <= notes.length;
    const name = notes.toString('latin1', at + 12, Math.min(at + 12 + nameSize, at + 16));
    const content = usable ? notes.subarray(contentAt, contentAt + contentSize).toString('hex') : null;
    if (type === NT_GNU_BUILD_ID && nameSize === 4 && name === 'GNU\0' && content !== null) return { gnu: content, go };
    if (type === NT_GO_BUILD_ID && nameSize === 4 && name === 'Go\0\0' && content !== null) go ??= content;
    at = next;
  }
  return { gnu: null, go };
}

function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}

/** Bytes from the entry point to the end of its segment in the file: what is appended to the file lies behind every segment. */
function hashEntry(readAt: ReadAt, elf: ElfFile): string | null {
  for (const segment of elf.segments) {
    if (segment.type !== PT_LOAD || elf.entry < segment.address) continue;
    const skip = elf.entry - segment.address;
    if (skip >= BigInt(segment.fileSize)) continue;
    const bytes = readAt(segment.offset + Number(skip), Math.min(ENTRY_SIZE, segment.fileSize - Number(skip)));
    return bytes.length === 0 ? null : createHash('sha256').update(bytes).digest('hex');
  }
  return null;
}
