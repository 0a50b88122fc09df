/** A start pipeline over a made-up machine, with a judge that a test writes in one line and a recorder that keeps everything. */
import type { Finding, Recorder, StopJournal } from '../../electron/engine/ports.ts';
import { GapBook, type AliveMark } from '../../electron/engine/pipeline/gaps.ts';
import { StartPipeline, type PipelineParts } from '../../electron/engine/pipeline/start-pipeline.ts';
import type { StartJudge } from '../../electron/engine/pipeline/start-judge.ts';
import { LINUX_PROGRAMS } from '../../electron/engine/response/protected-names.ts';
import { Scope } from '../../electron/engine/response/scope.ts';
import { Shield } from '../../electron/engine/response/shield.ts';
import type { RecordedHit, StartRecord } from '../../shared/link/messages.ts';
import { fail, ok } from '../../shared/result.ts';
import type { StartFacts } from '../../shared/start/facts.ts';
import { FakeMachine, type FakeProcess } from './fake-machine.ts';
import { FakeTime } from './fake-time.ts';

export type Mode = RecordedHit['mode'];
/** What a rule makes of a start: null is clear. */
export type FakeRule = (facts: Pick<StartFacts, 'image' | 'argv' | 'ancestors' | 'parentArgv'>) => Mode | null;

export function hitOf(mode: Mode, ruleId = 'rule-1'): RecordedHit {
  return { ruleId, definitionId: 'definition-1', mode, matched: [] };
}

/** Rules excuse what a program of the same kind starts. */
export const evilUnlessByItself: FakeRule = ({ image, ancestors }) => (image.includes('evil') && !ancestors.some((ancestor) => ancestor.image.includes('evil')) ? 'block' : null);

export class FakeJudge implements StartJudge {
  generation = 1;
  active = true;
  remembers = false;
  readonly watched: string[] = [];
  rule: FakeRule = () => null;
  judged: string[] = [];

  judge: StartJudge['judge'] = (read) => {
    const facts = { image: read('image') as string, argv: read('argv') as StartFacts['argv'], ancestors: read('ancestors') as StartFacts['ancestors'], parentArgv: read('parentArgv') as StartFacts['parentArgv'] };
    this.judged.push(facts.image);
    const mode = this.rule(facts);
    if (mode === null) return { denial: null, audits: [], allowId: null, unjudged: false };
    return mode === 'audit' ? { denial: null, audits: [hitOf('audit')], allowId: null, unjudged: false } : { denial: hitOf(mode), audits: [], allowId: null, unjudged: false };
  };

  watch: StartJudge['watch'] = (read) => {
    this.watched.push(read('image') as string);
  };

  effectiveParent: StartJudge['effectiveParent'] = (ancestors) => ancestors[0] ?? null;
}

export class FakeRecorder implements Recorder {
  readonly findings: Finding[] = [];
  full = false;

  record: Recorder['record'] = (finding) => {
    this.findings.push(finding);
    return this.full ? fail('disk-full', 'No space left.') : ok({} as never);
  };

  has(id: string): boolean {
    return this.findings.some((finding) => finding.id === id);
  }
}

/** Keeps what is being stopped; handed to a later rig, it is what the engine before left. */
export class FakeJournal implements StopJournal {
  readonly open = new Map<string, Finding>();

  begin(finding: Finding): void {
    this.open.set(finding.id, finding);
  }

  end(id: string): void {
    this.open.delete(id);
  }

  left(): readonly Finding[] {
    return [...this.open.values()];
  }
}

export class Rig {
  readonly time = new FakeTime();
  readonly machine = new FakeMachine(this.time);
  readonly judge = new FakeJudge();
  readonly recorder = new FakeRecorder();
  readonly shield = new Shield(this.machine);
  readonly usedAllows: string[] = [];
  /** Records the sentinel need not keep any more. */
  readonly taken: number[] = [];
  readonly journal: FakeJournal;
  mark: AliveMark | null = null;
  readonly gaps: GapBook;
  readonly pipeline: StartPipeline;
  private seq = 0;

  constructor(more: Partial<Pick<PipelineParts, 'acts' | 'watcher'>> & { readonly scope?: readonly string[]; readonly mark?: AliveMark; readonly journal?: FakeJournal } = {}) {
    this.journal = more.journal ?? new FakeJournal();
    this.mark = more.mark ?? null;
    this.gaps = new GapBook(this.time, { read: () => this.mark, write: (mark) => { this.mark = mark; } });
    this.pipeline = new StartPipeline({
      live: this.machine, judge: this.judge, recorder: this.recorder, gaps: this.gaps, shield: this.shield, journal: this.journal, scope: new Scope(more.scope ?? []),
      programs: LINUX_PROGRAMS, clock: this.time, scheduler: this.time, runId: 'run', acts: more.acts ?? true, onAllowUsed: (id) => this.usedAllows.push(id), onTaken: (_, seq) => this.taken.push(seq),
      ...(more.watcher === undefined ? {} : { watcher: more.watcher }),
    });
  }

  async start(): Promise<this> {
    const started = this.pipeline.start();
    await this.time.pass(10);
    await started;
    this.machine.takeNews();
    return this;
  }

  /** A running sentinel that is asked about everything below `/`, but not below /mnt. */
  withSentinel(): this {
    this.pipeline.onSentinel(this.time.nowMs());
    this.pipeline.onCoverage([{ mount: '/', prevent: true, reason: null }, { mount: '/mnt', prevent: false, reason: 'network file systems get no mark' }]);
    return this;
  }

  /** Hands all news to the pipeline. */
  tell(): void {
    this.pipeline.onNews(this.machine.takeNews());
  }

  /** What the sentinel wrote down about the start of this program. */
  recordOf(process: Pick<FakeProcess, 'pid' | 'ppid' | 'startTicks' | 'image' | 'argv' | 'uid'>, more: Partial<StartRecord> = {}): StartRecord {
    this.seq += 1;
    return {
      kind: 'start', seq: this.seq, timeMs: this.time.nowMs(), tid: process.pid, image: process.image ?? '', argv: process.argv, argvComplete: true,
      ppid: process.ppid, startTicks: process.startTicks, uid: process.uid, cwd: '/', answer: 'allow', generation: this.judge.generation, ...more,
    };
  }

  /** The sentinel's word of it reaches the engine. */
  judged(process: FakeProcess, more: Partial<StartRecord> = {}): void {
    this.pipeline.onStartRecords('s1', [this.recordOf(process, more)]);
  }

  /** Action and image of everything on record. */
  get history(): string[] {
    return this.recorder.findings.map(({ action, process }) => `${action} ${process.image}`);
  }

  get notes(): string {
    return this.recorder.findings.flatMap(({ notes }) => notes).join(' ');
  }
}
