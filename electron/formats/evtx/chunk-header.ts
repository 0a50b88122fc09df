/** What the head of a chunk says, and whether head and records are as they were written. */
import { crc32 } from 'node:zlib';

export const CHUNK_BYTES = 65_536;
/** Head, table of names and table of templates; records begin behind them. */
export const RECORDS_AT = 512;
export const CHUNK_MAGIC = Buffer.from('ElfChnk\0', 'latin1');

const FREE_SPACE_AT = 48;
const RECORDS_CHECKSUM_AT = 52;
const HEAD_CHECKED_BYTES = 120;
const HEAD_CHECKSUM_AT = 124;
const TABLES_AT = 128;

export interface ChunkHeader {
  /** Where the records end; null when neither checksum vouches for that. */
  readonly recordsEnd: number | null;
  readonly headSound: boolean;
  readonly recordsSound: boolean;
}

/** `chunk`: 64 KiB. */
export function parseChunkHeader(chunk: Buffer): ChunkHeader {
  const freeSpaceAt = chunk.readUInt32LE(FREE_SPACE_AT);
  const headSound = isHeadSound(chunk);
  const possible = freeSpaceAt >= RECORDS_AT && freeSpaceAt <= CHUNK_BYTES;
  const recordsSound = possible && crc32(chunk.subarray(RECORDS_AT, freeSpaceAt)) === chunk.readUInt32LE(RECORDS_CHECKSUM_AT);
  // The checksum of no records at all says nothing: zeros have it too.
  const isVouchedFor = headSound || (recordsSound && freeSpaceAt > RECORDS_AT);
  return { recordsEnd: isVouchedFor ? freeSpaceAt : null, headSound, recordsSound };
}

/** Whether a chunk begins with these bytes whose head is as it was written; false where they are fewer than a head. */
export function isHeadSound(bytes: Buffer): boolean {
  if (bytes.length < RECORDS_AT || !bytes.subarray(0, CHUNK_MAGIC.length).equals(CHUNK_MAGIC)) return false;
  const freeSpaceAt = bytes.readUInt32LE(FREE_SPACE_AT);
  if (freeSpaceAt < RECORDS_AT || freeSpaceAt > CHUNK_BYTES) return false;
  return crc32(bytes.subarray(TABLES_AT, RECORDS_AT), crc32(bytes.subarray(0, HEAD_CHECKED_BYTES))) === bytes.readUInt32LE(HEAD_CHECKSUM_AT);
}
