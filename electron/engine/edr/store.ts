/**
 * The store of what Holdfast did. A finding is in SQLite's log before `record` returns ok, so it outlives this process.
 * When the disk does not take it, it waits in memory, is shown in history as any other, and is tried again.
 */
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Clock, Finding, Recorder } from '../ports.ts';
import type { EntryDeps } from './history-entry.ts';
import { readPage, type HistoryPage } from './history-page.ts';
import type { HistoryQuery } from './history-query.ts';
import { toRow, type HistoryRow } from './history-row.ts';
import { countActs, findEntry, hasEntry, insertRow, pruneRows } from './history-table.ts';
import { STORE_VERSION } from './migrations.ts';
import { troubleOf, type Sqlite } from './sqlite.ts';
import { WaitingRows } from './waiting-rows.ts';

export interface StoreDeps extends EntryDeps {
  readonly clock: Clock;
  /** Called once for every new line, also for one that waits for the disk. */
  onEntry(entry: HistoryEntry, uid: number | null): void;
}

export interface RuleCounts {
  readonly prevented: number;
  readonly stopped: number;
  readonly audited: number;
}

const MOST_WAITING = 10_000;
const MOST_ROWS = 200_000;
const MOST_BYTES = 1024 ** 3;
const KEPT_MS = 90 * 24 * 60 * 60 * 1000;
const PRUNE_STEP = 1000;
/** A full disk is asked with one line; the more it takes, the more it gets. */
const RETRY_GROWTH = 8;
const RETRY_MOST = 1000;

export class Store implements Recorder {
  private readonly file: string;
  private readonly sqlite: Sqlite;
  private readonly deps: StoreDeps;
  private readonly waiting = new WaitingRows(MOST_WAITING);
  private trouble: string | null = null;

  constructor(file: string, sqlite: Sqlite, deps: StoreDeps) {
    this.file = file;
    this.sqlite = sqlite;
    this.deps = deps;
  }

  record(finding: Finding): Result<HistoryEntry> {
    const all = this.recordAll([finding]);
    if (!all.ok) return all;
    const [entry] = all.value;
    return entry === undefined ? fail('store-failed', `The history store ${this.file} did not keep the line ${finding.id}.`) : ok(entry);
  }

  /** All in one transaction; one that is known already is answered with its line. */
  recordAll(findings: readonly Finding[]): Result<readonly HistoryEntry[]> {
    return this.store(findings, () => undefined);
  }

  /** Denials from a sentinel's log, and that they were read, become true together. When it fails the log is to be kept and given again. */
  recordDrained(sentinelId: string, seq: number, findings: readonly Finding[]): Result<readonly HistoryEntry[]> {
    return this.store(findings, () => this.writeMark(sentinelId, seq));
  }

  has(id: string): boolean {
    return this.waiting.get(id) !== null || this.reading(false, () => hasEntry(this.sqlite, id));
  }

  /** Newest first. */
  history(query: HistoryQuery): Result<HistoryPage> {
    try {
      return readPage(this.sqlite, this.waiting, query);
    } catch (error) {
      return fail('store-not-read', `The history store ${this.file} can not be read: ${this.wordsOrThrow(error)}. Check the disk.`);
    }
  }

  /** What the window asks for, see history-views.ts; a store that can not be read is a failure in words. */
  view<T>(read: (sqlite: Sqlite) => T): Result<T> {
    try {
      return ok(read(this.sqlite));
    } catch (error) {
      return fail('store-not-read', `The history store ${this.file} can not be read: ${this.wordsOrThrow(error)}. Check the disk.`);
    }
  }

  /** Since the store was begun, also of lines that are no longer kept. */
  counts(ruleId: string): RuleCounts {
    const stored = this.reading(new Map<string, number>(), () => countActs(this.sqlite, ruleId));
    const of = (action: string): number => (stored.get(action) ?? 0) + this.waiting.actsOf(ruleId, action);
    return { prevented: of('prevented'), stopped: of('stopped') + of('remediated'), audited: of('audited') };
  }

  /** Number of the last record of this sentinel that is stored; 0 when none is. */
  drainedThrough(sentinelId: string): number {
    return this.reading(0, () => Number(this.sqlite.get('SELECT drained_seq FROM sentinels WHERE id = ?', sentinelId)?.['drained_seq'] ?? 0));
  }

  markDrained(sentinelId: string, seq: number): Result<void> {
    const marked = this.recordDrained(sentinelId, seq, []);
    return marked.ok ? ok(undefined) : marked;
  }

