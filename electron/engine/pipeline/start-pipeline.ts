/**
 * The one path from news of a program start to what is done about it.
 *
 * The kernel's news says that a program started; the sentinel's record says how that start was judged before it ran. The
 * two meet here in any order. A start that runs exactly as it was judged, by the rules in force, is done with. Every
 * other is judged from the running process, and stopped with its descendants when a rule forbids it.
 */
import type { ProcessNews } from '../../platform/contract.ts';
import type { StartRecord } from '../../../shared/link/messages.ts';
import { ProcessTree } from '../core/process-tree.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { Clock, DenialSink, LiveProcesses, Recorder, StopJournal } from '../ports.ts';
import type { ProtectedPrograms } from '../response/protected-names.ts';
import { Refusals } from '../response/refusals.ts';
import type { Scope } from '../response/scope.ts';
import type { Shield } from '../response/shield.ts';
import { TreeStopper } from '../response/stop-tree.ts';
import { StartActor } from './act-on-start.ts';
import { CoverageMap, type CoveredMount } from './coverage-map.ts';
import { DenialResolver, type LoggedDenial } from './denial-resolver.ts';
import { Findings } from './findings.ts';
import type { GapBook } from './gaps.ts';
import { Intake } from './intake.ts';
import { PipelineCounters, type PipelineStatus } from './pipeline-counters.ts';
import { RecentFindings } from './recent-findings.ts';
import { RecordIntake } from './record-intake.ts';
import { RecordShelf } from './record-shelf.ts';
import { Resynchroniser } from './resynchroniser.ts';
import { isUnread, type SeenStart } from './seen-start.ts';
import type { StartJudge } from './start-judge.ts';
import { StartMatcher } from './start-matcher.ts';
import { NO_WATCHER, type StartWatcher } from './start-watcher.ts';
import { StartReader } from './start-reader.ts';
import { UnfinishedStops } from './unfinished-stops.ts';
import { WaitingStarts } from './waiting-starts.ts';
import { notPrevented } from './words.ts';

export interface PipelineParts {
  readonly live: LiveProcesses;
  readonly judge: StartJudge;
  readonly recorder: Recorder;
  readonly gaps: GapBook;
  readonly journal: StopJournal;
  readonly shield: Shield;
  readonly scope: Scope;
  readonly programs: ProtectedPrograms;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Names this run of the engine; never used twice. */
  readonly runId: string;
  /** False without the rights to stop programs. */
  readonly acts: boolean;
  readonly onAllowUsed: (allowId: string) => void;
  /** Rules of packs; without them only the policy judges. */
  readonly watcher?: StartWatcher;
  /** What that sentinel has to tell for history up to there was given to the recorder. */
  readonly onTaken: (sentinelId: string, throughSeq: number) => void;
}

const MOST_NEWS = 65_536;
/** A program that runs unjudged must not do so for long. */
const RUNNING = { waitMs: 50, most: 4_096 };
/** One that is gone can only be told by its record, which may be late when the machine is busy; waiting harms nobody. */
const GONE = { waitMs: 2_000, most: 16_384 };
const MOST_READ_SLOWLY = 256;
const SWEEP_MS = 5_000;
/** Longer than the sentinel's records are on their way. Only with a scope, where most of the machine's starts are nobody's business. */
const SCOPE_PATIENCE_MS = 60;
/** The mark of what is dealt with never lies further back, or a restart would judge anew what has long been running. */
const MOST_UNSETTLED_MS = 60_000;

export class StartPipeline implements DenialSink {
  readonly tree = new ProcessTree();
  private readonly parts: PipelineParts;
  private readonly coverage = new CoverageMap();
  private readonly shelf = new RecordShelf();
  private readonly counters: PipelineCounters;
  private readonly reader: StartReader;
  private readonly matcher: StartMatcher;
  private readonly waiting: WaitingStarts;
  private readonly goneWaiting: WaitingStarts;
  private readonly stopper: TreeStopper;
  private readonly actor: StartActor;
  private readonly unfinished: UnfinishedStops;
  private readonly news: Intake<ProcessNews>;
  private readonly records: RecordIntake;
  private readonly resync: Resynchroniser;
  private readonly denials: DenialResolver;
  /** Starts whose arguments are being read. */
  private readonly reading = new Set<SeenStart>();
  private slowlyReading = 0;
  private stopSweeping: () => void = () => undefined;

