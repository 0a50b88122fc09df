/**
 * The engine, put together: platform adapters on one side, the product on the other. The only place that knows both.
 * Start order: settings and store, policy for the sentinel, news of processes, then the socket that people ask.
 */
import crypto from 'node:crypto';
import path from 'node:path';
import { compilePolicy, newDetectorState, type CompiledPolicy } from '../../engine/asr/judge.ts';
import { openDefinitionIds, type RuleBook } from '../../engine/asr/rule-book.ts';
import { PolicyKeeper, type PolicyPublisher } from '../../engine/control/policy-keeper.ts';
import { Rehearsals } from '../../engine/control/rehearsals.ts';
import { createControlService } from '../../engine/control/service.ts';
import type { ExpiryClock } from '../../engine/core/expiry-clock.ts';
import { ruleDescriber } from '../../engine/edr/describe-rule.ts';
import { openStore, type OpenedStore } from '../../engine/edr/open-store.ts';
import { GapBook } from '../../engine/pipeline/gaps.ts';
import { PolicyJudge } from '../../engine/pipeline/start-judge.ts';
import { StartPipeline } from '../../engine/pipeline/start-pipeline.ts';
import type { Scheduler } from '../../engine/core/scheduler.ts';
import type { Clock } from '../../engine/ports.ts';
import { LINUX_PROGRAMS } from '../../engine/response/protected-names.ts';
import { Scope } from '../../engine/response/scope.ts';
import { Shield } from '../../engine/response/shield.ts';
import { ProcessNewsSensor } from '../../engine/sensors/process-news-sensor.ts';
import type { OpenedSettings } from '../../engine/settings/settings-file.ts';
import { isHeld } from '../../platform/linux/file-lock.ts';
import { isOwnPeer, peerOfSocket } from '../../platform/linux/peer.ts';
import { holdProcess } from '../../platform/linux/pidfd.ts';
import { openProcessNews } from '../../platform/linux/proc-connector.ts';
import { readBootId } from '../../platform/linux/proc.ts';
import { listSeenProcesses } from '../../platform/linux/process-poll.ts';
import { openPolledNews } from '../../platform/portable/polled-news.ts';
import type { PolicySnapshot } from '../../../shared/policy/snapshot.ts';
import type { Reason, Status } from '../../../shared/status/status.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { HostOptions } from '../options.ts';
import { beatFileOf } from '../beat-file.ts';
import { SENTINEL_SILENCE_MS } from '../supervisor.ts';
import { aliveMarkFile } from './alive-mark-file.ts';
import { ControlServer } from './control-server.ts';
import { DenialDrain } from './denial-drain.ts';
import { DeviceWatch } from './device-facts.ts';
import { openExpiryClock } from './expiry-clock.ts';
import { Housekeeping } from './housekeeping.ts';
import { liveProcesses, type LiveSystem } from './live-processes.ts';
import { PauseBook } from './pause-book.ts';
import { PolicyUpkeep } from './policy-upkeep.ts';
import type { PackService } from './pack-service.ts';
import { findProblems } from './problems.ts';
import { programContent } from './program-content.ts';
import { setAsideFiles } from './set-aside-files.ts';
import { savedPolicy } from '../saved-policy.ts';
import type { InquiryPolicy } from '../sentinel/start-inquiry.ts';
import { SentinelLink } from './sentinel-link.ts';
import { stopJournalFile } from './stop-journal-file.ts';
import { StatusBoard, type Family } from './status-board.ts';
import { WindowFacts } from './window-facts.ts';
import type { WakeClock } from '../wake-clock.ts';

export interface EngineProcessOptions {
  readonly host: HostOptions;
  readonly version: string;
  readonly uid: number;
  readonly clock: WakeClock;
  readonly scheduler: Scheduler;
  readonly log: (line: string) => void;
  readonly onStopRequested: () => void;
}

const CLOCK: Clock = { nowMs: () => Date.now(), monotonicNs: () => process.hrtime.bigint() };
const NO_PUBLISHER: PolicyPublisher = { publish: () => Promise.resolve(ok(undefined)) };

