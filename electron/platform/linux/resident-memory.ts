/**
 * Reads another process's memory on this thread, and only such pages of which the kernel says that they are present and
 * anonymous (/proc/<tid>/pagemap, Documentation/admin-guide/mm/pagemap.rst: bit 63 present, bit 61 file-mapped or shared).
 * Anything else may have to be fetched by a FUSE server, from swap or by a userfaultfd handler, and can take for ever.
 *
 * What remains: the check and the read are two calls, so an owner who drops the page between them, or who holds its own
 * memory map locked (a FUSE file can do that), can still hold up this thread. Whoever calls this from a thread on which
 * others wait needs a watcher; `isolated-read.ts` is the way without that risk.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Pid } from '../contract.ts';
import { PAGE_SIZE } from '../ffi/libc.ts';
import type { PageWork } from './argument-strings.ts';

const SLOTS = 8;
/** 1.25 MiB with 4 KiB pages, about a millisecond; more is read in isolation so that nobody waits for it. */
const LOADS_LIMIT = 320;

const arena = Buffer.alloc(SLOTS * PAGE_SIZE);
const pages = Array.from({ length: SLOTS }, (_, slot) => arena.subarray(slot * PAGE_SIZE, (slot + 1) * PAGE_SIZE));
const slotPage = new Float64Array(SLOTS);
const entry = Buffer.alloc(8);
const PRESENT = 0x80;
const FILE_OR_SHARED = 0x20;

type Load = Uint8Array | null | 'not-resident' | 'gone';

/** Runs `work` with pages of `tid`; not reentrant (one shared set of page buffers). */
export function readResident<T>(tid: Pid, work: PageWork<T>): T | 'not-resident' | 'gone' {
  const memory = openProc(`/proc/${tid}/mem`);
  if (typeof memory === 'string') return memory;
  try {
    const map = openProc(`/proc/${tid}/pagemap`);
    if (typeof map === 'string') return map;
    try {
      return drive(memory, map, work);
    } finally {
      closeSync(map);
    }
  } finally {
    closeSync(memory);
  }
}

function drive<T>(memory: number, map: number, work: PageWork<T>): T | 'not-resident' | 'gone' {
  slotPage.fill(-1);
  let loads = 0;
  let step = work.next();
  while (step.done !== true) {
    const page = step.value;
    const slot = page % SLOTS;
    const buffer = pages[slot];
    if (buffer === undefined) throw new Error('page number is not a whole number');
    if (slotPage[slot] === page) {
      step = work.next(buffer);
      continue;
    }
    loads += 1;
    if (loads > LOADS_LIMIT) return 'not-resident';
    const loaded = load(memory, map, page, buffer);
    if (typeof loaded === 'string') return loaded;
    slotPage[slot] = loaded === null ? -1 : page;
    step = work.next(loaded);
  }
  return step.value;
}

function load(memory: number, map: number, page: number, buffer: Buffer): Load {
  try {
    if (readSync(map, entry, 0, 8, page * 8) < 8) return null; // above the end of user memory
    const flags = entry[7] ?? 0;
    if ((flags & PRESENT) === 0 || (flags & FILE_OR_SHARED) !== 0) return 'not-resident';
  } catch (error) {
    return isGone(error) ? 'gone' : null;
  }
  try {
    return readSync(memory, buffer, 0, PAGE_SIZE, pagePosition(page)) === PAGE_SIZE ? buffer : 'gone';
  } catch (error) {
    return isGone(error) ? 'gone' : null; // EIO: not readable
  }
}

/** File position of a page: above 2^53 (five-level page tables) a number would not be exact. */
export function pagePosition(page: number): number | bigint {
  const position = page * PAGE_SIZE;
  return position <= Number.MAX_SAFE_INTEGER ? position : BigInt(page) * BigInt(PAGE_SIZE);
}

function openProc(path: string): number | 'gone' | 'not-resident' {
  try {
    return openSync(path, 'r');
  } catch (error) {
    return isGone(error) ? 'gone' : 'not-resident'; // out of descriptors or not ours to see: the isolated way will say
  }
}

/** ENOENT: no such process; ESRCH: it ended while its file was open. */
export function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ESRCH';
}
