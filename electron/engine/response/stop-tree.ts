/**
 * Stops a convicted process with everything it started.
 *
 * The root is suspended at once, then its descendants, round by round until a look at both the tree and the system finds
 * no new one: what is suspended can not fork away. Then all are killed, last started first, and it is checked that
 * they are gone. Each process is held by an identity that can not be reused only for the moment of a signal, so that a
 * fork bomb does not cost us our descriptors. The work is cut into slices.
 */
import { ok } from '../../../shared/result.ts';
import type { ProcessStat } from '../../platform/contract.ts';
import type { ProcessLife } from '../core/process-node.ts';
import type { ProcessTree } from '../core/process-tree.ts';
import { pause, type Scheduler } from '../core/scheduler.ts';
import { Slices } from '../core/slices.ts';
import type { Clock, LiveProcesses } from '../ports.ts';
import { ProcessScan } from './process-scan.ts';
import { findDescendants, hasEnded, statOfLife } from './stop-members.ts';

export interface StopPorts {
  readonly live: LiveProcesses;
  readonly tree: Pick<ProcessTree, 'descendants' | 'current' | 'isChildOfPresentProgram'>;
  /** Why a process must not be touched, in words; null when it may. One instance judges one stop. */
  readonly refusals: () => (stat: ProcessStat) => string | null;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

export interface StoppedProcess {
  readonly pid: number;
  readonly startTicks: number;
  readonly outcome: 'stopped' | 'gone' | 'refused' | 'failed';
  readonly reason: string | null;
}

export interface StopReport {
  readonly rootPid: number;
  /** What became of the root. `gone`: it had ended by itself, which is a success. */
  readonly outcome: StoppedProcess['outcome'];
  readonly reason: string | null;
  /** The root and all found below it, in the order in which they were ended; `refused` and `failed` ones included. */
  readonly processes: readonly StoppedProcess[];
  /** The tree went on multiplying until the time for stopping it was up: some of it may still run. */
  readonly multiplies: boolean;
}

interface Member {
  readonly stat: ProcessStat;
  /** Order of discovery: children are found after their parents. */
  readonly found: number;
  outcome: StoppedProcess['outcome'] | 'suspended';
  reason: string | null;
}

const SUSPEND_ROUNDS = 16;
/** So long a tree that goes on multiplying is followed; then it is reported as it is. */
const MOST_NS = 10_000_000_000n;
/** News of the last forks may still be on its way when all that is known is killed. */
const NEWS_DELAY_MS = 20;
/** Waits for the killed to be gone; together about 1.5 s. */
const GONE_WAITS_MS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512];

export class TreeStopper {
  private readonly ports: StopPorts;
  private readonly scan: ProcessScan;
  private readonly active = new Map<ProcessLife, StopRun>();

  constructor(ports: StopPorts) {
    this.ports = ports;
    this.scan = new ProcessScan(ports.live, ports.clock, ports.scheduler);
  }

  /** `startTicks` of the root must be known: without it a reused pid could be hit. Suspends before it returns the promise. */
  async stop(root: ProcessLife, startTicks: number): Promise<StopReport> {
    const run = new StopRun(this.ports, this.scan, root, startTicks);
    if (run.isRefused) return run.report();
    this.active.set(root, run);
    try {
      await run.finish();
    } finally {
      if (this.active.get(root) === run) this.active.delete(root);
    }
    return run.report();
  }

  /** News of a fork. What multiplies faster than the list can be read is suspended as soon as it is heard of. */
  onFork(child: ProcessLife): void {
    if (this.active.size === 0) return;
    for (let at = child; at.parent !== null; at = at.parent) {
      const run = this.active.get(at.parent);
      if (run !== undefined && this.ports.tree.isChildOfPresentProgram(at)) run.takeFork(child);
    }
  }
}

class StopRun {
  private readonly ports: StopPorts;
  private readonly scan: ProcessScan;
  private readonly root: ProcessLife;
  /** By pid and start ticks: a pid may come back within one stop. */
  private readonly members = new Map<string, Member>();
  private readonly refusalsKnown = new Map<string, string | null>();
  private readonly rootMember: Member;
  private readonly refusal: (stat: ProcessStat) => string | null;
  private readonly slices: Slices;
  private readonly killed: Member[] = [];
  private escaped = 0;
  private multiplies = false;

  constructor(ports: StopPorts, scan: ProcessScan, root: ProcessLife, startTicks: number) {
    this.ports = ports;
    this.scan = scan;
    this.root = root;
    this.refusal = ports.refusals();
    this.slices = new Slices(ports.clock, ports.scheduler);
    const stat = ports.live.stat(root.pid);
    const present = stat?.startTicks === startTicks ? stat : { pid: root.pid, ppid: 0, processGroup: 0, session: 0, startTicks, state: 'X' };
    this.rootMember = this.add(present);
  }

  get isRefused(): boolean {
    return this.rootMember.outcome === 'refused';
  }

  async finish(): Promise<void> {
    const end = this.ports.clock.monotonicNs() + MOST_NS;
    do {
      await this.suspendAll();
      await this.killAll();
      await pause(this.ports.scheduler, NEWS_DELAY_MS);
      // A fork that was under way when its parent was suspended may show only now.
      await this.addNew();
    } while (this.isRestless() && this.ports.clock.monotonicNs() < end);
    await this.killAll();
  }

