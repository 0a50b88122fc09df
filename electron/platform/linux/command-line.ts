/**
 * The command line of a running program (/proc/<pid>/cmdline, proc(5)): bytes of its own memory, which it may have rewritten, and which
 * can lie where a read never returns.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Arguments, Pid } from '../contract.ts';
import { readIsolated, type ReadWork } from './isolated-read.ts';
import { splitStrings } from './nul-strings.ts';

/** As for a start: the kernel takes no more. */
const TOTAL_LIMIT = 6 * 1024 * 1024;
const FIRST_SIZE = 4096;
const MOST_SIZE = 256 * 1024;

/** Away from this thread, see isolated-read.ts. Kernel threads and ended processes have no arguments. */
export function readCommandLineWithin(pid: Pid, deadlineMs: number): Promise<Arguments | 'late' | 'gone'> {
  return readIsolated(pid, 'cmdline', deadlineMs, collectCommandLine());
}

/** On this thread, for callers that may wait for ever (a short-lived command of a person). Null when the process is gone. */
export function readCommandLine(pid: Pid): Arguments | null {
  let fd: number;
  try {
    fd = openSync(`/proc/${pid}/cmdline`, 'r');
  } catch {
    return null;
  }
  try {
    const work = collectCommandLine();
    let step = work.next();
    while (step.done !== true) {
      const buffer = Buffer.allocUnsafe(step.value.size);
      step = work.next(buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, step.value.position)));
    }
    return step.value;
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

function* collectCommandLine(): ReadWork<Arguments> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let ask = FIRST_SIZE;
  for (;;) {
    const bytes = yield { position: size, size: ask };
    if (bytes === null) return { values: splitStrings(Buffer.concat(parts)), complete: false };
    parts.push(bytes);
    size += bytes.length;
    // A short read is not yet the end: the kernel stops where a page can not be read.
    if (bytes.length === 0) return { values: splitStrings(Buffer.concat(parts)), complete: true };
    if (size > TOTAL_LIMIT) return { values: splitStrings(Buffer.concat(parts)), complete: false };
    ask = Math.min(MOST_SIZE, ask * 4);
  }
}
