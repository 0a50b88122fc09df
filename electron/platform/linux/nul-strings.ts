/** Strings as the kernel keeps a command line: one after the other, each with a NUL byte behind it. */
import { decodeBytes } from '../../../shared/text/surrogate-escape.ts';

/** A program that rewrote its own line may have left out the last NUL byte. */
export function splitStrings(bytes: Uint8Array): string[] {
  const values: string[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(0, start);
    const stop = end === -1 ? bytes.length : end;
    values.push(decodeBytes(bytes.subarray(start, stop)));
    start = stop + 1;
  }
  return values;
}