  constructor(parts: PipelineParts) {
    const { live, judge, clock, scheduler, scope, acts, onAllowUsed, runId, recorder, gaps, journal } = parts;
    const { tree } = this;
    this.parts = parts;
    this.counters = new PipelineCounters(clock);
    const refusals = new Refusals({ live, tree, shield: parts.shield, programs: parts.programs });
    this.stopper = new TreeStopper({ live, tree, clock, scheduler, refusals: () => refusals.forOneStop() });
    const findings = new Findings({ recorder, tree, clock, runId, journal });
    const recent = new RecentFindings(clock);
    this.reader = new StartReader({ live, tree, clock, scope });
    this.matcher = new StartMatcher(this.shelf, this.coverage);
    this.waiting = new WaitingStarts(RUNNING, clock, scheduler, (start) => this.settle(start, true));
    this.goneWaiting = new WaitingStarts(GONE, clock, scheduler, (start) => this.settle(start, true));
    this.actor = new StartActor({ live, tree, judge, stopper: this.stopper, findings, recent, acts, onAllowUsed, watcher: parts.watcher ?? NO_WATCHER });
    this.unfinished = new UnfinishedStops({ journal, findings, live, tree, actor: this.actor });
    this.news = new Intake(MOST_NEWS, clock, scheduler, (item) => this.handleNews(item));
    this.records = new RecordIntake({ live, findings, recent, clock, scheduler, onStart: (pid, record) => this.onRecord(pid, record), onTaken: parts.onTaken });
    this.resync = new Resynchroniser({ live, tree, reader: this.reader, clock, scheduler, onMissed: (start) => this.onStart(start) });
    this.denials = new DenialResolver({
      live, tree, findings, recent, actor: this.actor, clock, scheduler,
      caughtUp: () => this.news.size === 0 && !this.resync.busy,
      newsWholeSince: (timeMs) => gaps.openSince('news') === null && this.counters.wholeSince(timeMs),
    });
  }

  /**
   * Once, after the source of news was started: takes over the processes that run. Resolves when they are in the tree and
   * what was missed is judged.
   */
  async start(): Promise<void> {
    this.scheduleSweep();
    this.counters.newsIsWhole();
    const fromMs = this.parts.gaps.resume();
    this.unfinished.recordEnded();
    const caughtUp = this.resync.run({ fromMs, because: 'it started while the engine was not running' });
    // An engine that ends a moment from now leaves a gap too.
    this.leaveMark();
    await caughtUp;
    this.unfinished.stopLiving();
    this.leaveMark();
  }

  /** Says to the next engine how far this one has come. Call it about once a second. */
  leaveMark(): void {
    this.parts.gaps.leaveMark(this.settledMs(), false);
  }

  close(): void {
    this.stopSweeping();
  }

  onNews(batch: readonly ProcessNews[]): void {
    let refused = 0;
    this.parts.live.inOneBatch(() => {
      refused = this.news.take(batch);
    });
    if (refused > 0) this.onLoss(refused);
  }

  /** News was lost; null when the kernel does not tell how much. */
  onLoss(lost: number | null): void {
    this.counters.lose(lost);
    const fromMs = this.counters.lastNewsMs;
    this.parts.gaps.begin('news', fromMs, 'News of process starts was lost.');
    this.catchUp(fromMs, 'it started while news of starts was being lost');
  }

  /** The source of news ended; until `onNewsBack` only the sentinel's records tell of starts. */
  onNewsDown(reason: string): void {
    this.counters.newsUp = false;
    this.parts.gaps.begin('news', this.parts.clock.nowMs(), reason);
  }

