/** From a start that must be judged now to what is done about it: judge, stop, put on record. */
import type { RecordedHit, StartRecord } from '../../../shared/link/messages.ts';
import type { Ancestor, FactName, FactReader } from '../../../shared/start/facts.ts';
import type { Generation, ProcessTree } from '../core/process-tree.ts';
import type { Finding, KnownStart, LiveProcesses } from '../ports.ts';
import type { StopReport, TreeStopper } from '../response/stop-tree.ts';
import { endedBelow } from './ended-below.ts';
import type { Findings } from './findings.ts';
import { unjudgedHit } from './own-rules.ts';
import type { RecentFindings } from './recent-findings.ts';
import type { SeenStart } from './seen-start.ts';
import { keptFacts, type StartJudge } from './start-judge.ts';
import type { StartWatcher } from './start-watcher.ts';
import { ALREADY_ENDED, stopNotes, unjudgedWords, WATCHING_ONLY } from './words.ts';

/** Of a start that was seen these say the same, whether its process is looked at or not. */
const ALWAYS_KEPT: ReadonlySet<FactName> = new Set<FactName>(['image', 'argv', 'script', 'ancestors', 'runningImage', 'parentArgv']);

export interface ActPorts {
  readonly live: LiveProcesses;
  readonly tree: ProcessTree;
  readonly judge: StartJudge;
  readonly stopper: TreeStopper;
  readonly findings: Findings;
  readonly recent: RecentFindings;
  /** False without the rights to stop programs: what would be stopped is recorded as audited. */
  readonly acts: boolean;
  /** An allow let a running program pass. */
  readonly onAllowUsed: (allowId: string) => void;
  readonly watcher: StartWatcher;
}

export class StartActor {
  private readonly ports: ActPorts;
  /** Starts whose tree is being stopped, with the process's start time. */
  private readonly underWay = new Map<SeenStart, number>();
  /** Starts that a rule forbids: their line of history is that of the stop. */
  private readonly forbidden = new WeakSet<SeenStart>();
  private judgedCount = 0;
  private stoppedCount = 0;

  constructor(ports: ActPorts) {
    this.ports = ports;
  }

  get judged(): number {
    return this.judgedCount;
  }

  get stopped(): number {
    return this.stoppedCount;
  }

  /** Start time of the oldest process that is being stopped; null when none is. */
  oldestUnderWayMs(): number | null {
    return this.underWay.size === 0 ? null : Math.min(...this.underWay.values());
  }

  /** `why`: sentences for the record on why the start was not prevented. */
  judge(start: SeenStart, record: StartRecord | null, why: readonly string[]): void {
    const { judge, findings, recent, onAllowUsed } = this.ports;
    if (!judge.active || start.image === null) return;
    this.judgedCount += 1;
    const judgement = judge.judge(this.facts(start, record));
    for (const hit of judgement.audits) {
      if (recent.add({ ...start, image: start.image }, hit.ruleId)) findings.ofStart('audited', start, hit, why);
    }
    if (judgement.allowId !== null) onAllowUsed(judgement.allowId);
    if (judgement.unjudged && start.argv !== null && !start.argvComplete) this.tooLong(start, record);
    if (judgement.denial === null) return;
    this.forbidden.add(start);
    this.act(start, judgement.denial, why);
  }

  /** A start that is judged already: what the detectors remember of it counts for later ones. */
  watch(start: SeenStart, record: StartRecord): void {
    const { judge, live } = this.ports;
    if (!judge.remembers || start.image === null) return;
    const { image, uid } = start;
    const argv = start.argvComplete ? start.argv : null;
    const facts = start.gone ? keptFacts({ image, argv, uid, currentDirectory: record.cwd ?? null }) : live.facts(start.pid, { image, argv, uid, ancestors: [], parentArgv: null });
    judge.watch(facts);
  }

