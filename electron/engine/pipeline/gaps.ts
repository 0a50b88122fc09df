/**
 * Times in which starts were not prevented or not seen, for status and for catching up.
 *
 * While the engine lives it leaves a mark of how far it has dealt with everything. The next engine finds there since when
 * nobody looked. The mark lies with the things of this boot: after a restart of the machine there is nothing to catch up with.
 */
import type { Gap } from '../../../shared/status/status.ts';
import type { Clock } from '../ports.ts';

export interface AliveMark {
  /** What started before this was judged and dealt with. */
  readonly settledMs: number;
  /** The engine was stopped by a person: nothing was to be watched from then on. */
  readonly stopped: boolean;
  readonly gaps: readonly Gap[];
}

/** Where the mark is kept between engines. Both never throw: a mark that can not be read is none, one that can not be written is told to the owner. */
export interface AliveMarkStore {
  read(): AliveMark | null;
  write(mark: AliveMark): void;
}

export type GapKind = 'sentinel' | 'news';

const MOST = 100;
const ENGINE_DOWN = 'The engine was not running. What the sentinel did not judge before the start was judged when the engine was back.';
const SENTINEL_DOWN = 'The sentinel was not running: starts were not prevented, only stopped afterwards.';
const STOPPED = 'Holdfast was stopped.';

export class GapBook {
  private readonly clock: Clock;
  private readonly marks: AliveMarkStore;
  private readonly ended: Gap[] = [];
  private readonly open = new Map<GapKind, { readonly fromMs: number; readonly reason: string }>();
  /** Since when nobody has looked after the sentinel; null once it is known how it fared. */
  private unwatchedSinceMs: number | null = null;

  constructor(clock: Clock, marks: AliveMarkStore) {
    this.clock = clock;
    this.marks = marks;
  }

  /** At the start of the engine. Returns since when starts have to be caught up with; null: not at all. */
  resume(): number | null {
    const mark = this.marks.read();
    if (mark === null) return null;
    // One that was open has lasted until now for all we know.
    this.ended.push(...mark.gaps.map((gap) => ({ ...gap, to: gap.to ?? iso(this.clock.nowMs()) })));
    if (!mark.stopped) this.unwatchedSinceMs = mark.settledMs;
    this.keep({ from: iso(mark.settledMs), to: iso(this.clock.nowMs()), reason: mark.stopped ? STOPPED : ENGINE_DOWN });
    return mark.stopped ? null : mark.settledMs;
  }

  /** `startedMs`: when the sentinel that is there now was started. */
  sentinelUp(startedMs: number): void {
    if (this.unwatchedSinceMs !== null && startedMs > this.unwatchedSinceMs) this.begin('sentinel', this.unwatchedSinceMs, SENTINEL_DOWN);
    this.unwatchedSinceMs = null;
  }

  sentinelDown(): void {
    this.begin('sentinel', this.clock.nowMs(), SENTINEL_DOWN);
  }

  begin(kind: GapKind, fromMs: number, reason: string): void {
    if (!this.open.has(kind)) this.open.set(kind, { fromMs, reason });
  }

  end(kind: GapKind): void {
    const gap = this.open.get(kind);
    if (gap === undefined) return;
    this.open.delete(kind);
    this.keep({ from: iso(gap.fromMs), to: iso(this.clock.nowMs()), reason: gap.reason });
  }

  /** Beginning of the gap that is open; null when none of this kind is. */
  openSince(kind: GapKind): number | null {
    return this.open.get(kind)?.fromMs ?? null;
  }

  /** Oldest first; `to` is null for one that lasts. */
  list(): readonly Gap[] {
    return [...this.ended, ...[...this.open.values()].map(({ fromMs, reason }) => ({ from: iso(fromMs), to: null, reason }))];
  }

  /** Call it at the start, about once a second, and when the engine is stopped by a person. */
  leaveMark(settledMs: number, stopped: boolean): void {
    this.marks.write({ settledMs, stopped, gaps: this.list() });
  }

  private keep(gap: Gap): void {
    this.ended.push(gap);
    this.ended.splice(0, Math.max(0, this.ended.length - MOST));
  }
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
