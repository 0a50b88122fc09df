import { PAGE_SIZE } from '../ffi/libc.ts';

/** Position of a page in /proc/<pid>/mem: above 2^53 (five-level page tables) a number would not be exact. */
export function pagePosition(page: number): number | bigint {
  const position = page * PAGE_SIZE;
  return position <= Number.MAX_SAFE_INTEGER ? position : BigInt(page) * BigInt(PAGE_SIZE);
}
