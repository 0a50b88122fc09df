/** The first block of an event file. It says little that can be trusted: a file in use, or one copied from there, is behind. */
import { crc32 } from 'node:zlib';

export const HEADER_BYTES = 128;
export const EVTX_MAGIC = Buffer.from('ElfFile\0', 'latin1');

const CHECKED_BYTES = 120;
const CHUNK_COUNT_AT = 42;
const BLOCK_SIZE_AT = 40;
const FLAGS_AT = 120;
const CHECKSUM_AT = 124;
const DIRTY = 1;
const USUAL_BLOCK_BYTES = 4096;

export interface FileHeader {
  /** Where the first chunk begins. */
  readonly blockBytes: number;
  /** Chunks that the header knows; 65,535 also stands for more. */
  readonly chunkCount: number;
  /** The file was in use when it was copied: the count is behind. */
  readonly dirty: boolean;
  /** Null when the header is as it was written. */
  readonly damage: string | null;
}

/** `bytes`: the first 128 of the file, the magic already checked. */
export function parseFileHeader(bytes: Buffer): FileHeader {
  const sound = crc32(bytes.subarray(0, CHECKED_BYTES)) === bytes.readUInt32LE(CHECKSUM_AT);
  const blockBytes = bytes.readUInt16LE(BLOCK_SIZE_AT);
  return {
    blockBytes: sound && blockBytes >= HEADER_BYTES ? blockBytes : USUAL_BLOCK_BYTES,
    chunkCount: sound ? bytes.readUInt16LE(CHUNK_COUNT_AT) : 0,
    dirty: !sound || (bytes.readUInt32LE(FLAGS_AT) & DIRTY) !== 0,
    damage: sound ? null : 'the checksum of the file header is wrong; the chunks are read all the same',
  };
}