  onNewsBack(): void {
    this.counters.newsUp = true;
    const fromMs = this.parts.gaps.openSince('news');
    if (fromMs !== null) this.catchUp(fromMs, 'it started while news of starts did not come in');
  }

  /** Judgements of the sentinel, in its order. */
  onStartRecords(sentinelId: string, records: readonly StartRecord[]): void {
    this.records.take(sentinelId, records);
  }

  /** Resolves when all are decided and handed to the recorder; only then may the sentinel's log be forgotten. */
  onDenials(sentinelId: string, records: readonly LoggedDenial[]): Promise<void> {
    return this.denials.onDenials(sentinelId, records);
  }

  /** The sentinel is there (its marks come with `onCoverage`), started at that time; null: it has ended. */
  onSentinel(startedMs: number | null): void {
    const { gaps } = this.parts;
    this.coverage.setSentinel(startedMs !== null);
    if (startedMs !== null) {
      gaps.sentinelUp(startedMs);
      return;
    }
    gaps.sentinelDown();
    // No record will come any more.
    this.waiting.endAll();
    this.goneWaiting.endAll();
  }

  onCoverage(coverage: readonly CoveredMount[]): void {
    this.coverage.setCoverage(coverage);
    this.parts.gaps.end('sentinel');
  }

  /** What started before this time has been judged and dealt with. */
  settledMs(): number {
    const now = this.parts.clock.nowMs();
    const head = this.news.head;
    const times = [
      head === undefined ? now : this.counters.wallOf(head.atNs),
      ...[...this.waiting.all(), ...this.reading].map(({ atNs }) => this.counters.wallOf(atNs)),
      this.actor.oldestUnderWayMs() ?? now,
      this.resync.catchingUpFromMs ?? now,
    ];
    return Math.max(Math.min(...times), now - MOST_UNSETTLED_MS);
  }

  status(): PipelineStatus {
    return this.counters.status({
      queued: this.news.size,
      waiting: this.waiting.size + this.goneWaiting.size + this.reading.size,
      oldestNs: this.news.head?.atNs ?? null,
      judged: this.actor.judged,
      stopped: this.actor.stopped,
      resyncs: this.resync.count,
      lostRecords: this.records.lost,
      treeSize: this.tree.size,
      treeBytes: this.tree.bytes,
    });
  }

  private handleNews(item: ProcessNews): void {
    const nowMs = this.counters.handled(item.atNs);
    if (item.type === 'fork') this.stopper.onFork(this.tree.fork(item.parentPid, item.childPid, item.atNs, nowMs));
    else if (item.type === 'exit') this.tree.exit(item.pid, nowMs, item.atNs);
    else this.onStart(this.reader.read(item.pid, item.atNs));
  }

  private onStart(start: SeenStart): void {
    // One that was gone before it could be read may be in scope: the sentinel's record will tell.
    if (start.image === null) {
      this.settle(start, false);
      return;
    }
    this.placeByRecords(start);
    if (this.inScope(start)) this.readArguments(start);
    // It may have replaced a program of the scope before that could be read; the sentinel's record of that one will tell.
    else this.parts.scheduler.after(SCOPE_PATIENCE_MS, () => {
      if (this.inScope(start)) this.readArguments(start);
    });
  }

  private readArguments(start: SeenStart): void {
    this.reading.add(start);
    this.reader.readArguments(start, (whole) => this.onArguments(start, whole));
  }

  private onArguments(start: SeenStart, whole: SeenStart): void {
    if (isUnread(whole) && this.slowlyReading < MOST_READ_SLOWLY) {
      void this.readSlowly(start);
      return;
    }
    this.reading.delete(start);
    this.settle(whole, false);
  }

  private async readSlowly(start: SeenStart): Promise<void> {
    this.slowlyReading += 1;
    try {
      const whole = await this.reader.readSlowArguments(start);
      this.reading.delete(start);
      this.settle(whole, false);
    } finally {
      this.slowlyReading -= 1;
    }
  }

