/**
 * Which of this process's own mounts answer by themselves, by their number. It is asked for each start, so the table is read only when the
 * kernel says that it is another: poll(2) on the open table tells that once for each change (proc_pid_mounts(5)) and needs no turn of
 * the loop, so an answer is never older than the question. One thread.
 */
import { openSync, readFileSync } from 'node:fs';
import { pollNow } from '../ffi/libc.ts';
import { POLLFD, pollFor } from '../ffi/loop.ts';
import { parseMountTable } from './mount-table.ts';
import { whyNotMarkable } from './volume-kind.ts';

const TABLE = '/proc/self/mountinfo';

/** `struct pollfd` of the open table, kept for the life of the process. */
let changes: Buffer | null = null;
let answering: ReadonlyMap<number, boolean> | null = null;

/** Undefined when this process has no such mount. Throws when the table can not be read. */
export function mountAnswers(id: number): boolean | undefined {
  changes ??= pollFor([openSync(TABLE, 'r')], POLLFD.urgent);
  // Asked before the table is read: what changes in between is told the next time.
  if (pollNow(changes, 1, 0) !== 0) answering = null;
  answering ??= new Map(parseMountTable(readFileSync(TABLE)).map((row) => [row.id, whyNotMarkable(row) === null]));
  return answering.get(id);
}
