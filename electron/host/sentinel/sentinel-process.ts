/**
 * The parts of the sentinel process put together: queue, decisions, marks, log, the engine's socket.
 *
 * Start order matters: the last good policy is loaded from disk before anything is marked, so that a sentinel that starts
 * alone (engine gone) protects at once; without a policy nothing is marked until the engine brings one.
 */
import crypto from 'node:crypto';
import { compilePolicy, newDetectorState, type CompiledPolicy } from '../../engine/asr/judge.ts';
import type { PermissionGate } from '../../platform/contract.ts';
import { openPermissionGate } from '../../platform/linux/fanotify.ts';
import { holdDescriptor } from '../../platform/linux/file-lock.ts';
import { stuckReads } from '../../platform/linux/isolated-read.ts';
import { readMounts, watchMounts, type MountNews } from '../../platform/linux/mounts.ts';
import { isOwnPeer } from '../../platform/linux/peer.ts';
import { readBootId, readCwd, readStat, readTgid, readUid } from '../../platform/linux/proc.ts';
import { policySnapshotSchema, type PolicySnapshot } from '../../../shared/policy/snapshot.ts';
import type { ToSentinel } from '../../../shared/link/messages.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { LinkServer } from '../link/link-server.ts';
import type { HostOptions } from '../options.ts';
import { savedPolicy } from '../saved-policy.ts';
import { ContentCache } from './content-cache.ts';
import { DenialLog } from './denial-log.ts';
import { FileMarks } from './file-marks.ts';
import { LatencyHistogram } from './latency.ts';
import { argumentReader, inquirySystem, type SentinelSystem } from './linux-system.ts';
import { MountMarks } from './mount-marks.ts';
import { RecordBook } from './record-book.ts';
import { MOST_HELD, Sentinel } from './sentinel.ts';

/** Threads stuck in reads that never return; beyond this a new process is the only way to free them. */
const MOST_STUCK_READS = 48;
const STATS_EVERY_MS = 1_000;

/** Opens the kernel's queue and serves it. The failure says in words why this machine can not. */
export function startSentinel(options: HostOptions, log: (problem: unknown) => void): Result<SentinelProcess> {
  const gate = openPermissionGate({ maxHeld: MOST_HELD });
  if (!gate.ok) return gate;
  const sentinel = new SentinelProcess(options, gate.value, log);
  sentinel.start();
  return ok(sentinel);
}

export class SentinelProcess {
  private readonly options: HostOptions;
  private readonly gate: PermissionGate;
  private readonly report: (problem: unknown) => void;
  private readonly id = `${Date.now().toString(36)}-${crypto.randomBytes(4).toString('hex')}`;
  private readonly bootId = readBootId();
  private readonly system: SentinelSystem = inquirySystem();
  private readonly latency = new LatencyHistogram();
  private readonly detectors = newDetectorState();
  private readonly log: DenialLog;
  private readonly book: RecordBook;
  private readonly sentinel: Sentinel<NonNullable<ReturnType<ReturnType<typeof argumentReader>['call']>>>;
  private readonly marks: MountMarks;
  private readonly fileMarks: FileMarks;
  private readonly link: LinkServer;
  private policy: CompiledPolicy | null = null;
  private mounts: MountNews | null = null;
  private toldDecisions = 0;
  private toldAtMs = 0;
  private onWork: () => void = () => undefined;

  constructor(options: HostOptions, gate: PermissionGate, report: (problem: unknown) => void) {
    this.options = options;
    this.gate = gate;
    this.report = report;
    this.log = new DenialLog(options.paths.privateRunDir, this.id, holdDescriptor);
    const records = { stat: (tid: number) => this.system.takeStat(tid), isAlone: (tid: number) => this.system.isAlone(tid), processOf: readTgid, uid: readUid, currentDirectory: readCwd, nowMs: Date.now };
    this.book = new RecordBook(this.log, records, (message) => this.link.send(message));
    const { system, book, latency } = this;
    this.sentinel = new Sentinel({ gate, system, book, latency, args: argumentReader(), contents: new ContentCache(), nowNs: () => process.hrtime.bigint(), onDefect: report, onWork: () => this.onWork(), guardedName: (facts) => this.fileMarks.nameOf(facts) });
    this.marks = new MountMarks(gate, { readMounts }, options.scope);
    this.fileMarks = new FileMarks(gate);
    this.link = new LinkServer({
      socketPath: options.paths.sentinelSocket,
      isOurs: isOwnPeer,
      onEngine: () => this.greet(),
      onMessage: (message) => this.receive(message),
      log: report,
    });
  }

