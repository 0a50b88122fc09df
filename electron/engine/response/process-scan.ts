/**
 * The children of every process, read from the system. One reading serves everybody who waits for it: many trees that
 * are stopped at once must not each read the whole list.
 */
import type { ProcessStat } from '../../platform/contract.ts';
import type { Slices } from '../core/slices.ts';
import type { LiveProcesses } from '../ports.ts';

export type ChildrenByParent = ReadonlyMap<number, readonly ProcessStat[]>;

export class ProcessScan {
  private readonly live: Pick<LiveProcesses, 'list' | 'stat'>;
  private readonly newSlices: () => Slices;
  private running: Promise<unknown> = Promise.resolve();
  private upcoming: Promise<ChildrenByParent> | null = null;

  constructor(live: Pick<LiveProcesses, 'list' | 'stat'>, newSlices: () => Slices) {
    this.live = live;
    this.newSlices = newSlices;
  }

  /** A reading that begins after this call, so that it sees what the caller has just done. */
  next(): Promise<ChildrenByParent> {
    this.upcoming ??= this.afterRunning();
    return this.upcoming;
  }

  private async afterRunning(): Promise<ChildrenByParent> {
    await this.running;
    this.upcoming = null;
    const reading = this.read();
    // Whoever waits for this reading hears of its failure; the next reading only waits for its end.
    this.running = reading.catch(() => undefined);
    return reading;
  }

  private async read(): Promise<ChildrenByParent> {
    const children = new Map<number, ProcessStat[]>();
    const slices = this.newSlices();
    for (const pid of this.list()) {
      const stat = this.live.stat(pid);
      if (stat !== null) {
        const siblings = children.get(stat.ppid);
        if (siblings === undefined) children.set(stat.ppid, [stat]);
        else siblings.push(stat);
      }
      if (slices.over) await slices.rest();
    }
    return children;
  }

  /** Without descriptors the list can not be read; the tree alone must do then. */
  private list(): readonly number[] {
    try {
      return this.live.list();
    } catch {
      return [];
    }
  }
}
