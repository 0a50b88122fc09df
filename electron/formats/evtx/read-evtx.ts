/**
 * Reads a Windows event file (EVTX, MS-EVEN6 and the format notes of libevtx): chunk after chunk, in constant memory. The
 * chunks tell what is in the file, not its header; what is damaged is told by offset, and reading goes on behind it.
 */
import { ByteInput } from '../byte-input.ts';
import type { ReadItem } from '../record.ts';
import { CHUNK_BYTES, CHUNK_MAGIC, isHeadSound, RECORDS_AT } from './chunk-header.ts';
import { ChunkReader } from './chunk-reader.ts';
import { EVTX_MAGIC, HEADER_BYTES, parseFileHeader, type FileHeader } from './file-header.ts';

/** What each chunk holds in one go: handing over a hundred thousand single records a second would cost more than reading them. */
export async function* readEvtx(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly ReadItem[], void, undefined> {
  const input = new ByteInput(pieces);
  try {
    const header = await readHeader(input);
    if (header === null) {
      yield [{ problem: { offset: 0, reason: 'this is no event file: it does not begin with ElfFile', whole: true } }];
      return;
    }
    if (header.damage !== null) yield [problem(0, header.damage)];
    await input.skip(header.blockBytes - HEADER_BYTES);
    yield* new ChunkSequence(input, header).items();
  } finally {
    await input.close();
  }
}

async function readHeader(input: ByteInput): Promise<FileHeader | null> {
  const bytes = Buffer.alloc(HEADER_BYTES);
  const length = await input.fill(bytes, 0, HEADER_BYTES);
  return length === HEADER_BYTES && bytes.subarray(0, EVTX_MAGIC.length).equals(EVTX_MAGIC) ? parseFileHeader(bytes) : null;
}

const NOTHING = Buffer.alloc(CHUNK_BYTES);

class ChunkSequence {
  readonly #input: ByteInput;
  readonly #header: FileHeader;
  readonly #reader = new ChunkReader();
  /** Bytes of the reader's buffer that are filled. */
  #filled = 0;
  #index = 0;
  /** Bytes were passed over: what looks like a chunk now may be a text that somebody wrote into an event. */
  #lost = false;

  constructor(input: ByteInput, header: FileHeader) {
    this.#input = input;
    this.#header = header;
  }

  async *items(): AsyncGenerator<readonly ReadItem[], void, undefined> {
    const { bytes } = this.#reader;
    for (;;) {
      this.#filled = await this.#input.fill(bytes, this.#filled, CHUNK_BYTES);
      if (this.#filled === 0) break;
      const offset = this.#input.position - this.#filled;
      yield this.#atChunk() ? this.#chunk(offset) : this.#noChunk(offset);
      this.#index += 1;
    }
    if (!this.#header.dirty && this.#index < this.#header.chunkCount) {
      yield [problem(this.#input.position, `the file ends after ${this.#index} chunks; its header counts ${this.#header.chunkCount}`)];
    }
  }

  #atChunk(): boolean {
    const here = this.#reader.bytes.subarray(0, this.#filled);
    if (this.#lost) return isHeadSound(here);
    return here.subarray(0, CHUNK_MAGIC.length).equals(CHUNK_MAGIC) || (this.#filled === CHUNK_BYTES && this.#reader.beginsWithRecord);
  }

  #chunk(offset: number): ReadItem[] {
    const filled = this.#filled;
    this.#filled = 0;
    this.#lost = false;
    if (filled === CHUNK_BYTES) return this.#reader.read(offset);
    this.#reader.bytes.fill(0, filled);
    return [problem(offset, `the file ends in the middle of this chunk, after ${filled} bytes`), ...this.#reader.read(offset)];
  }

  /** Room that was never used holds zeros. Anything else is passed over up to where the next chunk begins, if one does. */
  #noChunk(offset: number): ReadItem[] {
    const { bytes } = this.#reader;
    const here = bytes.subarray(0, this.#filled);
    const next = nextChunk(here);
    const counted = this.#index < this.#header.chunkCount && !this.#header.dirty;
    const passed = next < 0 ? this.#filled : next;
    const unused = next < 0 && !counted && here.equals(NOTHING.subarray(0, this.#filled));
    bytes.copyWithin(0, passed, this.#filled);
    this.#filled -= passed;
    this.#lost = next >= 0;
    return unused ? [] : [problem(offset, `no chunk begins here where one should; ${passed} bytes are passed over`)];
  }
}

/** Where in the bytes behind their beginning a chunk may begin; -1 for nowhere. What stands whole in them must have a head that is as it was written. */
function nextChunk(bytes: Buffer): number {
  let at = bytes.indexOf(CHUNK_MAGIC, 1);
  while (at >= 0 && at + RECORDS_AT <= bytes.length && !isHeadSound(bytes.subarray(at))) at = bytes.indexOf(CHUNK_MAGIC, at + 1);
  return at;
}

function problem(offset: number, reason: string): ReadItem {
  return { problem: { offset, reason, whole: false } };
}
