/** Lines of history that the disk did not take yet, oldest first. They are newer than all that is stored. */
import type { HistoryQuery, HistoryLine, StoredGroup } from './history-query.ts';
import type { HistoryRow } from './history-row.ts';

export class WaitingRows {
  private readonly rows = new Map<string, HistoryRow>();
  private readonly capacity: number;
  private refused = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.rows.size;
  }

  /** Lines that found no place here either. */
  get lost(): number {
    return this.refused;
  }

  get(id: string): HistoryRow | null {
    return this.rows.get(id) ?? null;
  }

  /** When all places are taken the older ones stay: they tell how it began. */
  add(row: HistoryRow): boolean {
    if (this.rows.size >= this.capacity) {
      this.refused += 1;
      return false;
    }
    this.rows.set(row.entry.id, row);
    return true;
  }

  oldest(count: number): readonly HistoryRow[] {
    const oldest: HistoryRow[] = [];
    for (const row of this.rows.values()) {
      if (oldest.length === count) break;
      oldest.push(row);
    }
    return oldest;
  }

  remove(rows: readonly HistoryRow[]): void {
    for (const row of rows) this.rows.delete(row.entry.id);
  }

  /** Ids of the lines that came before this one. */
  olderThan(id: string): ReadonlySet<string> {
    const ids = [...this.rows.keys()];
    return new Set(ids.slice(0, ids.indexOf(id)));
  }

  actsOf(ruleId: string, action: string): number {
    return [...this.rows.values()].filter(({ entry }) => entry.rule.id === ruleId && entry.action === action).length;
  }

  /** Newest first. */
  *lines(query: HistoryQuery): Generator<HistoryLine> {
    const older = query.before === undefined ? null : this.olderThan(query.before);
    for (const row of [...this.rows.values()].reverse()) {
      if ((older?.has(row.entry.id) ?? true) && matches(row, query)) yield { entry: row.entry, uid: row.uid, bytes: sizeOf(row) };
    }
  }

  /** Newest first, regardless of paging: a group is where its newest line is. */
  groups(query: HistoryQuery): readonly StoredGroup[] {
    const groups = new Map<string, StoredGroup>();
    for (const row of [...this.rows.values()].reverse()) {
      if (!matches(row, query)) continue;
      const { groupKey: key, entry, uid, timeMs } = row;
      const known = groups.get(key);
      groups.set(key, joinGroups(known ?? null, { key, entry, uid, bytes: sizeOf(row), firstMs: timeMs, lastMs: timeMs, count: 1 }));
    }
    return [...groups.values()];
  }
}

function sizeOf({ entry }: HistoryRow): number {
  return JSON.stringify(entry).length;
}

/** The first one's newest line stands for both. */
export function joinGroups(newer: StoredGroup | null, older: StoredGroup | null): StoredGroup {
  const group = newer ?? older;
  if (group === null) throw new Error('two groups that are both not there');
  if (newer === null || older === null) return group;
  return { ...newer, firstMs: Math.min(newer.firstMs, older.firstMs), lastMs: Math.max(newer.lastMs, older.lastMs), count: newer.count + older.count };
}

function matches({ entry, timeMs }: HistoryRow, query: HistoryQuery): boolean {
  return (
    (query.id === undefined || entry.id === query.id) &&
    (query.action === undefined || entry.action === query.action) &&
    (query.rule === undefined || entry.rule.id === query.rule) &&
    (query.sinceMs === undefined || timeMs >= query.sinceMs) &&
    (query.pid === undefined || entry.process.pid === query.pid)
  );
}
