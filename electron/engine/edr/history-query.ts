/** Reading pages of history from the table, newest first, as single lines or as groups of equal ones. */
import type { z } from 'zod';
import type { CALLS } from '../../../shared/control/calls.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import { iso } from './history-entry.ts';
import { parseEntry } from './history-table.ts';
import type { Sqlite, SqlValue } from './sqlite.ts';

export type HistoryQuery = z.output<typeof CALLS.history.input>;

export interface HistoryLine {
  readonly entry: HistoryEntry;
  readonly uid: number | null;
  /** Of its JSON. */
  readonly bytes: number;
}

/** Equal lines: the newest stands for all. */
export interface StoredGroup extends HistoryLine {
  readonly key: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
}

export function seqOf(sqlite: Sqlite, id: string): number | null {
  const row = sqlite.get('SELECT seq FROM history WHERE id = ?', id);
  return row === null ? null : Number(row['seq']);
}

/** The page is found in an index first; a line is read when it is asked for, because one can hold megabytes. */
export function* readLines(sqlite: Sqlite, query: HistoryQuery, beforeSeq: number | null, limit: number): Generator<HistoryLine> {
  const { sql, values } = filters(query);
  if (beforeSeq !== null) {
    sql.push('seq < ?');
    values.push(beforeSeq);
  }
  for (const found of sqlite.all(`SELECT seq FROM ${source(query)} ${where(sql)} ORDER BY seq DESC LIMIT ?`, ...values, limit)) {
    const row = sqlite.get('SELECT json, uid FROM history WHERE seq = ?', Number(found['seq']));
    if (row !== null) yield toLine(row);
  }
}

/** Left to itself SQLite walks the whole table when fewer lines than a page are recent enough: that spares a sort. */
function source({ sinceMs, id, action, rule, pid }: HistoryQuery): string {
  const byTimeAlone = sinceMs !== undefined && [id, action, rule, pid].every((filter) => filter === undefined);
  return byTimeAlone ? 'history INDEXED BY history_by_time' : 'history';
}

export function* readGroups(sqlite: Sqlite, query: HistoryQuery, beforeSeq: number | null, limit: number): Generator<StoredGroup> {
  const { sql, values } = filters(query);
  const before = beforeSeq === null ? [] : [beforeSeq];
  const page = before.length === 0 ? [] : ['last_seq < ?'];
  const found = isOfWholeGroups(query)
    ? `SELECT key, n, first_seq, last_seq FROM groups ${where([...sql, ...page])} ORDER BY last_seq DESC LIMIT ?`
    : `SELECT (SELECT key FROM groups WHERE id = group_id) AS key, count(*) AS n, min(seq) AS first_seq, max(seq) AS last_seq FROM history ${where(sql)} GROUP BY group_id ${page.length === 0 ? '' : 'HAVING last_seq < ?'} ORDER BY last_seq DESC LIMIT ?`;
  for (const row of sqlite.all(found, ...values, ...before, limit)) yield readGroup(sqlite, row);
}

/** One group under the same filters; null when it has no such line. */
export function readGroupOf(sqlite: Sqlite, query: HistoryQuery, key: string): StoredGroup | null {
  const { sql, values } = filters(query);
  const found = `SELECT count(*) AS n, min(seq) AS first_seq, max(seq) AS last_seq FROM history ${where(['group_id = (SELECT id FROM groups WHERE key = ?)', ...sql])}`;
  const row = sqlite.get(found, key, ...values);
  return row === null || Number(row['n']) === 0 ? null : readGroup(sqlite, { ...row, key });
}

/** All lines of a group have the same rule and act, so these filters take groups as a whole, and the table of groups answers. */
function isOfWholeGroups(query: HistoryQuery): boolean {
  return query.id === undefined && query.sinceMs === undefined && query.pid === undefined;
}

function readGroup(sqlite: Sqlite, row: Readonly<Record<string, unknown>>): StoredGroup {
  const newest = sqlite.get('SELECT json, uid, time_ms FROM history WHERE seq = ?', Number(row['last_seq']));
  const oldest = sqlite.get('SELECT time_ms FROM history WHERE seq = ?', Number(row['first_seq']));
  if (newest === null || oldest === null) throw new Error(`a group of history names lines that are not there: ${String(row['key'])}`);
  const ends = [Number(oldest['time_ms']), Number(newest['time_ms'])];
  return { ...toLine(newest), key: String(row['key']), count: Number(row['n']), firstMs: Math.min(...ends), lastMs: Math.max(...ends) };
}

export function groupLine(group: StoredGroup): HistoryLine {
  return { entry: { ...group.entry, time: iso(group.firstMs), lastTime: iso(group.lastMs), count: group.count }, uid: group.uid, bytes: group.bytes };
}

function toLine(row: Readonly<Record<string, unknown>>): HistoryLine {
  const json = String(row['json']);
  return { entry: parseEntry(json), uid: row['uid'] === null ? null : Number(row['uid']), bytes: json.length };
}

function filters(query: HistoryQuery): { sql: string[]; values: SqlValue[] } {
  const wanted: readonly (readonly [string, SqlValue | undefined])[] = [
    ['id = ?', query.id],
    ['action = ?', query.action],
    ['rule_id = ?', query.rule],
    ['time_ms >= ?', query.sinceMs],
    ['pid = ?', query.pid],
  ];
  const sql: string[] = [];
  const values: SqlValue[] = [];
  for (const [test, value] of wanted) {
    if (value === undefined) continue;
    sql.push(test);
    values.push(value);
  }
  return { sql, values };
}

function where(tests: readonly string[]): string {
  return tests.length === 0 ? '' : `WHERE ${tests.join(' AND ')}`;
}