  /** A record that came before the news of its process could not say yet whose program of the scope it was. */
  private placeByRecords({ pid, life }: SeenStart): void {
    const { scope } = this.parts;
    if (!scope.limited || life.scoped) return;
    if (this.shelf.of(pid).some(({ image }) => scope.holds(image))) this.tree.markScoped(life);
  }

  private inScope(start: SeenStart): boolean {
    return !this.parts.scope.limited || start.life.scoped;
  }

  private settle(start: SeenStart, last: boolean): void {
    const match = this.matcher.match(start, this.parts.judge.generation, last);
    if (match.kind === 'wait') {
      const queue = start.image === null ? this.goneWaiting : this.waiting;
      if (!queue.add(start)) this.settle(start, true);
      return;
    }
    if (match.record === null && !this.inScope(start)) return;
    const whole = match.record === null ? start : this.learn(start, match.record);
    this.counters.finish(whole);
    if (isUnread(start)) this.records.unread(whole);
    if (match.kind === 'judged') {
      if (match.earlier !== null) this.tree.learnEarlier(start.life, match.earlier);
      this.actor.watch(whole, match.record);
    } else this.actor.judge(whole, match.record, [notPrevented(start.missedBecause ?? match.because)]);
    this.actor.look(whole, match.record);
  }

  /** What the sentinel knew of a start that was gone before it could be read. */
  private learn(start: SeenStart, record: StartRecord): SeenStart {
    if (start.image !== null && start.argv !== null && start.uid !== null) return start;
    const startTicks = start.startTicks ?? (record.pid === undefined ? (record.startTicks ?? null) : null);
    const whole: SeenStart = {
      ...start,
      startTicks,
      image: start.image ?? record.image,
      argv: start.argv ?? record.argv,
      argvComplete: start.argv === null ? record.argvComplete && record.argv !== null : start.argvComplete,
      uid: start.uid ?? record.uid ?? null,
      ppid: start.ppid ?? record.ppid ?? null,
      currentDirectory: record.cwd ?? null,
    };
    this.tree.learn(start.life, start.program, { startTicks, ppid: whole.ppid, image: whole.image ?? '', argv: whole.argv, argvComplete: whole.argvComplete, uid: whole.uid });
    return whole;
  }

  private onRecord(pid: number, record: StartRecord): void {
    const { clock, scope } = this.parts;
    const life = scope.limited && scope.holds(record.image) ? this.tree.current(pid) : null;
    if (life !== null) this.tree.markScoped(life);
    if (!this.counters.newsUp) {
      this.startFromRecord(pid, record);
      return;
    }
    this.shelf.put(pid, record, clock.monotonicNs());
    for (const queue of [this.goneWaiting, this.waiting]) {
      const [waiting] = queue.of(pid);
      if (waiting === undefined) continue;
      queue.settle(waiting);
      this.settle(waiting, false);
    }
  }

  /** Without news the sentinel's record is all there is of a start; it has judged it. */
  private startFromRecord(pid: number, record: StartRecord): void {
    const { clock } = this.parts;
    const { image, argv, argvComplete, startTicks = null, ppid = null, uid = null } = record;
    this.tree.exec(pid, { startTicks: record.pid === undefined ? startTicks : null, ppid, image, argv, argvComplete, uid, atNs: clock.monotonicNs() }, clock.nowMs());
  }

  private catchUp(fromMs: number, because: string): void {
    void this.resync.run({ fromMs, because }).then(() => {
      if (!this.counters.newsUp || this.resync.busy) return;
      this.parts.gaps.end('news');
      this.counters.newsIsWhole();
    });
  }

  private scheduleSweep(): void {
    this.stopSweeping = this.parts.scheduler.after(SWEEP_MS, () => {
      this.tree.sweep(this.parts.clock.nowMs());
      this.shelf.expire(this.parts.clock.monotonicNs());
      this.scheduleSweep();
    });
  }
}
