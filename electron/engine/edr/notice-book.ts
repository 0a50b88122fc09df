/** Who has been told of what: each line is offered to an account until it says what became of the notice. */
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import { iso } from './history-entry.ts';
import { parseEntry } from './history-table.ts';
import type { Sqlite } from './sqlite.ts';

export interface NoticeOutcome {
  readonly outcome: NonNullable<HistoryEntry['notice']>['outcome'];
  readonly detail: string | null;
}

const MOST_LOOKED_AT = 500;
const MOST_OFFERED = 50;
/** What happened just before a person came is still news to them. */
const FIRST_LOOK_BACK_MS = 10 * 60_000;

/** Oldest first. `wants`: whether the line is to be told to this account. The first look of an account begins ten minutes back. */
export function offeredNotices(sqlite: Sqlite, uid: number, nowMs: number, wants: (entry: HistoryEntry, uid: number | null) => boolean): HistoryEntry[] {
  sqlite.run('INSERT OR IGNORE INTO notice_marks (uid, seq) SELECT ?, coalesce(max(seq), 0) FROM history WHERE time_ms < ?', uid, nowMs - FIRST_LOOK_BACK_MS);
  const mark = sqlite.get('SELECT seq FROM notice_marks WHERE uid = ?', uid);
  if (mark === null) throw new Error('the mark of an account is not there');
  const rows = sqlite.all('SELECT seq, uid, json FROM history WHERE seq > ? ORDER BY seq LIMIT ?', Number(mark['seq']), MOST_LOOKED_AT);
  const wanted = rows.map((row) => ({ entry: parseEntry(row['json']), uid: row['uid'] === null ? null : Number(row['uid']) })).filter((row) => wants(row.entry, row.uid));
  const last = rows.at(-1);
  if (wanted.length === 0 && last !== undefined) moveMark(sqlite, uid, Number(last['seq']));
  return wanted.slice(0, MOST_OFFERED).map(({ entry }) => entry);
}

/** Returns how many lines were there. */
export function recordNotices(sqlite: Sqlite, uid: number, ids: readonly string[], { outcome, detail }: NoticeOutcome, nowMs: number): number {
  return sqlite.transaction(() => {
    let recorded = 0;
    for (const id of ids) {
      const row = sqlite.get('SELECT seq FROM history WHERE id = ?', id);
      if (row === null) continue;
      recorded += 1;
      sqlite.run('INSERT INTO notices (history_id, uid, outcome, time_ms, detail) VALUES (?, ?, ?, ?, ?) ON CONFLICT (history_id, uid) DO NOTHING', id, uid, outcome, nowMs, detail);
      moveMark(sqlite, uid, Number(row['seq']));
    }
    return recorded;
  });
}

export function noticeOf(sqlite: Sqlite, historyId: string, userName: (uid: number) => string): HistoryEntry['notice'] | null {
  const row = sqlite.get('SELECT uid, outcome, time_ms, detail FROM notices WHERE history_id = ? ORDER BY time_ms LIMIT 1', historyId);
  if (row === null) return null;
  return { outcome: String(row['outcome']) as NoticeOutcome['outcome'], time: iso(Number(row['time_ms'])), user: userName(Number(row['uid'])), detail: row['detail'] as string | null };
}

function moveMark(sqlite: Sqlite, uid: number, seq: number): void {
  sqlite.run('UPDATE notice_marks SET seq = max(seq, ?) WHERE uid = ?', seq, uid);
}
