/**
 * Walks a NULL-terminated array of string pointers in another process's memory, as execve(2) does, without knowing how that
 * memory is read: a generator that asks for pages by number and is handed their bytes (null: no such memory).
 *
 * Limits are the kernel's (fs/exec.c and execve(2), "Limits on size of arguments and environment"): 32 pages for one string,
 * three quarters of 8 MiB for all strings and pointers. A start beyond them fails by itself with E2BIG.
 *
 * Page numbers are plain numbers: 2^64 / 4096 is 2^52, so they are exact. The bytes handed in are only looked at until the next request.
 */
import type { Arguments } from '../contract.ts';
import { decodeBytes } from '../../../shared/text/surrogate-escape.ts';

/** Asks for pages, ends with its result. */
export type PageWork<T> = Generator<number, T, Uint8Array | null>;

const TOTAL_LIMIT = 6 * 1024 * 1024;
const STRING_PAGES_LIMIT = 32;

/** Strings of the array at `argv`; `width` is the size of a pointer there (4 or 8). A NULL array is an empty one. */
export function* collectArguments(argv: bigint, width: 4 | 8, pageSize: number): PageWork<Arguments> {
  const values: string[] = [];
  if (argv === 0n) return { values, complete: true };
  let page = pageOf(argv, pageSize);
  let offset = offsetOf(argv, pageSize);
  let total = 0;
  for (;;) {
    const bytes = yield page;
    if (bytes === null) return { values, complete: false };
    let low = 0;
    let high = 0;
    if (offset + width <= pageSize) {
      low = readWord(bytes, offset);
      high = width === 8 ? readWord(bytes, offset + 4) : 0;
    } else {
      const pointer = yield* pointerAcrossPages(page, offset, width, pageSize);
      if (pointer === null) return { values, complete: false };
      ({ low, high } = pointer);
    }
    if (low === 0 && high === 0) return { values, complete: true };
    const value = yield* collectString(high * (2 ** 32 / pageSize) + Math.floor(low / pageSize), low % pageSize, pageSize);
    if (value === null) return { values, complete: false };
    total += value.bytes + width;
    if (total > TOTAL_LIMIT) return { values, complete: false };
    values.push(value.text);
    offset += width;
    if (offset >= pageSize) {
      offset -= pageSize;
      page += 1;
    }
  }
}

/** The string at `address`, null when it is not readable or longer than the kernel takes. */
export function* collectText(address: bigint, pageSize: number): PageWork<{ readonly text: string } | null> {
  if (address === 0n) return null;
  return yield* collectString(pageOf(address, pageSize), offsetOf(address, pageSize), pageSize);
}

function* collectString(firstPage: number, offset: number, pageSize: number): PageWork<{ text: string; bytes: number } | null> {
  const first = yield firstPage;
  if (first === null) return null;
  const end = first.indexOf(0, offset);
  if (end !== -1) return { text: decodeBytes(first.subarray(offset, end)), bytes: end - offset + 1 };
  const parts: Uint8Array[] = [copyOf(first, offset, first.length)];
  for (let next = 1; next <= STRING_PAGES_LIMIT; next += 1) {
    const bytes = yield firstPage + next;
    if (bytes === null) return null;
    const stop = bytes.indexOf(0);
    parts.push(copyOf(bytes, 0, stop === -1 ? bytes.length : stop));
    if (stop === -1) continue;
    const all = Buffer.concat(parts);
    return all.length >= STRING_PAGES_LIMIT * pageSize ? null : { text: decodeBytes(all), bytes: all.length + 1 };
  }
  return null;
}

function* pointerAcrossPages(page: number, offset: number, width: 4 | 8, pageSize: number): PageWork<{ low: number; high: number } | null> {
  const joined = new Uint8Array(8);
  for (let at = 0; at < width; at += 1) {
    const bytes = yield offset + at < pageSize ? page : page + 1;
    if (bytes === null) return null;
    joined[at] = bytes[(offset + at) % pageSize] ?? 0;
  }
  return { low: readWord(joined, 0), high: readWord(joined, 4) };
}

/** A copy: the page buffer is used again for the next page. (`Buffer.slice` would be a view.) */
function copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return new Uint8Array(bytes.subarray(from, to));
}

/** Little-endian, as all machines Holdfast runs on. */
function readWord(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0;
}

function pageOf(address: bigint, pageSize: number): number {
  return Number(address / BigInt(pageSize));
}

function offsetOf(address: bigint, pageSize: number): number {
  return Number(address % BigInt(pageSize));
}