export class EngineProcess {
  private readonly options: EngineProcessOptions;
  private readonly book: RuleBook;
  private readonly settings: OpenedSettings;
  private readonly privileged: boolean;
  private readonly openDefinitions: ReadonlySet<string>;
  private readonly bootId = readBootId();
  private readonly clock = CLOCK;
  private readonly packs: PackService;
  private readonly expiry: ExpiryClock;
  private readonly live: LiveSystem;
  private readonly judge: PolicyJudge;
  private readonly device: DeviceWatch;
  private readonly shield: Shield;
  private readonly facts: WindowFacts;
  private readonly gaps: GapBook;
  private readonly board: StatusBoard;
  private readonly link: SentinelLink | null;
  private readonly keeper: PolicyKeeper;
  private readonly upkeep: PolicyUpkeep;
  private readonly pauses: PauseBook;
  private store: OpenedStore | null = null;
  private pipeline: StartPipeline | null = null;
  private sensor: ProcessNewsSensor | null = null;
  private server: ControlServer | null = null;
  private drain: DenialDrain | null = null;
  private starting = true;
  /** Told until somebody has looked, also by an engine that was started again since. */
  private setAside: readonly string[] = [];
  private family: Family = { ownerPid: process.ppid, sentinelPid: null, engineRestarts: 0, sentinelRestarts: 0, sentinelFailure: null, window: null };
  private tools: InquiryPolicy = { systemTools: new Map(), systemToolPaths: new Set() };

  constructor(options: EngineProcessOptions, book: RuleBook, settings: OpenedSettings, packs: PackService) {
    const { paths, scope } = options.host;
    this.options = options;
    this.book = book;
    this.settings = settings;
    this.packs = packs;
    this.privileged = options.uid === 0;
    this.facts = new WindowFacts(options.scheduler, options.version);
    this.openDefinitions = openDefinitionIds(book);
    this.expiry = openExpiryClock(settings.settings.current.clock, this.bootId);
    this.live = liveProcesses(() => this.tools);
    this.judge = new PolicyJudge(newDetectorState(), () => ({ nowMs: Date.now(), bootId: this.bootId }));
    this.device = new DeviceWatch(book, () => settings.settings.current, scope);
    this.shield = new Shield(this.live);
    this.gaps = new GapBook(this.clock, aliveMarkFile(path.join(paths.privateRunDir, 'alive.json'), options.log));
    this.link = this.privileged ? this.makeLink() : null;
    const saved = savedPolicy(paths.snapshotFile);
    if (saved !== null) this.goOnWith(saved);
    this.keeper = new PolicyKeeper(
      {
        book,
        system: 'linux',
        settings: settings.settings,
        publisher: this.link ?? NO_PUBLISHER,
        device: (settings) => this.device.facts(settings),
        times: () => this.expiry.times(),
        clockMark: () => this.expiry.mark(),
        bootId: this.bootId,
        onPolicy: (policy) => this.usePolicy(policy),
      },
      (saved?.generation ?? 0) + 1,
    );
    this.upkeep = this.makeUpkeep();
    this.pauses = this.makePauses();
    this.board = this.makeBoard();
  }

  openStore(): Result<void> {
    const { log, uid, host } = this.options;
    const opened = openStore(path.join(host.paths.dataDir, 'history.db'), {
      clock: this.clock,
      ownUid: uid,
      describeRule: ruleDescriber(() => this.book, (id) => this.packs.describe(id)),
      userName: (id) => this.live.userName(id),
      startTimeMs: (ticks) => this.live.startTimeMs(ticks),
      onEntry: (entry, ownerUid) => this.facts.onEntry(entry, ownerUid),
    });
    if (!opened.ok) return opened;
    if (opened.value.setAside !== null) log(`the history store was damaged and set aside as ${opened.value.setAside}`);
    this.store = opened.value;
    return ok(undefined);
  }

  async start(): Promise<void> {
    const pipeline = this.makePipeline();
    this.pipeline = pipeline;
    this.setFamily(this.family);
    this.sensor = this.makeSensor(pipeline);
    this.sensor.start();
    this.drain = this.makeDrain(pipeline);
    this.setAside = setAsideFiles(this.options.host.paths.dataDir);
    this.device.refreshGuardedFiles();
    this.server = this.makeServer();
    this.report(await this.server.listen());
    this.link?.start();
    // The sentinel may still be starting: what runs already is judged meanwhile by the policy that was in force.
    const inForce = this.keeper.refresh();
    await pipeline.start();
    this.report(await inForce);
    await this.drain.drain();
    this.starting = false;
    void this.packs.start();
    this.makeHousekeeping(pipeline).start(this.options.clock);
  }

