/** Starts that wait for the sentinel's record of them. All wait equally long, so they end in the order in which they came. */
import { BoundedQueue } from '../core/bounded-queue.ts';
import type { Alarm, Scheduler } from '../core/scheduler.ts';
import type { Clock } from '../ports.ts';
import type { SeenStart } from './seen-start.ts';

interface Waiting {
  readonly start: SeenStart;
  readonly untilNs: bigint;
  settled: boolean;
}

export interface Patience {
  readonly waitMs: number;
  /** How many may wait. */
  readonly most: number;
}

export class WaitingStarts {
  private readonly clock: Clock;
  private readonly alarm: Alarm;
  private readonly onEnd: (start: SeenStart) => void;
  private readonly byPid = new Map<number, Waiting[]>();
  private readonly inOrder: BoundedQueue<Waiting>;
  private readonly waitNs: bigint;
  private alarmSet = false;

  /** `onEnd`: nothing came in time. */
  constructor(patience: Patience, clock: Clock, scheduler: Scheduler, onEnd: (start: SeenStart) => void) {
    this.inOrder = new BoundedQueue(patience.most);
    this.waitNs = BigInt(patience.waitMs) * 1_000_000n;
    this.clock = clock;
    this.alarm = scheduler.alarm(() => this.endDue());
    this.onEnd = onEnd;
  }

  get size(): number {
    return this.inOrder.size;
  }

  /** False when too many wait already; the caller then does without. */
  add(start: SeenStart): boolean {
    this.dropSettled();
    const waiting: Waiting = { start, untilNs: this.clock.monotonicNs() + this.waitNs, settled: false };
    if (!this.inOrder.push(waiting)) return false;
    const same = this.byPid.get(start.pid);
    if (same === undefined) this.byPid.set(start.pid, [waiting]);
    else same.push(waiting);
    this.setAlarm();
    return true;
  }

  /** Oldest first. */
  of(pid: number): readonly SeenStart[] {
    return this.byPid.get(pid)?.map(({ start }) => start) ?? [];
  }

  /** In no special order. */
  all(): readonly SeenStart[] {
    return [...this.byPid.values()].flatMap((same) => same.map(({ start }) => start));
  }

  settle(start: SeenStart): void {
    const same = this.byPid.get(start.pid) ?? [];
    const at = same.findIndex((waiting) => waiting.start === start);
    if (at === -1) return;
    for (const waiting of same.splice(at, 1)) waiting.settled = true;
    if (same.length === 0) this.byPid.delete(start.pid);
    if (this.byPid.size === 0) this.rest();
  }

  /** Nothing will come any more: everybody is ended now. */
  endAll(): void {
    this.endWhile(() => true);
  }

  private setAlarm(): void {
    const next = this.inOrder.peek();
    if (this.alarmSet || next === undefined) return;
    this.alarmSet = true;
    this.alarm.set(Math.max(1, Math.ceil(Number(next.untilNs - this.clock.monotonicNs()) / 1e6)));
  }

  /** Mostly all records come in time, and there is nothing to wake up for. */
  private rest(): void {
    this.dropSettled();
    if (this.alarmSet) this.alarm.clear();
    this.alarmSet = false;
  }

  private endDue(): void {
    this.alarmSet = false;
    const now = this.clock.monotonicNs();
    this.endWhile((waiting) => waiting.untilNs <= now);
    this.dropSettled();
    this.setAlarm();
  }

  private endWhile(due: (waiting: Waiting) => boolean): void {
    for (let next = this.inOrder.peek(); next !== undefined && (next.settled || due(next)); next = this.inOrder.peek()) {
      this.inOrder.shift();
      if (next.settled) continue;
      this.settle(next.start);
      this.onEnd(next.start);
    }
  }

  private dropSettled(): void {
    while (this.inOrder.peek()?.settled === true) this.inOrder.shift();
  }
}
