/** Takes work in at once, does it in slices, and says how far behind it is. Bounded: what does not fit is counted. */
import { BoundedQueue } from '../core/bounded-queue.ts';
import type { Scheduler } from '../core/scheduler.ts';
import { Slices } from '../core/slices.ts';
import type { Clock } from '../ports.ts';

export class Intake<T> {
  private readonly queue: BoundedQueue<T>;
  private readonly handle: (item: T) => void;
  private readonly scheduler: Scheduler;
  private readonly slices: Slices;
  private active = false;

  constructor(most: number, clock: Clock, scheduler: Scheduler, handle: (item: T) => void) {
    this.queue = new BoundedQueue(most);
    this.handle = handle;
    this.scheduler = scheduler;
    this.slices = new Slices(clock, scheduler);
  }

  get size(): number {
    return this.queue.size;
  }

  get head(): T | undefined {
    return this.queue.peek();
  }

  /** Returns how many did not fit. Begins at once: what is read of a process is only there while it lives. */
  take(items: readonly T[]): number {
    let refused = 0;
    for (const item of items) if (!this.queue.push(item)) refused += 1;
    if (!this.active) this.work();
    return refused;
  }

  private work(): void {
    this.active = true;
    this.slices.begin();
    try {
      for (let item = this.queue.shift(); item !== undefined; item = this.queue.shift()) {
        this.handle(item);
        if (this.slices.over) break;
      }
    } finally {
      this.active = this.queue.size > 0;
      if (this.active) this.scheduler.soon(() => this.work());
    }
  }
}
