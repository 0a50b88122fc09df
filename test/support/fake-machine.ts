/** A machine of made-up processes behind the port of living ones. A test says what happens; signals do what the kernel would. */
import type { HeldProcess, ProcessNews, ProcessStat } from '../../electron/platform/contract.ts';
import { pause } from '../../electron/engine/core/scheduler.ts';
import type { KnownStart, LiveProcesses } from '../../electron/engine/ports.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { FactReader, StartFacts } from '../../shared/start/facts.ts';
import type { FakeTime } from './fake-time.ts';

export interface FakeProcess {
  readonly pid: number;
  ppid: number;
  readonly startTicks: number;
  state: string;
  image: string | null;
  argv: readonly string[];
  uid: number;
  cwd: string;
  facts: Partial<StartFacts>;
}

/** The machine had been up for a while when the test began. */
const BOOT_TICKS = 100_000;

export class FakeMachine implements LiveProcesses {
  readonly processes = new Map<number, FakeProcess>();
  /** Every signal that reached a process. */
  readonly signals: { readonly pid: number; readonly signal: string }[] = [];
  /** News in order, as the kernel tells it; a test hands it on or loses it. */
  news: ProcessNews[] = [];
  /** Called before a signal takes effect. */
  onSignal: (process: FakeProcess, signal: string) => void = () => undefined;
  /** Pids whose signals are refused. */
  readonly untouchable = new Set<number>();
  /** Pids that take a kill without ending. */
  readonly unkillable = new Set<number>();
  /** Null: arguments come at once. */
  argvDelayMs: number | null = null;
  /** Pids whose arguments can not be read without waiting. */
  readonly hidden = new Set<number>();
  reads = 0;
  private nextPid = 100;
  private readonly time: FakeTime;

  constructor(time: FakeTime) {
    this.time = time;
    this.add(1, 0, '/usr/lib/systemd/systemd');
    this.add(2, 0, null);
  }

  spawn(parent: number, image: string, argv: readonly string[] = [image], more: Partial<FakeProcess> = {}): FakeProcess {
    const child = this.fork(parent);
    this.exec(child.pid, image, argv);
    return Object.assign(child, more);
  }

  fork(parentPid: number): FakeProcess {
    const parent = this.get(parentPid);
    this.nextPid += 1;
    const child = this.add(this.nextPid, parentPid, parent.image);
    Object.assign(child, { argv: parent.argv, uid: parent.uid, cwd: parent.cwd });
    this.news.push({ type: 'fork', parentPid, childPid: child.pid, atNs: this.time.monotonicNs() });
    return child;
  }

  exec(pid: number, image: string, argv: readonly string[] = [image]): FakeProcess {
    this.news.push({ type: 'exec', pid, atNs: this.time.monotonicNs() });
    return Object.assign(this.get(pid), { image, argv });
  }

  exit(pid: number): void {
    this.processes.delete(pid);
    for (const child of this.processes.values()) if (child.ppid === pid) child.ppid = 1;
    this.news.push({ type: 'exit', pid, atNs: this.time.monotonicNs() });
  }

  get(pid: number): FakeProcess {
    const found = this.processes.get(pid);
    if (found === undefined) throw new Error(`the test speaks of process ${pid}, which is not there`);
    return found;
  }

  /** All news since the last call. */
  takeNews(): ProcessNews[] {
    const { news } = this;
    this.news = [];
    return news;
  }

  lives(pid: number): boolean {
    return this.processes.has(pid);
  }

  private add(pid: number, ppid: number, image: string | null): FakeProcess {
    const startTicks = BOOT_TICKS + Math.round((this.time.nowMs() - this.time.epochMs) / 10);
    const process: FakeProcess = { pid, ppid, startTicks, state: 'S', image, argv: image === null ? [] : [image], uid: 0, cwd: '/', facts: {} };
    this.processes.set(pid, process);
    return process;
  }

  // The port.

  stat(pid: number): ProcessStat | null {
    this.reads += 1;
    const found = this.processes.get(pid);
    return found === undefined ? null : { pid, ppid: found.ppid, processGroup: 0, session: 0, startTicks: found.startTicks, state: found.state };
  }

  image(pid: number): string | null {
    this.reads += 1;
    return this.processes.get(pid)?.image ?? null;
  }

  argvSoon(pid: number, take: (found: { values: readonly string[]; complete: boolean } | null) => void): void {
    if (this.argvDelayMs === null) take(this.argv(pid));
    else this.time.after(this.argvDelayMs, () => take(this.argv(pid)));
  }

  inOneBatch(work: () => void): void {
    work();
  }

  argv(pid: number): { values: readonly string[]; complete: boolean } | null {
    this.reads += 1;
    const found = this.processes.get(pid);
    if (found === undefined) return null;
    return this.hidden.has(pid) ? { values: [], complete: false } : { values: found.argv, complete: true };
  }

  async argvWithin(pid: number, deadlineMs: number): Promise<{ values: readonly string[]; complete: boolean } | null> {
    await pause(this.time, deadlineMs / 2);
    const found = this.argv(pid);
    return found?.complete === true ? found : null;
  }

  uid(pid: number): number | null {
    return this.processes.get(pid)?.uid ?? null;
  }

  userName(uid: number): string {
    return uid === 0 ? 'root' : `user${uid}`;
  }

  currentDirectory(pid: number): string | null {
    return this.processes.get(pid)?.cwd ?? null;
  }

  facts(pid: number, known: KnownStart): FactReader {
    const facts: StartFacts = {
      image: known.image, argv: known.argv, script: null, currentDirectory: this.currentDirectory(pid), uid: known.uid,
      userName: known.uid === null ? null : this.userName(known.uid), ancestors: known.ancestors, parentArgv: known.parentArgv, systemTool: null,
      content: null, volume: 'fixed', imageAgeHours: 1_000, imageOwnerUid: 0, sharesRoot: true, standardInputPipe: null, standardOutputPipe: null, standardOutputFile: null,
      ...this.processes.get(pid)?.facts,
    };
    return (name) => facts[name];
  }

  hold(pid: number, startTicks: number): Result<HeldProcess | null> {
    const found = this.processes.get(pid);
    if (found?.startTicks !== startTicks) return ok(null);
    return ok({ pid, signal: (signal) => this.signal(found, signal), close: () => undefined });
  }

  list(): readonly number[] {
    return [...this.processes.keys()];
  }

  startTimeMs(startTicks: number): number {
    return this.time.epochMs + (startTicks - BOOT_TICKS) * 10;
  }

  private signal(process: FakeProcess, signal: string): Result<boolean> {
    this.onSignal(process, signal);
    if (this.untouchable.has(process.pid)) return fail('permission-denied', 'it belongs to another account');
    if (this.processes.get(process.pid) !== process) return ok(false);
    this.signals.push({ pid: process.pid, signal });
    if (signal === 'SIGSTOP') process.state = 'T';
    if (signal === 'SIGKILL' && !this.unkillable.has(process.pid)) this.exit(process.pid);
    return ok(true);
  }
}
