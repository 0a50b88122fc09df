/** How often each allow has let something through, and which entry it was made from. */
import { iso } from './history-entry.ts';
import type { Sqlite } from './sqlite.ts';

export interface AllowUse {
  readonly uses: number;
  readonly lastUsedAt: string | null;
  readonly fromHistoryId: string | null;
}

export function rememberAllow(sqlite: Sqlite, allowId: string, historyId: string): void {
  sqlite.run('INSERT INTO allow_uses (allow_id, history_id, n, last_ms) VALUES (?, ?, 0, NULL) ON CONFLICT (allow_id) DO NOTHING', allowId, historyId);
}

export function countUse(sqlite: Sqlite, allowId: string, nowMs: number): void {
  sqlite.run('INSERT INTO allow_uses (allow_id, history_id, n, last_ms) VALUES (?, NULL, 1, ?) ON CONFLICT (allow_id) DO UPDATE SET n = n + 1, last_ms = excluded.last_ms', allowId, nowMs);
}

export function useOf(sqlite: Sqlite, allowId: string): AllowUse {
  const row = sqlite.get('SELECT history_id, n, last_ms FROM allow_uses WHERE allow_id = ?', allowId);
  if (row === null) return { uses: 0, lastUsedAt: null, fromHistoryId: null };
  return { uses: Number(row['n']), lastUsedAt: row['last_ms'] === null ? null : iso(Number(row['last_ms'])), fromHistoryId: row['history_id'] as string | null };
}
