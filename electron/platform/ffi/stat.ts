/**
 * File facts through statx(2) with AT_STATX_DONT_SYNC: the kernel answers from what it has cached and never asks a FUSE or network server,
 * so this can not block on one (fs.statSync can). Layout of `struct statx` from linux/stat.h, the same on every machine.
 */
import { statx } from './libc.ts';

const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_STATX_DONT_SYNC = 0x4000;
const STATX_NLINK = 0x4;
const STATX_UID = 0x8;
const STATX_BASIC_STATS = 0x7ff;
const STATX_MNT_ID = 0x1000;

const NO_PATH = Buffer.alloc(1);
const result = Buffer.alloc(256);

export interface CachedStat {
  readonly device: bigint;
  readonly inode: bigint;
  readonly links: number;
  readonly ownerUid: number;
  readonly mode: number;
  readonly size: number;
  readonly changedMs: number;
}

/** Facts of an open descriptor; a negative errno when it can not be told. */
export function statDescriptor(fd: number): CachedStat | number {
  return call(fd, NO_PATH, AT_EMPTY_PATH);
}

/** The mount an open descriptor lies on, as in the first field of mountinfo; null before Linux 5.8, which does not tell. */
export function mountIdOf(fd: number): number | null {
  return mountId(fd, NO_PATH, AT_EMPTY_PATH);
}

/** The same for what a path leads to. Only for paths below /proc. */
export function mountIdOfProcPath(path: string): number | null {
  return mountId(AT_FDCWD, Buffer.from(`${path}\0`, 'latin1'), 0);
}

function mountId(directory: number, path: Uint8Array, flags: number): number | null {
  const outcome = statx(directory, path, flags | AT_STATX_DONT_SYNC, STATX_MNT_ID, result);
  if (outcome < 0 || (result.readUInt32LE(0) & STATX_MNT_ID) === 0) return null;
  return Number(result.readBigUInt64LE(0x90));
}

/** Facts of what a path leads to. Only for paths below /proc: walking a path elsewhere may ask a server. */
export function statProcPath(path: string, follow: boolean): CachedStat | number {
  return call(AT_FDCWD, Buffer.from(`${path}\0`, 'latin1'), follow ? 0 : AT_SYMLINK_NOFOLLOW);
}

/** Owner and number of links alone; a negative errno as above. `path` ends with a NUL byte. */
export function ownerOfProcPath(path: Uint8Array): { readonly uid: number; readonly links: number } | number {
  const outcome = statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC, STATX_NLINK | STATX_UID, result);
  return outcome < 0 ? outcome : { uid: result.readUInt32LE(0x14), links: result.readUInt32LE(0x10) };
}

function call(directory: number, path: Uint8Array, flags: number): CachedStat | number {
  const outcome = statx(directory, path, flags | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, result);
  if (outcome < 0) return outcome;
  return {
    links: result.readUInt32LE(0x10),
    ownerUid: result.readUInt32LE(0x14),
    mode: result.readUInt16LE(0x1c),
    inode: result.readBigUInt64LE(0x20),
    size: Number(result.readBigUInt64LE(0x28)),
    changedMs: Number(result.readBigInt64LE(0x60)) * 1000 + result.readUInt32LE(0x68) / 1e6,
    device: makeDevice(result.readUInt32LE(0x88), result.readUInt32LE(0x8c)),
  };
}

/** The number stat(2) gives for a device: makedev(3). */
function makeDevice(major: number, minor: number): bigint {
  const high = BigInt(major);
  const low = BigInt(minor);
  return ((high & 0xffff_f000n) << 32n) | ((high & 0xfffn) << 8n) | ((low & 0xffff_ff00n) << 12n) | (low & 0xffn);
}
