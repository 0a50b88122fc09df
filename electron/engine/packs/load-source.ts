/**
 * Reads the rule files of an archive, a folder or a single file. This runs in the process of the person who asks (ADR 11),
 * never in the engine: what lies there may be anything, on a file system that never answers. Nothing is written anywhere.
 *
 * Links inside are never followed, what is no plain file is never opened, and all sizes are checked while reading. A single
 * file that can not be taken is named and left out; an archive that lies about itself is refused as a whole.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { readFolder } from './load-folder.ts';
import { readZip } from './load-zip.ts';
import { LIMITS } from './limits.ts';
import { readBounded } from './load-bounded.ts';
import type { RuleSource } from './rule-text.ts';
import { SOURCE } from './words.ts';

/** A link that a person names is followed, because they named it; nothing below it is. */
export async function readSource(target: string): Promise<Result<RuleSource>> {
  let fd: number;
  try {
    fd = fs.openSync(target, fs.constants.O_RDONLY | ((fs.constants as Partial<typeof fs.constants>).O_NONBLOCK ?? 0));
  } catch (error) {
    return fail('unreadable', SOURCE.unreadable(target, codeOf(error)));
  }
  try {
    const stat = fs.fstatSync(fd);
    if (stat.isDirectory()) return readFolder(target);
    if (!stat.isFile()) return fail('unreadable', SOURCE.noPlainFile(target));
    if (isZip(fd)) return await readZip(fd, stat.size, target);
    return readOneFile(fd, target);
  } finally {
    fs.closeSync(fd);
  }
}

function isZip(fd: number): boolean {
  const head = Buffer.alloc(4);
  const got = fs.readSync(fd, head, 0, 4, 0);
  // A local file, or the end of an archive that holds nothing.
  return got === 4 && (head.readUInt32LE(0) === 0x04034b50 || head.readUInt32LE(0) === 0x06054b50);
}

function readOneFile(fd: number, target: string): Result<RuleSource> {
  const name = path.basename(target);
  const read = readBounded(fd, LIMITS.fileBytes);
  if (!read.ok) return ok({ kind: 'file', files: [], refused: [{ file: name, line: null, column: null, reason: read.error.message }], licence: null });
  return ok({ kind: 'file', files: [{ path: name, text: read.value }], refused: [], licence: null });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
