/** One page of history: what waits for the disk first, then what is stored. */
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { groupLine, readGroupOf, readGroups, readLines, seqOf, type HistoryLine, type HistoryQuery } from './history-query.ts';
import type { Sqlite } from './sqlite.ts';
import { joinGroups, type WaitingRows } from './waiting-rows.ts';

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  /** User ids of the processes of `entries`, in their order. */
  readonly uids: readonly (number | null)[];
  readonly more: boolean;
}

/** An answer over the control socket is at most 8 MiB. */
const MOST_PAGE_BYTES = 4 * 1024 * 1024;

export function readPage(sqlite: Sqlite, waiting: WaitingRows, query: HistoryQuery): Result<HistoryPage> {
  const { before, limit } = query;
  const beforeWaits = before !== undefined && waiting.get(before) !== null;
  const beforeSeq = before === undefined || beforeWaits ? null : seqOf(sqlite, before);
  if (before !== undefined && !beforeWaits && beforeSeq === null) {
    return fail('unknown-entry', `There is no history entry ${before}; it may be older than what is kept. Start again from the newest.`);
  }
  const read = query.grouped ? groupedLines : singleLines;
  return ok(fill(read(sqlite, waiting, query, beforeSeq), limit));
}

/** As many as asked for, but no more than fit one answer: whoever may start programs decides how long their lines are. */
function fill(lines: Iterable<HistoryLine>, limit: number): HistoryPage {
  const entries: HistoryEntry[] = [];
  const uids: (number | null)[] = [];
  let bytes = 0;
  for (const line of lines) {
    if (entries.length === limit || (entries.length > 0 && bytes + line.bytes > MOST_PAGE_BYTES)) return { entries, uids, more: true };
    entries.push(line.entry);
    uids.push(line.uid);
    bytes += line.bytes;
  }
  return { entries, uids, more: false };
}

/** One line more than asked for tells that there is more. */
function* singleLines(sqlite: Sqlite, waiting: WaitingRows, query: HistoryQuery, beforeSeq: number | null): Generator<HistoryLine> {
  if (beforeSeq === null) yield* waiting.lines(query);
  yield* readLines(sqlite, query, beforeSeq, query.limit + 1);
}

/** A group of which a line waits is shown there, with its stored lines counted in, and not among the stored ones. */
function* groupedLines(sqlite: Sqlite, waiting: WaitingRows, query: HistoryQuery, beforeSeq: number | null): Generator<HistoryLine> {
  const newest = waiting.groups(query);
  const older = query.before === undefined ? null : waiting.olderThan(query.before);
  const shown = beforeSeq === null ? newest.filter(({ entry }) => older?.has(entry.id) ?? true) : [];
  for (const group of shown) yield groupLine(joinGroups(group, readGroupOf(sqlite, query, group.key)));
  const keys = new Set(newest.map(({ key }) => key));
  for (const group of readGroups(sqlite, query, beforeSeq, query.limit + 1 + keys.size)) {
    if (!keys.has(group.key)) yield groupLine(group);
  }
}