  /** Shows a start to the rules of packs, which speak about what runs. What is stopped anyway needs no second line from those who only observe. */
  look(start: SeenStart, record: StartRecord | null): void {
    const { watcher, tree, recent, findings } = this.ports;
    if (!watcher.active || start.image === null) return;
    for (const { hit, stops, notes } of watcher.look(start, this.facts(start, record), tree)) {
      if (stops) this.act(start, hit, notes);
      else if (!this.forbidden.has(start) && recent.add({ ...start, image: start.image }, hit.ruleId)) findings.ofStart('observed', start, hit, notes);
    }
  }

  /** Acts on a start that a rule forbids. */
  act(start: SeenStart, hit: RecordedHit, why: readonly string[]): void {
    const { recent, findings, stopper, live, acts } = this.ports;
    if (!recent.add({ ...start, image: start.image ?? '' }, hit.ruleId)) return;
    if (!acts) {
      findings.ofStart('audited', start, hit, [WATCHING_ONLY]);
      return;
    }
    if (start.startTicks === null) {
      findings.ofStart('stopped', start, hit, [...why, ALREADY_ENDED]);
      return;
    }
    this.underWay.set(start, live.startTimeMs(start.startTicks));
    const begun = findings.beginStop(start, hit, why);
    void stopper.stop(start.life, start.startTicks).then(
      (report) => this.recordStop(start, begun, report),
      (defect: unknown) => {
        this.underWay.delete(start);
        throw defect;
      },
    );
  }

  private tooLong(start: SeenStart, record: StartRecord | null): void {
    const hit = unjudgedHit('too-long');
    // The sentinel has put it on record already.
    if (record?.unjudged !== undefined || !this.ports.recent.add({ ...start, image: start.image ?? '' }, hit.ruleId)) return;
    this.ports.findings.ofStart('observed', start, hit, [unjudgedWords('too-long', start.uid === null ? null : this.ports.live.userName(start.uid))]);
  }

  private recordStop(start: SeenStart, begun: Finding, report: StopReport): void {
    this.underWay.delete(start);
    const ended = report.outcome === 'stopped' || report.outcome === 'gone';
    if (ended) this.stoppedCount += 1;
    this.ports.findings.endStop(begun, ended ? 'stopped' : 'audited', [...begun.notes, ...stopNotes(report)], endedBelow(this.ports.tree, start.life, report));
  }

  /** The process is looked at again when a fact is asked for that only it can tell; most rules ask for none. */
  private facts(start: SeenStart, record: StartRecord | null): FactReader {
    const known = this.known(start, record);
    const { image, argv, uid, ancestors, parentArgv } = known;
    const userName = uid === null ? null : this.ports.live.userName(uid);
    // One by one: an object that is spread and added to has a new shape each time, which costs more than all else here.
    const kept = keptFacts({ image, argv, uid, ancestors, parentArgv, userName, currentDirectory: record?.cwd ?? null, runningImage: ancestors[0]?.image ?? '' });
    let live: FactReader | null = null;
    return (name) => {
      if (ALWAYS_KEPT.has(name)) return kept(name);
      live ??= this.runsStill(start) ? this.ports.live.facts(start.pid, known) : kept;
      return live(name);
    };
  }

  /** Whether what is read of the process now is about this very start. */
  private runsStill(start: SeenStart): boolean {
    const { live } = this.ports;
    return start.startTicks !== null && live.stat(start.pid)?.startTicks === start.startTicks && live.image(start.pid) === start.image;
  }

  private known(start: SeenStart, record: StartRecord | null): KnownStart {
    const generations = this.ports.tree.ancestors(start.life, start.program).filter(({ program }) => program.image !== '');
    const ancestors = generations.length === 0 && record?.ancestors !== undefined ? record.ancestors : generations.map(toAncestor);
    const parent = this.ports.judge.effectiveParent(ancestors);
    const parentGeneration = parent === null ? undefined : generations.find((generation) => generation.pid === parent.pid && generation.program.image === parent.image);
    return { image: start.image ?? '', argv: start.argvComplete ? start.argv : null, uid: start.uid, ancestors, parentArgv: parentGeneration?.program.argv ?? null };
  }
}

function toAncestor({ pid, startTicks, program }: Generation): Ancestor {
  return { pid, startTicks: startTicks ?? 0, image: program.image };
}
