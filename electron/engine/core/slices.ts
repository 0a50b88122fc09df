/** Cuts long work into slices, so that the loop never stands still for longer than one of them. */
import type { Scheduler } from './scheduler.ts';

export interface MonotonicClock {
  monotonicNs(): bigint;
}

/** Well below the 20 ms the loop may stand still. */
const SLICE_NS = 8_000_000n;

export class Slices {
  private readonly clock: MonotonicClock;
  private readonly scheduler: Scheduler;
  private since: bigint;

  constructor(clock: MonotonicClock, scheduler: Scheduler) {
    this.clock = clock;
    this.scheduler = scheduler;
    this.since = clock.monotonicNs();
  }

  /** True when it is time to let others run. */
  get over(): boolean {
    return this.clock.monotonicNs() - this.since > SLICE_NS;
  }

  begin(): void {
    this.since = this.clock.monotonicNs();
  }

  /** Lets others run when the slice is over; costs nothing otherwise. */
  async rest(): Promise<void> {
    if (!this.over) return;
    await new Promise<void>((resolve) => this.scheduler.soon(resolve));
    this.begin();
  }
}
