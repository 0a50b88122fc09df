/** Writing the table of history, and what is kept in step with it: groups of equal lines and the number of acts per rule. */
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { HistoryRow } from './history-row.ts';
import { searchText } from './search-text.ts';
import type { Sqlite } from './sqlite.ts';

export function hasEntry(sqlite: Sqlite, id: string): boolean {
  return sqlite.get('SELECT 1 AS yes FROM history WHERE id = ?', id) !== null;
}

/** Null when there is none. */
export function findEntry(sqlite: Sqlite, id: string): HistoryEntry | null {
  const row = sqlite.get('SELECT json FROM history WHERE id = ?', id);
  return row === null ? null : parseEntry(row['json']);
}

/** What we wrote ourselves; a file somebody else could write is never opened. */
export function parseEntry(json: unknown): HistoryEntry {
  return JSON.parse(String(json)) as HistoryEntry;
}

/** Within a transaction. The same id again is no second line; false then. */
export function insertRow(sqlite: Sqlite, { entry, timeMs, uid, groupKey }: HistoryRow): boolean {
  if (hasEntry(sqlite, entry.id)) return false;
  const seq = Number(sqlite.get('SELECT coalesce(max(seq), 0) + 1 AS seq FROM history')?.['seq']);
  const ruleId = entry.rule.id;
  sqlite.run(
    'INSERT INTO groups (key, action, rule_id, first_seq, last_seq, n, search, severity, mode, last_ms) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET last_seq = excluded.last_seq, last_ms = excluded.last_ms, mode = excluded.mode, severity = excluded.severity, n = n + 1',
    groupKey, entry.action, ruleId, seq, seq, searchText(entry), entry.severity, entry.rule.mode, timeMs,
  );
  const groupId = Number(sqlite.get('SELECT id FROM groups WHERE key = ?', groupKey)?.['id']);
  sqlite.run(
    'INSERT INTO history (seq, id, time_ms, action, rule_id, uid, pid, group_id, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    seq, entry.id, timeMs, entry.action, ruleId, uid, entry.process.pid, groupId, JSON.stringify(entry),
  );
  sqlite.run('INSERT INTO acts (rule_id, action, n) VALUES (?, ?, 1) ON CONFLICT (rule_id, action) DO UPDATE SET n = n + 1', ruleId, entry.action);
  return true;
}

export function countActs(sqlite: Sqlite, ruleId: string): ReadonlyMap<string, number> {
  return new Map(sqlite.all('SELECT action, n FROM acts WHERE rule_id = ?', ruleId).map((row) => [String(row['action']), Number(row['n'])]));
}

export interface Retention {
  readonly olderThanMs: number;
  readonly mostRows: number;
  /** Of the whole store: a line with megabytes of arguments weighs as much as thousands of others. */
  readonly mostBytes: number;
  /** Lines removed in one step; the engine answers others between steps. */
  readonly step: number;
}

/** Too old ones first, then the first stored. Returns how many lines went; when any went there may be more. */
export function pruneRows(sqlite: Sqlite, { olderThanMs, mostRows, mostBytes, step }: Retention): number {
  return sqlite.transaction(() => {
    const old = seqs(sqlite.all('SELECT seq FROM history WHERE time_ms < ? LIMIT ?', olderThanMs, step));
    if (old.length > 0) return remove(sqlite, old);
    const surplus = Number(sqlite.get('SELECT count(*) AS n FROM history')?.['n']) - mostRows;
    if (surplus > 0) return remove(sqlite, seqs(sqlite.all('SELECT seq FROM history ORDER BY seq LIMIT ?', Math.min(step, surplus))));
    const tooMuch = usedBytes(sqlite) - mostBytes;
    return tooMuch > 0 ? remove(sqlite, firstOfWeight(sqlite, tooMuch, step)) : 0;
  });
}

/** Room that was given free is used again before the file grows, so it does not count. */
function usedBytes(sqlite: Sqlite): number {
  const pragma = (name: string): number => Number(sqlite.get(`PRAGMA ${name}`)?.[name]);
  return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
}

/** No more of the first lines than it takes. */
function firstOfWeight(sqlite: Sqlite, bytes: number, most: number): readonly number[] {
  const taken: number[] = [];
  let weight = 0;
  for (const row of sqlite.all('SELECT seq, octet_length(json) AS bytes FROM history ORDER BY seq LIMIT ?', most)) {
    if (weight >= bytes) break;
    taken.push(Number(row['seq']));
    weight += Number(row['bytes']);
  }
  return taken;
}

function seqs(rows: readonly Readonly<Record<string, unknown>>[]): readonly number[] {
  return rows.map((row) => Number(row['seq']));
}

function remove(sqlite: Sqlite, doomed: readonly number[]): number {
  if (doomed.length === 0) return 0;
  const list = JSON.stringify(doomed);
  const touched = sqlite.all('SELECT group_id, count(*) AS n FROM history WHERE seq IN (SELECT value FROM json_each(?)) GROUP BY group_id', list);
  sqlite.run('DELETE FROM notices WHERE history_id IN (SELECT id FROM history WHERE seq IN (SELECT value FROM json_each(?)))', list);
  sqlite.run('DELETE FROM history WHERE seq IN (SELECT value FROM json_each(?))', list);
  for (const row of touched) {
    const [groupId, n] = [Number(row['group_id']), Number(row['n'])];
    if (sqlite.run('DELETE FROM groups WHERE id = ? AND n <= ?', groupId, n) > 0) continue;
    sqlite.run(
      'UPDATE groups SET n = n - ?, first_seq = (SELECT min(seq) FROM history WHERE group_id = groups.id), last_seq = (SELECT max(seq) FROM history WHERE group_id = groups.id) WHERE id = ?',
      n, groupId,
    );
  }
  return doomed.length;
}
