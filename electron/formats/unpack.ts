/** Unpacks `.gz` while it is read, and stops where a small file unfolds into one without end. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The first bytes of every gzip file. */
export const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** Recordings shrink to a twentieth; a hundredth is the same line again and again. */
const HIGHEST_RATIO = 200;
/** Smaller ones may be what they like. */
const ALWAYS_ALLOWED_BYTES = 64 << 20;

/** What the bytes themselves make impossible; the message is for people. */
export class UnreadableInput extends Error {}

export async function* unpack(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let packed = 0;
  let unpacked = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      packed += piece.length;
      yield piece;
    }
  };
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  // An error of either side reaches who reads from the last one.
  pipeline(Readable.from(counted(), { objectMode: false }), gunzip, () => undefined);
  try {
    for await (const piece of gunzip as AsyncIterable<Buffer>) {
      unpacked += piece.length;
      if (unpacked > ALWAYS_ALLOWED_BYTES && unpacked > packed * HIGHEST_RATIO) throw new UnreadableInput(`it unfolds to more than ${HIGHEST_RATIO} times its size`);
      yield piece;
    }
  } catch (error) {
    throw isBadData(error) ? new UnreadableInput(`the packed data is damaged or cut off (${error.message})`) : error;
  }
}

function isBadData(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}
