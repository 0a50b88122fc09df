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
import { findDescendants, hasEnded } from './stop-members.ts';

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
}

interface Member {
  readonly stat: ProcessStat;
  /** Order of discovery: children are found after their parents. */
  readonly found: number;
  outcome: StoppedProcess['outcome'] | 'suspended';
  reason: string | null;
}

const SUSPEND_ROUNDS = 16;
const KILL_ROUNDS = 4;
/** Waits for the killed to be gone; together about 1.5 s. */
const GONE_WAITS_MS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512];

export class TreeStopper {
  private readonly ports: StopPorts;
  private readonly scan: ProcessScan;

  constructor(ports: StopPorts) {
    this.ports = ports;
    this.scan = new ProcessScan(ports.live, () => new Slices(ports.clock, ports.scheduler));
  }

  /** `startTicks` of the root must be known: without it a reused pid could be hit. Suspends before it returns the promise. */
  stop(root: ProcessLife, startTicks: number): Promise<StopReport> {
    const run = new StopRun(this.ports, this.scan, root, startTicks);
    return run.refusedRoot() ?? run.finish();
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

  refusedRoot(): Promise<StopReport> | null {
    return this.rootMember.outcome === 'refused' ? Promise.resolve(this.report([this.rootMember])) : null;
  }

  async finish(): Promise<StopReport> {
    const ended: Member[] = [];
    for (let round = 1; round <= KILL_ROUNDS; round += 1) {
      await this.suspendAll();
      const batch = this.killOrder();
      await this.killAll(batch);
      ended.push(...batch);
      await this.waitUntilGone(batch);
      // A fork that was under way when its parent was suspended may show only now.
      if (round === KILL_ROUNDS || !(await this.addNew())) break;
    }
    const inBatches = new Set(ended);
    return this.report([...ended, ...[...this.members.values()].filter((member) => !inBatches.has(member))]);
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

  private killOrder(): Member[] {
    const suspended = [...this.members.values()].filter((member) => member.outcome === 'suspended');
    return suspended.sort((a, b) => Number(a === this.rootMember) - Number(b === this.rootMember) || b.stat.startTicks - a.stat.startTicks || b.found - a.found);
  }

  private async killAll(batch: readonly Member[]): Promise<void> {
    for (const member of batch) {
      if (member.outcome === 'suspended') this.signal(member, 'SIGKILL');
      if (this.slices.over) await this.slices.rest();
    }
  }

  private async waitUntilGone(batch: readonly Member[]): Promise<void> {
    let left = batch.filter((member) => member.outcome === 'suspended');
    for (const wait of GONE_WAITS_MS) {
      left = left.filter((member) => !this.settleIfGone(member));
      if (left.length === 0) return;
      await pause(this.ports.scheduler, wait);
    }
    for (const member of left.filter((member) => !this.settleIfGone(member))) {
      member.outcome = 'failed';
      member.reason = 'it was told to end, but the kernel has not ended it yet';
    }
  }

  private settleIfGone(member: Member): boolean {
    const stat = this.ports.live.stat(member.stat.pid);
    const lives = stat?.startTicks === member.stat.startTicks && !hasEnded(stat);
    if (!lives) member.outcome = 'stopped';
    return !lives;
  }

  private report(members: readonly Member[]): StopReport {
    const processes = members.map((member): StoppedProcess => {
      if (member.outcome === 'suspended') throw new Error(`process ${member.stat.pid} was suspended and left so`);
      return { pid: member.stat.pid, startTicks: member.stat.startTicks, outcome: member.outcome, reason: member.reason };
    });
    const { outcome, reason } = this.rootMember;
    if (outcome === 'suspended') throw new Error('the root was suspended and left so');
    return { rootPid: this.rootMember.stat.pid, outcome, reason, processes };
  }
}

function keyOf(stat: ProcessStat): string {
  return `${stat.pid}:${stat.startTicks}`;
}
