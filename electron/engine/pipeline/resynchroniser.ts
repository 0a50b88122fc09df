/**
 * Reads the process list after a start of the engine or a loss of news, repairs the tree, and hands on the programs whose
 * start nobody saw. Programs that ran before Holdfast watched are only put into the tree.
 */
import type { ProcessTree } from '../core/process-tree.ts';
import type { TreeResync } from '../core/tree-resync.ts';
import type { Scheduler } from '../core/scheduler.ts';
import { Slices } from '../core/slices.ts';
import type { Clock, LiveProcesses } from '../ports.ts';
import { hasEnded } from '../response/stop-members.ts';
import type { SeenStart } from './seen-start.ts';
import type { StartReader } from './start-reader.ts';

/** A time in which starts were not seen. Null from: there is nothing to catch up with. */
export interface Missed {
  readonly fromMs: number | null;
  /** Why, in words that go on with "It started while …". */
  readonly because: string;
}

export interface ResyncPorts {
  readonly live: LiveProcesses;
  readonly tree: ProcessTree;
  readonly reader: StartReader;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly onMissed: (start: SeenStart) => void;
}

/** Start times have a grain of 10 ms and the clock may have been set a little. */
const MARGIN_MS = 1_000;

export class Resynchroniser {
  private readonly ports: ResyncPorts;
  private running: Promise<void> | null = null;
  private following: Missed | null = null;
  private oldestMissedMs: number | null = null;
  private runs = 0;

  constructor(ports: ResyncPorts) {
    this.ports = ports;
  }

  get count(): number {
    return this.runs;
  }

  get busy(): boolean {
    return this.running !== null;
  }

  /** Beginning of what is being caught up with; null when nothing is. */
  get catchingUpFromMs(): number | null {
    return this.oldestMissedMs;
  }

  /** Losses during a run lead to one more run, which looks back to the earliest of them. */
  run(missed: Missed): Promise<void> {
    this.oldestMissedMs = earliest(this.oldestMissedMs, missed.fromMs);
    if (this.running !== null) {
      this.following = this.following === null ? missed : { ...missed, fromMs: earliest(this.following.fromMs, missed.fromMs) };
      return this.running;
    }
    this.running = this.runAll(missed).finally(() => {
      this.running = null;
      this.oldestMissedMs = null;
    });
    return this.running;
  }

  private async runAll(first: Missed): Promise<void> {
    for (let missed: Missed | null = first; missed !== null; ) {
      await this.once(missed);
      missed = this.takeFollowing();
    }
  }

  private takeFollowing(): Missed | null {
    const { following } = this;
    this.following = null;
    return following;
  }

  private async once(missed: Missed): Promise<void> {
    const { live, tree, clock, scheduler, onMissed } = this.ports;
    this.runs += 1;
    const slices = new Slices(clock, scheduler);
    const resync = tree.startResync();
    const found: SeenStart[] = [];
    for (const pid of live.list()) {
      const start = this.compare(resync, pid, missed);
      if (start !== null) found.push(start);
      if (slices.over) await slices.rest();
    }
    resync.finish(clock.nowMs());
    // Only now is every line of descent whole.
    for (const start of found) {
      onMissed(start);
      if (slices.over) await slices.rest();
    }
  }

  private compare(resync: TreeResync, pid: number, missed: Missed): SeenStart | null {
    const { live, clock, reader } = this.ports;
    const stat = live.stat(pid);
    if (stat === null || hasEnded(stat)) return null;
    const look = reader.look(stat);
    const seen = resync.seen(
      {
        pid,
        ppid: stat.ppid,
        startTicks: stat.startTicks,
        image: look?.image ?? null,
        argv: null,
        argvComplete: false,
        uid: look?.uid ?? null,
        atNs: clock.monotonicNs(),
      },
      clock.nowMs(),
    );
    const unseen = seen?.unseen ?? null;
    if (seen === null || unseen === null || look === null || missed.fromMs === null) return null;
    const inGap = unseen === 'program' || live.startTimeMs(stat.startTicks) >= missed.fromMs - MARGIN_MS;
    return inGap ? reader.missed(seen.life, look, missed.because) : null;
  }
}

function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