  /** In the owner's words: who belongs to this Holdfast. */
  setFamily(family: Family): void {
    this.family = family;
    this.shield.setOwn([process.pid, family.ownerPid, ...(family.sentinelPid === null ? [] : [family.sentinelPid])]);
  }

  status(): Status {
    return this.board.status();
  }

  /** For those who wait for news of the state. */
  stateChanged(): void {
    this.facts.changes.raise();
  }

  private goOnWith(saved: PolicySnapshot): void {
    this.device.useTools(saved.systemTools);
    const compiled = compilePolicy(saved);
    if (compiled.ok) this.usePolicy(compiled.value);
  }

  private usePolicy(policy: CompiledPolicy): void {
    this.tools = policy;
    this.judge.usePolicy(policy);
  }

  /** A person stopped Holdfast: what starts from now on is nobody's business. */
  async stop(): Promise<void> {
    this.sensor?.close();
    this.pipeline?.close();
    await this.drain?.drain();
    this.gaps.leaveMark(Date.now(), true);
    this.upkeep.saveClock();
    this.server?.close();
    this.link?.close();
    this.report(this.store?.store.close() ?? ok(undefined));
  }

  private makePipeline(): StartPipeline {
    const { live, judge, gaps, shield, clock, privileged } = this;
    const { scheduler } = this.options;
    return new StartPipeline({
      live, judge, gaps, shield, clock, scheduler,
      recorder: this.opened.store,
      journal: stopJournalFile(path.join(this.options.host.paths.privateRunDir, 'stops.jsonl'), this.options.log),
      scope: new Scope(this.options.host.scope),
      programs: LINUX_PROGRAMS,
      runId: crypto.randomUUID(),
      acts: privileged,
      onAllowUsed: (id) => this.upkeep.spendAllow(id),
      watcher: this.packs.watcher,
      onTaken: (id, seq) => this.link?.tellTaken(id, seq),
    });
  }

  private makeUpkeep(): PolicyUpkeep {
    const { keeper, expiry, device, live } = this;
    return new PolicyUpkeep({
      keeper, expiry, device, live,
      settings: this.settings.settings,
      store: () => this.store?.store ?? null,
      report: (outcome) => this.report(outcome),
    });
  }

  private makePauses(): PauseBook {
    const { live, keeper, bootId, settings } = this;
    return new PauseBook({
      live, keeper, bootId,
      settings: () => settings.settings.current,
      recorder: () => this.opened.store,
      times: () => this.expiry.times(),
      tree: () => this.pipeline?.tree ?? null,
      newId: () => crypto.randomUUID(),
    });
  }

  private makeSensor(pipeline: StartPipeline): ProcessNewsSensor {
    if (this.privileged) return new ProcessNewsSensor('process-news', openProcessNews, pipeline, this.options.scheduler, null);
    const limitation = 'without administrator rights the process list is compared twice a second; programs that end sooner are not seen';
    return new ProcessNewsSensor('process-list', () => ok(openPolledNews(listSeenProcesses)), pipeline, this.options.scheduler, limitation);
  }

  private makeLink(): SentinelLink {
    const { paths } = this.options.host;
    return new SentinelLink({
      socketPath: paths.sentinelSocket,
      snapshotFile: paths.snapshotFile,
      silenceMs: SENTINEL_SILENCE_MS,
      clock: this.options.clock,
      beatFile: beatFileOf(paths.privateRunDir, 'sentinel'),
      isOurs: isOwnPeer,
      hold: holdProcess,
      onUp: (startTicks) => {
        this.pipeline?.onSentinel(this.live.startTimeMs(startTicks));
        void this.drain?.drain();
      },
      onDown: () => {
        this.pipeline?.onSentinel(null);
        void this.drain?.drain();
      },
      onRecords: (id, records) => {
        this.pipeline?.onStartRecords(id, records);
        this.facts.onRecords(records);
      },
      onDenied: () => void this.drain?.drain(),
      onUnlogged: (id, record, answered) => void this.pipeline?.onDenials(id, [{ ...record, confirmed: answered }]),
      onCoverage: (coverage) => this.pipeline?.onCoverage(coverage),
      onAllowUsed: (id) => this.upkeep.spendAllow(id),
      log: this.options.log,
    });
  }

