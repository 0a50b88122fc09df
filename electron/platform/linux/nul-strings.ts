/** Strings as the kernel keeps a command line: one after the other, each with a NUL byte behind it. */
import { decodeBytes } from '../../../shared/text/surrogate-escape.ts';

/** A program that rewrote its own line may have left out the last NUL byte. */
export function splitStrings(bytes: Uint8Array): string[] {
  // A NUL byte is part of no longer sequence, so all can be decoded in one go.
  const text = decodeBytes(bytes);
  const values: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\0', start);
    const stop = end === -1 ? text.length : end;
    values.push(text.slice(start, stop));
    start = stop + 1;
  }
  return values;
}
