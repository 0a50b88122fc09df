/** Reads text of a limited length from an open file; more, or what is no UTF-8, is refused. */
import fs from 'node:fs';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { SOURCE } from './words.ts';

const STEP = 64 * 1024;

/** A file can grow after it was measured, so the limit holds for what is read. Throws errors of the file system. */
export function readBounded(fd: number, most: number): Result<string> {
  const parts: Buffer[] = [];
  let total = 0;
  for (;;) {
    const part = Buffer.alloc(STEP);
    const got = fs.readSync(fd, part, 0, STEP, total);
    if (got === 0) return decodeText(Buffer.concat(parts, total));
    parts.push(part.subarray(0, got));
    total += got;
    if (total > most) return fail('too-large', SOURCE.fileTooLarge(most));
  }
}

export function decodeText(bytes: Buffer): Result<string> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return fail('no-text', SOURCE.noText);
  }
}