  start(): void {
    this.sentinel.start(this.report);
    const saved = savedPolicy(this.options.paths.snapshotFile);
    const used = saved === null ? ok(undefined) : this.use(saved);
    if (!used.ok) this.report(used.error.message);
    this.link.listen();
    this.mounts = watchMounts(() => {
      this.system.refresh();
      this.refreshMarks();
    });
  }

  /** Calls it with each question and each answer. */
  whenBusy(listener: () => void): void {
    this.onWork = listener;
  }

  /** Waits for questions in place, see `PermissionGate`. */
  attend(ms: number): boolean {
    return this.gate.attend(ms);
  }

  /** `written`: the beat stands in the file; else the engine is told. False when only a new process can help. */
  beat(written: boolean): boolean {
    if (!written) this.link.send({ t: 'beat' });
    this.mounts?.look();
    this.tellNewStats();
    return stuckReads() <= MOST_STUCK_READS && !this.gate.starved;
  }

  private greet(): void {
    const startTicks = readStat(process.pid)?.startTicks ?? 0;
    this.link.send({ t: 'hello', sentinelId: this.id, pid: process.pid, startTicks, generation: this.policy?.snapshot.generation ?? -1, denialLog: this.log.file });
    this.refreshMarks();
    this.tellStats();
    this.book.handOver();
  }

  private receive(message: ToSentinel): void {
    if (message.t === 'drained') {
      this.log.drained(message.throughSeq);
      return;
    }
    if (message.t === 'taken') {
      this.book.taken(message.throughSeq);
      return;
    }
    const { generation } = message.snapshot;
    const parsed = policySnapshotSchema.safeParse(message.snapshot);
    const outcome = parsed.success ? this.use(parsed.data) : fail('policy', parsed.error.message);
    this.link.send(outcome.ok ? { t: 'policy-in-force', generation } : { t: 'policy-refused', generation, message: outcome.error.message });
  }

  private use(snapshot: PolicySnapshot): Result<void> {
    // Compiling is the longest this thread is ever away.
    this.onWork();
    const compiled = compilePolicy(snapshot);
    this.onWork();
    if (!compiled.ok) return compiled;
    this.policy = compiled.value;
    this.book.useGeneration(snapshot.generation);
    this.sentinel.setPolicy(compiled.value, (spent) => ({ nowMs: Date.now(), bootId: this.bootId, spent, detectors: this.detectors }));
    this.refreshMarks();
    for (const problem of this.fileMarks.refresh(compiled.value.testsOpens ? snapshot.guardedFiles : [])) this.report(problem);
    return ok(undefined);
  }

  private refreshMarks(): void {
    this.link.send({ t: 'coverage', coverage: this.marks.refresh(this.policy?.testsStarts ?? false) });
  }

  /** Once a second while something is decided: in a storm beats come more often than anybody reads figures. */
  private tellNewStats(): void {
    if (performance.now() - this.toldAtMs < STATS_EVERY_MS) return;
    if (this.book.counts().decisions === this.toldDecisions && this.gate.held === 0) return;
    this.tellStats();
  }

  private tellStats(): void {
    const { book, latency, gate } = this;
    this.toldAtMs = performance.now();
    this.toldDecisions = book.counts().decisions;
    this.link.send({ t: 'stats', stats: { ...book.counts(), p50us: latency.quantile(0.5), p99us: latency.quantile(0.99), held: gate.held, stuckReads: stuckReads() } });
  }
}
