/** The policy in force as the pipeline asks it: about a program that already runs. */
import type { RecordedHit } from '../../../shared/link/messages.ts';
import { NOT_READ, type Ancestor, type FactName, type FactReader, type NotRead, type StartFacts } from '../../../shared/start/facts.ts';
import { judgeStart, type CompiledPolicy, type DetectorState, type RuleHit } from '../asr/judge.ts';
import { stepDetectors } from '../behavior/detectors/step.ts';
import { effectiveParent, startViews } from '../behavior/start/views.ts';

export interface RunningJudgement {
  /** The rule that forbids this start; null when none does. */
  readonly denial: RecordedHit | null;
  readonly audits: readonly RecordedHit[];
  /** An allow that let it pass. */
  readonly allowId: string | null;
  /** A rule could not be decided because a fact can not be read by anyone. */
  readonly unjudged: boolean;
}

export interface StartJudge {
  readonly generation: number;
  /** False when no rule looks at starts. */
  readonly active: boolean;
  judge(facts: FactReader): RunningJudgement;
  /** Whether rules ask for what happened before, so that every start has to be shown to `watch`. */
  readonly remembers: boolean;
  /** A start that needs no judgement. */
  watch(facts: FactReader): void;
  /** The ancestor whose arguments the fact `parentArgv` means. */
  effectiveParent(ancestors: readonly Ancestor[]): Ancestor | null;
}

/** What a fact counts as when it can not be read from a process that runs or has run. */
const UNKNOWN: StartFacts = {
  image: '',
  argv: null,
  script: null,
  currentDirectory: null,
  uid: null,
  userName: null,
  ancestors: [],
  parentArgv: null,
  systemTool: null,
  content: null,
  volume: null,
  imageAgeHours: null,
  imageOwnerUid: null,
  sharesRoot: true,
  standardInputPipe: null,
  standardOutputPipe: null,
  standardOutputFile: null,
};

/** Facts of a process that is gone: what was kept of it. */
export function keptFacts(kept: Partial<StartFacts> & Pick<StartFacts, 'image'>): FactReader {
  return <K extends FactName>(name: K): StartFacts[K] => {
    const value = (kept as Partial<StartFacts>)[name] as StartFacts[K] | undefined;
    return value === undefined ? UNKNOWN[name] : value;
  };
}

/** Facts that would have to be waited for count as unknown: the process runs, and judging it later helps nobody. */
function withoutWaiting(facts: FactReader): FactReader {
  return <K extends FactName>(name: K): StartFacts[K] | NotRead => {
    const value = facts(name);
    return value === NOT_READ ? UNKNOWN[name] : value;
  };
}

/** A running process shows the interpreter as its program, never the script: there is no header to look for. */
function withoutHeader(facts: FactReader): FactReader {
  return <K extends FactName>(name: K): StartFacts[K] | NotRead => (name === 'script' ? (UNKNOWN.script as StartFacts[K]) : facts(name));
}

export class PolicyJudge implements StartJudge {
  private policy: CompiledPolicy | null = null;
  private readonly context: () => { readonly nowMs: number; readonly bootId: string | null };
  private readonly detectors: DetectorState;

  constructor(detectors: DetectorState, context: () => { readonly nowMs: number; readonly bootId: string | null }) {
    this.detectors = detectors;
    this.context = context;
  }

  usePolicy(policy: CompiledPolicy): void {
    this.policy = policy;
  }

  get generation(): number {
    return this.policy?.snapshot.generation ?? 0;
  }

  get active(): boolean {
    return this.policy?.testsStarts === true;
  }

  get remembers(): boolean {
    return this.policy?.usesDetectors === true;
  }

  watch(facts: FactReader): void {
    const read = withoutHeader(withoutWaiting(facts));
    stepDetectors(this.detectors, startViews(read).views, read, this.context().nowMs);
  }

  effectiveParent(ancestors: readonly Ancestor[]): Ancestor | null {
    return effectiveParent(ancestors);
  }

  judge(facts: FactReader): RunningJudgement {
    if (this.policy === null) return { denial: null, audits: [], allowId: null, unjudged: false };
    const { nowMs, bootId } = this.context();
    const judgement = judgeStart(this.policy, withoutWaiting(facts), { nowMs, bootId, detectors: this.detectors });
    if (judgement.verdict === 'needs') throw new Error(`a start was judged with all facts at hand, and yet ${judgement.facts.join(', ')} were asked for`);
    const audits = judgement.audits.map(toRecorded);
    if (judgement.verdict === 'deny') return { denial: toRecorded(judgement.hit), audits, allowId: null, unjudged: false };
    return { denial: null, audits, allowId: judgement.allowId, unjudged: judgement.unjudged };
  }
}

function toRecorded({ ruleId, definitionId, mode, matched }: RuleHit): RecordedHit {
  return { ruleId, definitionId, mode, matched };
}
