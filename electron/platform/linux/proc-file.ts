/**
 * Small reads below /proc with one shared buffer: no allocation per call beyond what the caller keeps.
 *
 * Synchronous and not reentrant: what `readProcFile` returns is only valid until the next call. Only for files whose
 * content the kernel makes from its own memory; files that show a process's memory (cmdline, environ, mem) can block.
 */
import { closeSync, openSync, readSync } from 'node:fs';

const scratch = Buffer.alloc(8192);

/** The first bytes of a file (all of it for stat, status and syscall), or null when the process is gone or not ours to see. */
export function readProcFile(path: string): Buffer | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    return scratch.subarray(0, readSync(fd, scratch, 0, scratch.length, 0));
  } catch {
    return null; // ESRCH: it ended between the two calls
  } finally {
    closeSync(fd);
  }
}