  /** Something new was found, or forked and was gone before it could be suspended: its own children may be anywhere. */
  private isRestless(): boolean {
    this.multiplies = this.escaped > 0;
    this.escaped = 0;
    return this.multiplies || this.suspended().length > 0;
  }

  takeFork(child: ProcessLife): void {
    const stat = statOfLife(this.ports, child);
    if (stat === null || hasEnded(stat)) this.escaped += 1;
    else if (!this.members.has(keyOf(stat))) this.add(stat);
  }

  /** Takes a process in: suspends it, or notes why not. */
  private add(stat: ProcessStat): Member {
    const member: Member = { stat, found: this.members.size, outcome: 'gone', reason: null };
    this.members.set(keyOf(stat), member);
    if (hasEnded(stat)) return member;
    member.reason = this.refusalOf(stat);
    member.outcome = member.reason === null ? 'suspended' : 'refused';
    if (member.outcome === 'suspended') this.signal(member, 'SIGSTOP');
    return member;
  }

  private refusalOf(stat: ProcessStat): string | null {
    const key = keyOf(stat);
    const known = this.refusalsKnown.get(key);
    if (known !== undefined) return known;
    const reason = this.refusal(stat);
    this.refusalsKnown.set(key, reason);
    return reason;
  }

  /** A stop that fails is no verdict yet: the kill that follows is tried all the same. */
  private signal(member: Member, signal: 'SIGSTOP' | 'SIGKILL'): void {
    const { pid, startTicks } = member.stat;
    const held = this.ports.live.hold(pid, startTicks);
    const sent = held.ok ? (held.value?.signal(signal) ?? ok(false)) : held;
    if (held.ok) held.value?.close();
    if (sent.ok && !sent.value) member.outcome = 'gone';
    if (sent.ok || signal === 'SIGSTOP') return;
    member.outcome = 'failed';
    member.reason = sent.error.message;
  }

  private async suspendAll(): Promise<void> {
    for (let round = 0; round < SUSPEND_ROUNDS; round += 1) if (!(await this.addNew())) return;
  }

  /** True when there was a new one. */
  private async addNew(): Promise<boolean> {
    const children = await this.scan.next();
    this.slices.begin();
    const before = this.members.size;
    for (const stat of findDescendants(this.ports, this.root, this.rootMember.stat, children, (stat) => this.refusalOf(stat) !== null)) {
      if (!this.members.has(keyOf(stat))) this.add(stat);
      if (this.slices.over) await this.slices.rest();
    }
    return this.members.size > before;
  }

  private suspended(): Member[] {
    return [...this.members.values()].filter((member) => member.outcome === 'suspended');
  }

  /** Last started first, the root last of all. */
  private async killAll(): Promise<void> {
    const batch = this.suspended();
    batch.sort((a, b) => Number(a === this.rootMember) - Number(b === this.rootMember) || b.stat.startTicks - a.stat.startTicks || b.found - a.found);
    for (const member of batch) {
      this.killed.push(member);
      this.signal(member, 'SIGKILL');
      if (this.slices.over) await this.slices.rest();
    }
    await this.waitUntilGone(batch);
  }

  private async waitUntilGone(batch: readonly Member[]): Promise<void> {
    let left = batch.filter((member) => member.outcome === 'suspended');
    for (const wait of GONE_WAITS_MS) {
      left = await this.notGone(left);
      if (left.length === 0) return;
      await pause(this.ports.scheduler, wait);
      this.slices.begin();
    }
    for (const member of await this.notGone(left)) {
      member.outcome = 'failed';
      member.reason = 'it was told to end, but the kernel has not ended it yet';
    }
  }

  private async notGone(members: readonly Member[]): Promise<Member[]> {
    const left: Member[] = [];
    for (const member of members) {
      if (!this.settleIfGone(member)) left.push(member);
      if (this.slices.over) await this.slices.rest();
    }
    return left;
  }

  private settleIfGone(member: Member): boolean {
    const stat = this.ports.live.stat(member.stat.pid);
    const lives = stat?.startTicks === member.stat.startTicks && !hasEnded(stat);
    if (!lives) member.outcome = 'stopped';
    return !lives;
  }

  report(): StopReport {
    const killed = new Set(this.killed);
    const others = [...this.members.values()].filter((member) => !killed.has(member));
    const processes = [...this.killed, ...others].map((member): StoppedProcess => ({ pid: member.stat.pid, startTicks: member.stat.startTicks, ...settled(member) }));
    return { rootPid: this.rootMember.stat.pid, ...settled(this.rootMember), processes, multiplies: this.multiplies };
  }
}

/** A member that news brought in after the last kill is told as what it is: suspended, and not ended. */
function settled({ outcome, reason }: Member): Pick<StoppedProcess, 'outcome' | 'reason'> {
  return outcome === 'suspended' ? { outcome: 'failed', reason: 'its tree multiplied faster than it could be stopped; it is suspended' } : { outcome, reason };
}

function keyOf(stat: ProcessStat): string {
  return `${stat.pid}:${stat.startTicks}`;
}
