/** Times in which starts were not prevented or not seen. What the disk does not take is kept here until it does. */
import type { Gap } from '../../../shared/status/status.ts';
import { iso } from './history-entry.ts';
import type { Sqlite } from './sqlite.ts';

export interface StoredGap extends Gap {
  readonly id: number;
}

interface GapRow {
  readonly id: number;
  readonly fromMs: number;
  readonly toMs: number | null;
  readonly reason: string;
}

/** Gaps that wait for the disk; of more than that the oldest are forgotten. */
const MOST_WAITING = 1000;
const COLUMNS = 'id, from_ms, to_ms, reason';

export class GapTable {
  private readonly sqlite: Sqlite;
  private readonly waiting = new Map<number, GapRow>();
  private lastId: number;

  constructor(sqlite: Sqlite) {
    this.sqlite = sqlite;
    this.lastId = Number(sqlite.get('SELECT coalesce(max(id), 0) AS id FROM gaps')?.['id']);
  }

  /** The caller saves. */
  open(reason: string, fromMs: number): number {
    this.lastId += 1;
    this.keep({ id: this.lastId, fromMs, toMs: null, reason });
    return this.lastId;
  }

  /** A gap that has ended keeps its end, and one that is not known (any more) needs none. */
  close(id: number, toMs: number): void {
    const gap = this.waiting.get(id) ?? this.stored(id);
    if (gap?.toMs === null) this.keep({ ...gap, toMs });
  }

  save(): void {
    if (this.waiting.size === 0) return;
    this.sqlite.transaction(() => {
      for (const { id, fromMs, toMs, reason } of this.waiting.values()) {
        this.sqlite.run('INSERT INTO gaps (id, from_ms, to_ms, reason) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET to_ms = excluded.to_ms', id, fromMs, toMs, reason);
      }
    });
    this.waiting.clear();
  }

  /** Newest first. */
  list(limit: number): readonly StoredGap[] {
    const gaps = new Map(this.sqlite.all(`SELECT ${COLUMNS} FROM gaps ORDER BY id DESC LIMIT ?`, limit).map((row) => [Number(row['id']), toGap(row)]));
    for (const gap of this.waiting.values()) gaps.set(gap.id, gap);
    const newest = [...gaps.values()].sort((a, b) => b.id - a.id).slice(0, limit);
    return newest.map(({ id, fromMs, toMs, reason }) => ({ id, from: iso(fromMs), to: toMs === null ? null : iso(toMs), reason }));
  }

  /** Those that ended before. */
  prune(olderThanMs: number, step: number): number {
    return this.sqlite.run('DELETE FROM gaps WHERE id IN (SELECT id FROM gaps WHERE to_ms < ? LIMIT ?)', olderThanMs, step);
  }

  private stored(id: number): GapRow | null {
    const row = this.sqlite.get(`SELECT ${COLUMNS} FROM gaps WHERE id = ?`, id);
    return row === null ? null : toGap(row);
  }

  private keep(gap: GapRow): void {
    this.waiting.set(gap.id, gap);
    const [oldest] = this.waiting.keys();
    if (this.waiting.size > MOST_WAITING && oldest !== undefined) this.waiting.delete(oldest);
  }
}

function toGap(row: Readonly<Record<string, unknown>>): GapRow {
  return { id: Number(row['id']), fromMs: Number(row['from_ms']), toMs: row['to_ms'] === null ? null : Number(row['to_ms']), reason: String(row['reason']) };
}
