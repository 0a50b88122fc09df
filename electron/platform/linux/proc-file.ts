/**
 * Small reads below /proc with one shared buffer: no allocation per call beyond what the caller keeps.
 *
 * Synchronous and not reentrant: what `readProcFile` returns is only valid until the next call. Only for files whose
 * content the kernel makes from its own memory; files that show a process's memory (cmdline, environ, mem) can block.
 * By direct calls: a decision makes half a dozen of them, and each costs a third less than through `node:fs`.
 */
import { constants, openSync } from 'node:fs';
import { closeNow, openReadOnly, readAt, readLinkAt, readLinkNow } from '../ffi/libc.ts';

const scratch = Buffer.alloc(8192);
const target = Buffer.alloc(4096);

/** The first bytes of a file (all of it for stat, status and syscall), or null when the process is gone or not ours to see. */
export function readProcFile(path: string): Buffer | null {
  const fd = openReadOnly(zeroTerminated(path));
  if (fd < 0) return null;
  const size = readAt(fd, scratch, scratch.length, 0);
  closeNow(fd);
  return size < 0 ? null : scratch.subarray(0, size); // ESRCH: it ended between the two calls
}

/** Where a link below /proc leads; valid until the next call. Null as above. */
export function readProcLink(path: string): Buffer | null {
  const size = readLinkNow(zeroTerminated(path), target, target.length);
  return size < 0 ? null : target.subarray(0, size);
}

/** Where a descriptor of this process leads to; valid until the next call. Null when it is not open. */
export function readOwnLink(fd: number): Buffer | null {
  ownDescriptors ??= openSync('/proc/self/fd', O_PATH | constants.O_DIRECTORY);
  const size = readLinkAt(ownDescriptors, (numbers[fd] ??= Buffer.from(`${fd}\0`, 'latin1')), target, target.length);
  return size < 0 ? null : target.subarray(0, size);
}

/** Kept, so that the path to it is not walked again for each start. */
let ownDescriptors: number | null = null;
/** Names of descriptors; their numbers are small and come again. */
const numbers: Buffer[] = [];
/** Not among Node's constants. */
const O_PATH = 0o10000000;

/** `path` for a call of the C library; valid until the next call. */
export function zeroTerminated(path: string): Buffer {
  name[name.write(path, 0, name.length - 1, 'latin1')] = 0;
  return name;
}

/** Paths below /proc are ASCII and short. */
const name = Buffer.alloc(128);
