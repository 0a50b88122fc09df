/**
 * Reads and replaces one small file that nobody else may have had a hand in. Links are not followed, and what is checked is
 * the opened file, not its name. A file is replaced as a whole or not at all: whatever happens in between, the name leads
 * to the complete old file or to the complete new one.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';

export const MAX_FILE_BYTES = 4 * 1024 * 1024;

export type FileContent =
  | { readonly state: 'text'; readonly text: string }
  | { readonly state: 'absent' }
  /** There, and not to be trusted or not to be read; `reason` completes "the file is set aside because …". */
  | { readonly state: 'bad'; readonly reason: string };

/** Another uid's file, or one that others may write, is bad. Null where the system has no such ids. */
export type OwnUid = number | null;

/** Fails only for want of something that has nothing to do with the file (descriptors, memory). */
export function loadOwnFile(file: string, ownUid: OwnUid): Result<FileContent> {
  let fd: number;
  try {
    // Non-blocking: a pipe planted in its place must not hold the engine up.
    fd = fs.openSync(file, fs.constants.O_RDONLY | noFollow() | nonBlocking());
  } catch (error) {
    return readingFailed(file, error);
  }
  try {
    const distrust = distrustOf(fs.fstatSync(fd), ownUid);
    if (distrust !== null) return ok({ state: 'bad', reason: distrust });
    return ok(decode(readUpTo(fd, MAX_FILE_BYTES + 1)));
  } catch (error) {
    return readingFailed(file, error);
  } finally {
    fs.closeSync(fd);
  }
}

function distrustOf(stat: fs.Stats, ownUid: OwnUid): string | null {
  if (!stat.isFile()) return 'it is not a plain file';
  if (ownUid !== null && stat.uid !== ownUid) return `it belongs to another account (uid ${stat.uid})`;
  if (ownUid !== null && (stat.mode & 0o022) !== 0) return 'other accounts may write to it';
  return stat.size > MAX_FILE_BYTES ? TOO_LARGE : null;
}

const TOO_LARGE = `it is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB`;

function decode(bytes: Buffer): FileContent {
  if (bytes.length > MAX_FILE_BYTES) return { state: 'bad', reason: TOO_LARGE };
  try {
    return { state: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { state: 'bad', reason: 'it is not UTF-8 text' };
  }
}

/** A file can grow after it was measured, so the limit holds for what is read. */
function readUpTo(fd: number, limit: number): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total < limit) {
    const chunk = Buffer.alloc(Math.min(64 * 1024, limit - total));
    const got = fs.readSync(fd, chunk, 0, chunk.length, null);
    if (got === 0) break;
    chunks.push(chunk.subarray(0, got));
    total += got;
  }
  return Buffer.concat(chunks);
}

const WANT: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EINTR']);

function readingFailed(file: string, error: unknown): Result<FileContent> {
  const code = errorCode(error);
  if (code === 'ENOENT') return ok({ state: 'absent' });
  if (WANT.has(code)) return fail('settings-unreadable', `${file} can not be read at the moment (${code}). Close programs that hold many files or much memory, and start again.`);
  return ok({ state: 'bad', reason: code === 'ELOOP' ? 'it is a symbolic link' : `it can not be read (${code})` });
}

/** A complete new version beside its target, on disk and waiting to take its place. */
export interface StagedFile {
  commit(): void;
  discard(): void;
}

/** Throws errors of the file system; then nothing is left behind and the target is as it was. */
export function stageFile(target: string, text: string): StagedFile {
  const temporary = `${target}.new`;
  const discard = (): void => fs.rmSync(temporary, { force: true });
  // One engine owns the folder, so a file of that name was left by one that died while writing.
  discard();
  const { O_WRONLY, O_CREAT, O_EXCL } = fs.constants;
  const fd = fs.openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | noFollow(), 0o600);
  try {
    try {
      fs.writeFileSync(fd, text);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    discard();
    throw error;
  }
  const commit = (): void => {
    renameWithPatience(temporary, target);
    syncFolder(path.dirname(target));
  };
  return { commit, discard };
}

/** Moves a bad file out of the way, never over another one, and says where it lies now. Throws errors of the file system. */
export function setAside(file: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-');
  for (let number = 1; ; number += 1) {
    const aside = `${file}.bad-${stamp}${number === 1 ? '' : `-${number}`}`;
    if (fs.lstatSync(aside, { throwIfNoEntry: false })) continue;
    renameWithPatience(file, aside);
    return aside;
  }
}

const RENAME_TRIES = 5;
const RENAME_PAUSE_MS = 20;
const HELD_FOR_A_MOMENT: ReadonlySet<string> = new Set(['EPERM', 'EBUSY', 'EACCES']);

/** On Windows a virus scanner or an indexer often holds a file for some milliseconds after it was written. */
function renameWithPatience(from: string, to: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      fs.renameSync(from, to);
      return;
    } catch (error) {
      if (attempt === RENAME_TRIES || !HELD_FOR_A_MOMENT.has(errorCode(error))) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RENAME_PAUSE_MS * attempt);
    }
  }
}

/**
 * Makes the new name durable. The file is in its place already, so a failure takes nothing back: at worst a power cut in
 * the next seconds brings the old version, which is complete too. Some systems can not sync a folder at all.
 */
function syncFolder(folder: string): void {
  try {
    const fd = fs.openSync(folder, fs.constants.O_RDONLY);
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    // See above.
  }
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}

/** Windows has no such flags: links there need rights to make, and pipes have no name in a folder. */
function noFollow(): number {
  return (fs.constants as Partial<typeof fs.constants>).O_NOFOLLOW ?? 0;
}

function nonBlocking(): number {
  return (fs.constants as Partial<typeof fs.constants>).O_NONBLOCK ?? 0;
}
