/**
 * What the window shows of history: pages of a search, sums, what waits for a decision, what belongs to one entry.
 * Everything is answered from tables that stay small: equal lines are one row of `groups`.
 */
import type { z } from 'zod';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { HistoryFilter, historySearchInput } from '../../../shared/history/search.ts';
import { PAUSE_ENDED_RULE_ID, PAUSED_RULE_ID } from '../pipeline/own-rules.ts';
import { iso } from './history-entry.ts';
import { parseEntry } from './history-table.ts';
import { searchWords } from './search-text.ts';
import type { Sqlite, SqlValue } from './sqlite.ts';

export type HistorySearch = z.output<typeof historySearchInput>;

export interface FoundGroup {
  /** The newest of the group, with the counter and the times of all. */
  readonly entry: HistoryEntry;
  readonly cursor: string;
}

export interface SearchPage {
  readonly groups: readonly FoundGroup[];
  readonly more: boolean;
  /** Null beyond what is counted. */
  readonly total: number | null;
  readonly totalAtLeast: number;
}

export interface SummaryPart {
  readonly part: number;
  readonly action: string;
  readonly count: number;
}

const MOST_COUNTED = 100_000;
const MOST_TIMES = 100;
const DAY_MS = 86_400_000;
/** A question nobody answered for a week is no longer asked; it is in history all the same. */
const QUESTION_DAYS = 7;

/** `ownUid`: who may see only what they started finds by text only that; else the search would tell what others typed. */
export function searchGroups(sqlite: Sqlite, { filter, limit, cursor }: HistorySearch, ownUid: number | null): SearchPage {
  const { sql, values } = conditions(filter, ownUid);
  const page = cursor === null ? [] : [Number(cursor)];
  const rows = sqlite.all(`SELECT n, first_seq, last_seq FROM groups ${where([...sql, ...(cursor === null ? [] : ['last_seq < ?'])])} ORDER BY last_seq DESC LIMIT ?`, ...values, ...page, limit + 1);
  const groups = rows.slice(0, limit).flatMap((row) => readGroup(sqlite, row) ?? []);
  const more = rows.length > limit;
  // What fits one page is counted by it: a second look at every group would double the wait for words that are rare.
  const counted = cursor !== null ? 0 : more ? count(sqlite, sql, values) : rows.length;
  return { groups, more, total: cursor === null && counted < MOST_COUNTED ? counted : null, totalAtLeast: counted };
}

function count(sqlite: Sqlite, sql: readonly string[], values: readonly SqlValue[]): number {
  return Number(sqlite.get(`SELECT count(*) AS n FROM (SELECT 1 FROM groups ${where(sql)} LIMIT ?)`, ...values, MOST_COUNTED)?.['n']);
}

function conditions(filter: HistoryFilter, ownUid: number | null): { sql: string[]; values: SqlValue[] } {
  const sql: string[] = [];
  const values: SqlValue[] = [];
  const test = (condition: string, ...of: readonly SqlValue[]): void => {
    sql.push(condition);
    values.push(...of);
  };
  const oneOf = (column: string, wanted: readonly string[]): void => {
    if (wanted.length > 0) test(`${column} IN (${wanted.map(() => '?').join(', ')})`, ...wanted);
  };
  oneOf('action', filter.actions);
  oneOf('rule_id', filter.rules);
  oneOf('severity', filter.severities);
  if (filter.sinceMs !== null) test('last_ms >= ?', filter.sinceMs);
  if (filter.untilMs !== null) test('last_ms <= ?', filter.untilMs);
  const words = searchWords(filter.text);
  for (const word of words) test('instr(search, ?) > 0', word);
  if (words.length > 0 && ownUid !== null) test('NOT EXISTS (SELECT 1 FROM history WHERE group_id = groups.id AND uid IS NOT ?)', ownUid);
  return { sql, values };
}

function where(tests: readonly string[]): string {
  return tests.length === 0 ? '' : `WHERE ${tests.join(' AND ')}`;
}