  /** What is wrong, for status; null when all is on disk. */
  problem(): string | null {
    if (this.trouble === null && this.waiting.lost === 0 && this.waiting.size === 0) return null;
    const why = this.trouble === null ? `History could not be written to ${this.file} for a time` : `History can not be written to ${this.file}: ${this.trouble}`;
    const kept = this.waiting.size === 0 ? '' : ` ${this.waiting.size} lines wait in memory and are lost if the engine ends.`;
    const lost = this.waiting.lost === 0 ? '' : ` ${this.waiting.lost} lines found no place any more and are lost.`;
    return `${why}.${kept}${lost}${this.trouble === null ? '' : ' Make room on the disk or repair it.'}`;
  }

  /** Tries again what the disk did not take. Call it about once a second while there is a problem. */
  retry(): Result<void> {
    let count = 1;
    while (this.waiting.size > 0) {
      const rows = this.waiting.oldest(count);
      if (!this.attempt(() => this.insertAll(rows))) return this.failure();
      this.waiting.remove(rows);
      count = Math.min(count * RETRY_GROWTH, RETRY_MOST);
    }
    // Nothing waits; whether the disk takes anything again shows only by writing.
    const writes = this.trouble === null || this.attempt(() => this.sqlite.exec(`PRAGMA user_version = ${STORE_VERSION}`));
    return writes ? ok(undefined) : this.failure();
  }

  /** One step, at most 1000 lines; call it again soon when it answers more than 0. `nowMs` must not jump ahead: it decides what is too old. */
  prune(nowMs: number): Result<number> {
    const olderThanMs = nowMs - KEPT_MS;
    let removed = 0;
    const done = this.attempt(() => {
      removed = pruneRows(this.sqlite, { olderThanMs, mostRows: MOST_ROWS, mostBytes: MOST_BYTES, step: PRUNE_STEP });
      this.sqlite.run('DELETE FROM sentinels WHERE marked_ms < ?', olderThanMs);
    });
    return done ? ok(removed) : this.failure();
  }

  /** Lines that still wait are tried once more. */
  close(): Result<void> {
    const saved = this.retry();
    this.sqlite.close();
    return saved;
  }

  private store(findings: readonly Finding[], also: () => void): Result<readonly HistoryEntry[]> {
    const rows = this.newRows(findings);
    const stored = this.retry().ok && this.attempt(() => this.insertAll(rows, also));
    const kept = stored ? rows : rows.filter((row) => this.waiting.add(row));
    for (const { entry, uid } of kept) this.deps.onEntry(entry, uid);
    if (!stored) return this.failure();
    const fresh = new Map(rows.map(({ entry }) => [entry.id, entry]));
    return ok(findings.flatMap(({ id }) => fresh.get(id) ?? findEntry(this.sqlite, id) ?? []));
  }

  private newRows(findings: readonly Finding[]): readonly HistoryRow[] {
    const rows = new Map<string, HistoryRow>();
    for (const finding of findings) if (!rows.has(finding.id) && !this.has(finding.id)) rows.set(finding.id, toRow(finding, this.deps));
    return [...rows.values()];
  }

  private insertAll(rows: readonly HistoryRow[], also: () => void = () => undefined): void {
    this.sqlite.transaction(() => {
      for (const row of rows) insertRow(this.sqlite, row);
      also();
    });
  }

  /** A mark never goes back. */
  private writeMark(sentinelId: string, seq: number): void {
    this.sqlite.run(
      'INSERT INTO sentinels (id, drained_seq, marked_ms) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET drained_seq = max(drained_seq, excluded.drained_seq), marked_ms = excluded.marked_ms',
      sentinelId, seq, this.deps.clock.nowMs(),
    );
  }

  /** What can not be read counts as not there: the same line twice is sorted out when it is written. */
  private reading<T>(otherwise: T, work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.trouble = this.wordsOrThrow(error);
      return otherwise;
    }
  }

  private attempt(work: () => void): boolean {
    try {
      work();
      this.trouble = null;
      return true;
    } catch (error) {
      this.trouble = this.wordsOrThrow(error);
      return false;
    }
  }

  private wordsOrThrow(error: unknown): string {
    const trouble = troubleOf(error);
    if (trouble === null) throw error;
    return trouble;
  }

  private failure(): Result<never> {
    return fail('store-not-written', this.problem() ?? `The history store ${this.file} can not be written.`);
  }
}
