/**
 * Which of this process's own mounts answer by themselves, by their number. It is asked for each start, so the table is read only when the
 * kernel says that it is another (`mount-table-change.ts`): an answer is never older than the question. One thread.
 */
import { readFileSync } from 'node:fs';
import { MountTableChange } from './mount-table-change.ts';
import { parseMountTable } from './mount-table.ts';
import { whyNotMarkable } from './volume-kind.ts';

const TABLE = '/proc/self/mountinfo';

/** Kept for the life of the process. */
let change: MountTableChange | null = null;
let answering: ReadonlyMap<number, boolean> | null = null;

/** Undefined when this process has no such mount. Throws when the table can not be read. */
export function mountAnswers(id: number): boolean | undefined {
  change ??= new MountTableChange();
  if (change.seen()) answering = null;
  answering ??= new Map(parseMountTable(readFileSync(TABLE)).map((row) => [row.id, whyNotMarkable(row) === null]));
  return answering.get(id);
}
