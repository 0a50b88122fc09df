/** The file of the store: whose it is, what it claims to be, and how a damaged one is put out of the way. */
import { closeSync, constants, existsSync, fchmodSync, lstatSync, openSync, readSync, renameSync, type Stats } from 'node:fs';
import path from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';

/** SQLite keeps its log, its shared index and (while it makes the file) its journal beside the file. */
const COMPANIONS = ['-wal', '-shm', '-journal'];
const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
const USER_VERSION_AT = 60;
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/** Makes the file when there is none. `ownUid` is null where files have no owner in numbers. */
export function prepareFile(file: string, ownUid: number | null): Result<void> {
  try {
    const folder = checkFolder(path.dirname(file), ownUid);
    if (!folder.ok) return folder;
    for (const name of [file, ...companions(file)]) {
      const stats = lstatSync(name, { throwIfNoEntry: false });
      const checked = stats === undefined ? ok(undefined) : checkFile(name, stats, ownUid);
      if (!checked.ok) return checked;
    }
    if (!existsSync(file)) create(file);
    return ok(undefined);
  } catch (error) {
    return fail('store-not-opened', `The history store ${file} can not be opened: ${words(error)}. Check the disk and the rights of its folder.`);
  }
}

export type Header = { readonly kind: 'empty' | 'damaged' } | { readonly kind: 'store'; readonly version: number };

/** Read without SQLite, which would already write beside the file of somebody newer. */
export function readHeader(file: string): Header {
  const bytes = Buffer.alloc(HEADER_BYTES);
  const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const length = readSync(fd, bytes, 0, HEADER_BYTES, 0);
    if (length === 0) return { kind: 'empty' };
    if (length < HEADER_BYTES || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return { kind: 'damaged' };
    return { kind: 'store', version: bytes.readInt32BE(USER_VERSION_AT) };
  } finally {
    closeSync(fd);
  }
}

/** Renames the file and what lies beside it; nothing of it is deleted. Returns its new path. */
export function setAside(file: string, nowMs: number): Result<string> {
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-');
  let aside = `${file}.damaged-${stamp}`;
  for (let number = 2; existsSync(aside); number++) aside = `${file}.damaged-${stamp}-${number}`;
  try {
    for (const suffix of COMPANIONS) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    renameSync(file, aside);
    return ok(aside);
  } catch (error) {
    return fail('store-damaged', `The history store ${file} is damaged and can not be moved aside: ${words(error)}. Move it away by hand and start Holdfast again.`);
  }
}

function companions(file: string): readonly string[] {
  return COMPANIONS.map((suffix) => file + suffix);
}

/** SQLite opens by path, so nobody else may be able to change what a name in this folder means. */
function checkFolder(folder: string, ownUid: number | null): Result<void> {
  const stats = lstatSync(folder);
  if (stats.isSymbolicLink()) return refuse(folder, 'is a link', 'Name the folder itself');
  if (ownUid === null) return ok(undefined);
  if (stats.uid !== ownUid && stats.uid !== 0) return refuse(folder, `belongs to the user with the number ${stats.uid}`, 'Use a folder of your own');
  if ((stats.mode & OTHERS_WRITE) !== 0) return refuse(folder, 'can be written by other people', `Set its rights with: chmod go-w '${folder}'`);
  return ok(undefined);
}

function checkFile(file: string, stats: Stats, ownUid: number | null): Result<void> {
  if (stats.isSymbolicLink()) return refuse(file, 'is a link', 'Remove the link');
  if (!stats.isFile()) return refuse(file, 'is not a file', 'Move it away');
  if (stats.nlink > 1) return refuse(file, 'has a second name (a hard link)', 'Remove the other name');
  if (ownUid === null) return ok(undefined);
  if (stats.uid !== ownUid) return refuse(file, `belongs to the user with the number ${stats.uid}`, 'Move it away');
  if ((stats.mode & OTHERS) !== 0) return refuse(file, 'can be read or written by other people', `Move it away, or set its rights with: chmod 600 '${file}'`);
  return ok(undefined);
}

function refuse(what: string, why: string, then: string): Result<never> {
  return fail('store-not-trusted', `The history store is not opened, because ${what} ${why}. ${then} and start Holdfast again.`);
}

function create(file: string): void {
  const fd = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    fchmodSync(fd, 0o600);
  } finally {
    closeSync(fd);
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
