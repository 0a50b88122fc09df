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

export function readPage(sqlite: Sqlite, waiting: WaitingRows, query: HistoryQuery): Result<HistoryPage> {
  const { before, limit } = query;
  const beforeWaits = before !== undefined && waiting.get(before) !== null;
  const beforeSeq = before === undefined || beforeWaits ? null : seqOf(sqlite, before);
  if (before !== undefined && !beforeWaits && beforeSeq === null) {
    return fail('unknown-entry', `There is no history entry ${before}; it may be older than what is kept. Start again from the newest.`);
  }
  const read = query.grouped ? groupedLines : singleLines;
  const lines = read(sqlite, waiting, query, beforeSeq);
  const page = lines.slice(0, limit);
  return ok({ entries: page.map(({ entry }) => entry), uids: page.map(({ uid }) => uid), more: lines.length > limit });
}

/** One line more than asked for tells that there is more. */
function singleLines(sqlite: Sqlite, waiting: WaitingRows, query: HistoryQuery, beforeSeq: number | null): readonly HistoryLine[] {
  const wanted = query.limit + 1;
  const newer = beforeSeq === null ? waiting.lines(query).slice(0, wanted) : [];
  return newer.length >= wanted ? newer : [...newer, ...readLines(sqlite, query, beforeSeq, wanted - newer.length)];
}

/** A group of which a line waits is shown there, with its stored lines counted in, and not among the stored ones. */
function groupedLines(sqlite: Sqlite, waiting: WaitingRows, query: HistoryQuery, beforeSeq: number | null): readonly HistoryLine[] {
  const wanted = query.limit + 1;
  const newest = waiting.groups(query);
  const older = query.before === undefined ? null : waiting.olderThan(query.before);
  const shown = beforeSeq === null ? newest.filter(({ entry }) => older?.has(entry.id) ?? true).slice(0, wanted) : [];
  const keys = new Set(newest.map(({ key }) => key));
  const joined = shown.map((group) => joinGroups(group, readGroupOf(sqlite, query, group.key)));
  const stored = joined.length >= wanted ? [] : readGroups(sqlite, query, beforeSeq, wanted + keys.size).filter(({ key }) => !keys.has(key));
  return [...joined, ...stored].slice(0, wanted).map(groupLine);
}
