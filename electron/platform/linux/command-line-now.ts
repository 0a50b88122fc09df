/**
 * The command line of a running program without the risk of waiting: only pages the kernel calls present and anonymous are
 * read. A program can lay its argument area over a file whose server never answers; the engine must not wait for that.
 */
import type { Arguments, Pid } from '../contract.ts';
import { PAGE_SIZE } from '../ffi/libc.ts';
import type { PageWork } from './argument-strings.ts';
import { splitCommandLine } from './command-line.ts';
import { readProcFile } from './proc-file.ts';
import { readResident } from './resident-memory.ts';

/** Fields of /proc/<pid>/stat (proc(5)): addresses between which the arguments lie. */
const ARG_START = 48;
const ARG_END = 49;
const TOTAL_LIMIT = 6 * 1024 * 1024;

/** `not-resident`: reading could wait, or is too much to read while others wait; ask `readCommandLineWithin`. */
export function readCommandLineNow(pid: Pid): Arguments | 'not-resident' | 'gone' {
  const area = argumentArea(pid);
  if (area === null) return 'gone';
  if (area.end <= area.start) return { values: [], complete: true };
  if (area.end - area.start > TOTAL_LIMIT) return { values: [], complete: false };
  return readResident(pid, collectArea(area.start, area.end));
}

function* collectArea(start: number, end: number): PageWork<Arguments> {
  const parts: Uint8Array[] = [];
  for (let page = Math.floor(start / PAGE_SIZE); page * PAGE_SIZE < end; page += 1) {
    const bytes = yield page;
    if (bytes === null) return { values: splitCommandLine(Buffer.concat(parts)), complete: false };
    // The page buffer is used again for the next page, so what is kept is copied.
    parts.push(Uint8Array.from(bytes.subarray(Math.max(0, start - page * PAGE_SIZE), Math.min(PAGE_SIZE, end - page * PAGE_SIZE))));
  }
  return { values: splitCommandLine(Buffer.concat(parts)), complete: true };
}

/** User addresses are below 2^57, and numbers are exact to 2^53: five-level page tables are used only by programs that ask for them. */
function argumentArea(pid: Pid): { readonly start: number; readonly end: number } | null {
  const bytes = readProcFile(`/proc/${pid}/stat`);
  if (bytes === null) return null;
  const text = bytes.toString('latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const start = Number(fields[ARG_START - 3]);
  const end = Number(fields[ARG_END - 3]);
  return Number.isSafeInteger(start) && Number.isSafeInteger(end) ? { start, end } : null;
}
