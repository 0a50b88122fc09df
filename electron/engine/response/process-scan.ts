/**
 * The children of every process, read from the system. One reading serves everybody who waits for it: many trees that
 * are stopped at once must not each read the whole list.
 */
import type { ProcessStat } from '../../platform/contract.ts';
import type { Scheduler } from '../core/scheduler.ts';
import { Slices, type MonotonicClock } from '../core/slices.ts';
import type { LiveProcesses } from '../ports.ts';

export type ChildrenByParent = ReadonlyMap<number, readonly ProcessStat[]>;

export class ProcessScan {
  private readonly live: Pick<LiveProcesses, 'list' | 'stat'>;
  private readonly clock: MonotonicClock;
  private readonly scheduler: Scheduler;
  private running: Promise<unknown> = Promise.resolve();
  private upcoming: Promise<ChildrenByParent> | null = null;

  constructor(live: Pick<LiveProcesses, 'list' | 'stat'>, clock: MonotonicClock, scheduler: Scheduler) {
    this.live = live;
    this.clock = clock;
    this.scheduler = scheduler;
  }

  /** A reading that begins after this call, so that it sees what the caller has just done. */
  next(): Promise<ChildrenByParent> {
    this.upcoming ??= this.afterRunning();
    return this.upcoming;
  }

  private async afterRunning(): Promise<ChildrenByParent> {
    await this.running;
    // Others whose wait ended in the same turn of the loop join this reading.
    await new Promise<void>((resolve) => this.scheduler.soon(resolve));
    this.upcoming = null;
    const reading = this.read();
    // Whoever waits for this reading hears of its failure; the next reading only waits for its end.
    this.running = reading.catch(() => undefined);
    return reading;
  }

  private async read(): Promise<ChildrenByParent> {
    const children = new Map<number, ProcessStat[]>();
    const slices = new Slices(this.clock, this.scheduler);
    try {
      for (const pid of this.live.list()) {
        this.take(pid, children);
        if (slices.over) await slices.rest();
      }
    } catch {
      // Without descriptors the list can not be read to its end; what the tree knows must do then.
    }
    return children;
  }

  private take(pid: number, children: Map<number, ProcessStat[]>): void {
    const stat = this.live.stat(pid);
    if (stat === null) return;
    const siblings = children.get(stat.ppid);
    if (siblings === undefined) children.set(stat.ppid, [stat]);
    else siblings.push(stat);
  }
}