  private makeDrain(pipeline: StartPipeline): DenialDrain {
    const { store } = this.opened;
    return new DenialDrain({
      folder: this.options.host.paths.privateRunDir,
      resolve: (id, denials) => pipeline.onDenials(id, denials),
      drainedThrough: (id) => store.drainedThrough(id),
      markDrained: (id, seq) => store.markDrained(id, seq),
      isHeld,
      tell: (id, seq) => this.link?.tellDrained(id, seq),
      log: this.options.log,
    });
  }

  private makeBoard(): StatusBoard {
    const { host, version } = this.options;
    return new StatusBoard({
      version,
      instance: host.instance,
      scope: host.scope,
      privileged: this.privileged,
      book: this.book,
      settings: () => this.settings.settings.current,
      times: () => this.expiry.times(),
      bootId: this.bootId,
      family: () => this.family,
      starting: () => this.starting,
      sentinel: () => ({ pid: this.link?.sentinelPid ?? null, stats: this.link?.stats ?? null, coverage: this.link?.coverage ?? [] }),
      sensors: () => this.sensors(),
      gaps: () => this.gaps.list(),
      problems: () => this.problems(),
    });
  }

  private makeServer(): ControlServer {
    const { store } = this.opened;
    const { host, uid, log, onStopRequested } = this.options;
    const service = createControlService({
      book: this.book,
      system: 'linux',
      settings: this.settings.settings,
      keeper: this.keeper,
      recordPause: (event, pause, caller) => this.pauses.byPerson(event, pause, caller),
      store,
      rehearsals: new Rehearsals(this.shield, this.options.scheduler),
      status: () => this.status(),
      packs: this.packs.control,
      doctor: () => [...this.board.doctor(), ...this.packs.doctor()],
      standing: (rule) => this.board.standing(rule),
      userName: (id) => this.live.userName(id),
      contentOf: (entry) => (this.openDefinitions.has(entry.definitionId ?? '') ? ok(null) : programContent(entry.process.image)),
      times: () => this.expiry.times(),
      bootId: this.bootId,
      newId: () => crypto.randomUUID(),
      scope: host.scope,
      ownUid: uid,
      requestStop: onStopRequested,
      ...this.facts.deps(() => this.family),
    });
    return new ControlServer({
      socketPath: host.paths.controlSocket,
      ownUid: uid,
      peerOf: peerOfSocket,
      handle: (call, input, caller, ask) => service.handle(call, input, caller, ask),
      log,
    });
  }

  private makeHousekeeping(pipeline: StartPipeline): Housekeeping {
    const { store } = this.opened;
    return new Housekeeping({
      leaveMark: () => pipeline.leaveMark(),
      retryStore: () => {
        if (store.problem() !== null) store.retry();
      },
      drain: () => void this.drain?.drain(),
      endPause: () => void this.pauses.endExpired(),
      clockOffsetMs: () => {
        const { effectiveNowMs, wallNowMs } = this.expiry.times();
        return effectiveNowMs - wallNowMs;
      },
      refreshPolicy: () => void this.upkeep.refresh(),
      guardedFilesChanged: () => this.device.refreshGuardedFiles(),
      refreshTools: () => void this.upkeep.refreshTools(),
      saveClock: () => this.upkeep.saveClock(),
      prune: () => {
        const removed = store.prune(this.expiry.now());
        return removed.ok && removed.value > 0;
      },
    });
  }

  private get opened(): OpenedStore {
    if (this.store === null) throw new Error('the store is opened before the engine starts');
    return this.store;
  }

  private sensors(): Status['sensors'] {
    const progress = this.pipeline?.status();
    return this.sensor === null || progress === undefined ? [] : [this.sensor.status(progress)];
  }

  private problems(): Reason[] {
    return [...this.packs.problems(), ...findProblems({ settings: this.settings, store: this.store?.store ?? null, setAside: this.setAside, learningTools: this.judge.active && !this.device.knowsTools })];
  }

  private report(outcome: Result<unknown>): void {
    if (!outcome.ok) this.options.log(outcome.error.message);
  }
}
