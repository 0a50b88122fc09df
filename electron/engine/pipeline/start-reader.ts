/**
 * Looks at a process as soon as news says that it started a program, and puts what it finds into the tree. The process may
 * be gone already, or another may have its id: then only what the sentinel recorded tells what ran.
 */
import type { Arguments, ProcessStat } from '../../platform/contract.ts';
import type { ProcessLife } from '../core/process-node.ts';
import type { ProcessTree } from '../core/process-tree.ts';
import type { Clock, LiveProcesses } from '../ports.ts';
import { hasEnded } from '../response/stop-members.ts';
import type { Scope } from '../response/scope.ts';
import { monotonicOf } from './monotonic-time.ts';
import type { SeenStart } from './seen-start.ts';

export interface ReaderPorts {
  readonly live: LiveProcesses;
  readonly tree: ProcessTree;
  readonly clock: Clock;
  readonly scope: Scope;
}

/** One look at a process. */
export interface Look {
  readonly stat: ProcessStat;
  readonly image: string;
  readonly uid: number | null;
}

/** Start times and news times come from two clocks and two grains. */
const CLOCK_TOLERANCE_MS = 1_500;
/** For arguments that can not be read at once. */
const READ_WITHIN_MS = 200;
/** News this fresh can not be about an earlier holder of the pid. */
const FRESH_NS = 500_000_000n;

export class StartReader {
  private readonly ports: ReaderPorts;

  constructor(ports: ReaderPorts) {
    this.ports = ports;
  }

  read(pid: number, atNs: bigint): SeenStart {
    const { tree, clock } = this.ports;
    const stat = this.stat(pid, atNs);
    const look = stat === null ? null : this.look(stat);
    const life = tree.exec(
      pid,
      {
        startTicks: stat?.startTicks ?? null,
        ppid: stat?.ppid ?? null,
        // An unknown program still counts as one, so that the life is kept until the sentinel's record names it.
        image: look?.image ?? '',
        argv: null,
        argvComplete: false,
        uid: look?.uid ?? null,
        atNs,
        readNs: clock.monotonicNs(),
      },
      clock.nowMs(),
    );
    return this.toStart(life, atNs, stat, look, null);
  }

  /** A start that was found in the process list. It may be as old as its process. */
  missed(life: ProcessLife, look: Look, missedBecause: string): SeenStart {
    const { live, clock } = this.ports;
    return this.toStart(life, monotonicOf(clock, live.startTimeMs(look.stat.startTicks)), look.stat, look, missedBecause);
  }

  /** Gives the start again with its arguments; without them when they can not be read this way (see `isUnread`). */
  readArguments(start: SeenStart, take: (whole: SeenStart) => void): void {
    this.ports.live.argvSoon(start.pid, (found) => {
      // None at all: withheld, or the process is in the middle of starting its program.
      const unread = found?.values.length === 0;
      take(this.withArguments(start, found === null || unread ? null : found, found === null));
    });
  }

  /** The slow way, for arguments that are large or withheld. Asked again once: on a busy machine the reading thread may not have had its turn. */
  async readSlowArguments(start: SeenStart): Promise<SeenStart> {
    const first = await this.ports.live.argvWithin(start.pid, READ_WITHIN_MS);
    const found = first === null && this.runsStill(start) ? await this.ports.live.argvWithin(start.pid, READ_WITHIN_MS) : first;
    return this.withArguments(start, found, false);
  }

  /** What was read belongs to this start only if the process has not gone on to another program meanwhile. */
  private withArguments(start: SeenStart, found: Arguments | null, ended: boolean): SeenStart {
    if (ended || !this.runsStill(start)) return { ...start, gone: true };
    if (found === null) return start;
    const whole = { ...start, argv: found.values, argvComplete: found.complete };
    this.ports.tree.learnArguments(start.life, start.program, { image: start.image ?? '', argv: found.values, argvComplete: found.complete });
    return whole;
  }

  private runsStill({ pid, image, startTicks }: SeenStart): boolean {
    const { live } = this.ports;
    if (live.image(pid) !== image) return false;
    const stat = live.stat(pid);
    return stat !== null && stat.startTicks === startTicks && !hasEnded(stat);
  }

  look(stat: ProcessStat): Look | null {
    const { live } = this.ports;
    if (hasEnded(stat)) return null;
    const image = live.image(stat.pid);
    return image === null ? null : { stat, image, uid: live.uid(stat.pid) };
  }

  /** The process the news is about; null when it is gone. */
  private stat(pid: number, atNs: bigint): ProcessStat | null {
    const { live, clock } = this.ports;
    const stat = live.stat(pid);
    if (stat === null) return null;
    const age = clock.monotonicNs() - atNs;
    if (age < FRESH_NS) return stat;
    const newsMs = clock.nowMs() - Number(age) / 1e6;
    return live.startTimeMs(stat.startTicks) > newsMs + CLOCK_TOLERANCE_MS ? null : stat;
  }

  private toStart(life: ProcessLife, atNs: bigint, stat: ProcessStat | null, look: Look | null, missedBecause: string | null): SeenStart {
    const start: SeenStart = {
      pid: life.pid,
      life,
      program: life.program,
      atNs,
      ppid: stat?.ppid ?? life.parent?.pid ?? null,
      startTicks: stat?.startTicks ?? life.startTicks,
      image: look?.image ?? null,
      argv: null,
      argvComplete: false,
      gone: look === null,
      uid: look?.uid ?? null,
      currentDirectory: null,
      missedBecause,
    };
    if (this.ports.scope.limited && !life.scoped) this.placeInScope(start);
    return start;
  }

  private placeInScope(start: SeenStart): void {
    const { scope, live, tree } = this.ports;
    if (scope.holds(start.image) || scope.holds(live.currentDirectory(start.pid))) tree.markScoped(start.life);
  }
}
