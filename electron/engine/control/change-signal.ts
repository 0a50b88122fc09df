/** Tells those who wait that something a window shows has changed. Changes that come together wake once. */
import type { Scheduler } from '../core/scheduler.ts';

const GATHER_MS = 100;
/** Each waiting call holds a little memory; whoever waits more often than this on one account is answered at once. */
const MOST_WAITERS_PER_ACCOUNT = 8;

export class ChangeSignal {
  private readonly scheduler: Scheduler;
  private readonly waiters = new Map<() => void, number>();
  private gathering = false;
  private current = 1;

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  get revision(): number {
    return this.current;
  }

  /** Something changed. */
  raise(): void {
    this.current += 1;
    if (this.gathering || this.waiters.size === 0) return;
    this.gathering = true;
    this.scheduler.after(GATHER_MS, () => {
      this.gathering = false;
      for (const wake of [...this.waiters.keys()]) wake();
    });
  }

  /** Resolves when the revision is no longer `known`, or after `waitMs`. */
  async after(known: number, waitMs: number, uid: number): Promise<void> {
    const waiting = [...this.waiters.values()].filter((owner) => owner === uid).length;
    if (this.current !== known || waitMs === 0 || waiting >= MOST_WAITERS_PER_ACCOUNT) return;
    await new Promise<void>((resolve) => {
      const callOff = this.scheduler.after(waitMs, () => wake());
      const wake = (): void => {
        callOff();
        this.waiters.delete(wake);
        resolve();
      };
      this.waiters.set(wake, uid);
    });
  }
}
