/** Time that a test moves. Work that the code under test puts off runs when its time comes, in order. */
import type { Alarm, Scheduler } from '../../electron/engine/core/scheduler.ts';
import type { Clock } from '../../electron/engine/ports.ts';

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export class FakeTime implements Clock, Scheduler {
  private ms = 0;
  private order = 0;
  private due: Due[] = [];
  /** Wall time when this time was 0. */
  epochMs = 1_700_000_000_000;
  /** How far each look at the monotonic clock moves it: makes work take time. */
  stepNs = 0n;
  private extraNs = 0n;
  /** The longest the loop stood still, by the looks at the clock in one turn. */
  longestTurnNs = 0n;

  nowMs(): number {
    return this.epochMs + this.ms;
  }

  monotonicNs(): bigint {
    this.extraNs += this.stepNs;
    return BigInt(Math.round(this.ms * 1e6)) + 1_000_000_000n + this.extraNs;
  }

  soon(run: () => void): void {
    this.after(0, run);
  }

  after(delayMs: number, run: () => void): () => void {
    this.order += 1;
    const due: Due = { atMs: this.ms + delayMs, order: this.order, run };
    this.due.push(due);
    return () => {
      this.due = this.due.filter((other) => other !== due);
    };
  }

  alarm(run: () => void): Alarm {
    let clear = (): void => undefined;
    return {
      set: (delayMs) => {
        clear();
        clear = this.after(delayMs, run);
      },
      clear: () => clear(),
    };
  }

  /** Lets this much time pass, with everything that falls into it. */
  async pass(ms: number): Promise<void> {
    const end = this.ms + ms;
    await settleMicrotasks();
    for (let next = this.next(end); next !== undefined; next = this.next(end)) {
      this.due = this.due.filter((other) => other !== next);
      this.ms = Math.max(this.ms, next.atMs);
      const before = this.extraNs;
      next.run();
      await settleMicrotasks();
      if (this.extraNs - before > this.longestTurnNs) this.longestTurnNs = this.extraNs - before;
    }
    this.ms = end;
  }

  private next(end: number): Due | undefined {
    return this.due.filter(({ atMs }) => atMs <= end).sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  }
}

/** Promises that are already resolved may take a few turns to be seen. */
async function settleMicrotasks(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
