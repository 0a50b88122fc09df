/** One holder at a time, until it ends: flock(2) on a file of our own. The kernel gives it back when the process dies. */
import { closeSync, constants, openSync } from 'node:fs';
import { constants as system } from 'node:os';
import { describeError, fileLock } from '../ffi/libc.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';

// sys/file.h
const LOCK_EX = 2;
const LOCK_NB = 4;

/** `busy` when another process holds it. The lock lasts as long as this process; its descriptor is not inherited. */
export function takeFileLock(path: string): Result<void> {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  } catch (error) {
    return fail('lock-failed', `${path} can not be opened: ${(error as Error).message}`);
  }
  const outcome = fileLock(fd, LOCK_EX | LOCK_NB);
  if (outcome === 0) return ok(undefined);
  closeSync(fd);
  if (outcome === -system.errno.EWOULDBLOCK) return fail('busy', `${path} is held by another process.`);
  return fail('lock-failed', `${path} can not be locked: ${describeError(outcome)}.`);
}

/** Holds the file behind `fd` for as long as this process lives; throws when another does. */
export function holdDescriptor(fd: number): void {
  const outcome = fileLock(fd, LOCK_EX | LOCK_NB);
  if (outcome !== 0) throw new Error(`the file could not be locked: ${describeError(outcome)}`);
}

/** Whether a living process holds the file. */
export function isHeld(path: string): boolean {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return fileLock(fd, LOCK_EX | LOCK_NB) !== 0;
  } finally {
    closeSync(fd);
  }
}