function readGroup(sqlite: Sqlite, row: Readonly<Record<string, unknown>>): FoundGroup | null {
  const newest = sqlite.get('SELECT json, time_ms FROM history WHERE seq = ?', Number(row['last_seq']));
  const oldest = sqlite.get('SELECT time_ms FROM history WHERE seq = ?', Number(row['first_seq']));
  if (newest === null || oldest === null) return null;
  const entry = { ...parseEntry(newest['json']), time: iso(Number(oldest['time_ms'])), lastTime: iso(Number(newest['time_ms'])), count: Number(row['n']) };
  return { entry, cursor: String(row['last_seq']) };
}

export function newestId(sqlite: Sqlite): string | null {
  const row = sqlite.get('SELECT id FROM history ORDER BY seq DESC LIMIT 1');
  return row === null ? null : String(row['id']);
}

/** At most 1,000. */
export function countNewer(sqlite: Sqlite, than: string | null): number {
  return Number(sqlite.get('SELECT count(*) AS n FROM (SELECT 1 FROM history WHERE seq > coalesce((SELECT seq FROM history WHERE id = ?), 0) LIMIT 1000)', than ?? '')?.['n']);
}

/** What programs did; that somebody paused is no act of theirs. */
export function summarise(sqlite: Sqlite, fromMs: number, partMs: number): SummaryPart[] {
  return sqlite
    .all('SELECT action, (time_ms - ?) / ? AS part, count(*) AS n FROM history INDEXED BY history_by_time WHERE time_ms >= ? AND rule_id NOT IN (?, ?) GROUP BY action, part', fromMs, partMs, fromMs, PAUSED_RULE_ID, PAUSE_ENDED_RULE_ID)
    .map((row) => ({ action: String(row['action']), part: Math.floor(Number(row['part'])), count: Number(row['n']) }));
}

/** Refused with a question that nobody has answered, newest first. */
export function undecided(sqlite: Sqlite, nowMs: number, limit: number): { readonly entries: HistoryEntry[]; readonly count: number } {
  const test = "mode = 'warn' AND action = 'prevented' AND last_seq > decided_seq AND last_ms > ?";
  const rows = sqlite.all(`SELECT n, first_seq, last_seq FROM groups WHERE ${test} ORDER BY last_seq DESC LIMIT ?`, nowMs - QUESTION_DAYS * DAY_MS, limit);
  const counted = Number(sqlite.get(`SELECT count(*) AS n FROM groups WHERE ${test}`, nowMs - QUESTION_DAYS * DAY_MS)?.['n']);
  return { entries: rows.flatMap((row) => readGroup(sqlite, row)?.entry ?? []), count: counted };
}

/** The question of this entry's group is answered. */
export function decide(sqlite: Sqlite, historyId: string): void {
  sqlite.run('UPDATE groups SET decided_seq = last_seq WHERE id = (SELECT group_id FROM history WHERE id = ?)', historyId);
}

/** Times of equal entries, newest first. */
export function timesOf(sqlite: Sqlite, historyId: string): string[] {
  return sqlite
    .all('SELECT time_ms FROM history WHERE group_id = (SELECT group_id FROM history WHERE id = ?) ORDER BY seq DESC LIMIT ?', historyId, MOST_TIMES)
    .map((row) => iso(Number(row['time_ms'])));
}

/** When the rule last did something, as far as history reaches. */
export function lastOf(sqlite: Sqlite, ruleId: string): string | null {
  const row = sqlite.get('SELECT last_ms FROM groups WHERE rule_id = ? ORDER BY last_seq DESC LIMIT 1', ruleId);
  return row === null ? null : iso(Number(row['last_ms']));
}

/** Groups of one rule, newest first, for comparing with an allow. */
export function groupsOfRule(sqlite: Sqlite, ruleId: string, most: number): HistoryEntry[] {
  return sqlite.all('SELECT n, first_seq, last_seq FROM groups WHERE rule_id = ? ORDER BY last_seq DESC LIMIT ?', ruleId, most).flatMap((row) => readGroup(sqlite, row)?.entry ?? []);
}
