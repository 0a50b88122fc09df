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
  /** Where the records end. */
  readonly freeSpaceAt: number;
  readonly headSound: boolean;
  readonly recordsSound: boolean;
}

/** `chunk`: 64 KiB, the magic already checked. */
export function parseChunkHeader(chunk: Buffer): ChunkHeader {
  const freeSpaceAt = chunk.readUInt32LE(FREE_SPACE_AT);
  const possible = freeSpaceAt >= RECORDS_AT && freeSpaceAt <= CHUNK_BYTES;
  return {
    freeSpaceAt: possible ? freeSpaceAt : CHUNK_BYTES,
    headSound: possible && headChecksum(chunk) === chunk.readUInt32LE(HEAD_CHECKSUM_AT),
    recordsSound: possible && crc32(chunk.subarray(RECORDS_AT, freeSpaceAt)) === chunk.readUInt32LE(RECORDS_CHECKSUM_AT),
  };
}

function headChecksum(chunk: Buffer): number {
  return crc32(chunk.subarray(TABLES_AT, RECORDS_AT), crc32(chunk.subarray(0, HEAD_CHECKED_BYTES)));
}
