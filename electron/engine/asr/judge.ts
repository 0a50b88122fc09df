/**
 * The decision about one start, or one opening of a guarded file. Pure: the same facts, policy and detector state give the
 * same answer in the sentinel before the start and in the engine after it.
 *
 * Facts that are not read are asked for only when they can still change the answer. A fact that nobody can read (arguments
 * longer than the limit) leaves the rules that need it undecided; `unjudged` says so and the caller applies its fail setting.
 */
import { NOT_READ, type Ancestor, type FactName, type FactReader, type NotRead, type OpenFactReader } from '../../../shared/start/facts.ts';
import { stepDetectors, type DetectorState, type DetectorStep } from '../behavior/detectors/step.ts';
import { scriptOf } from '../behavior/start/script.ts';
import { effectiveParent, startViews, type StartView } from '../behavior/start/views.ts';
import { Subject } from '../rules/subject.ts';
import type { AllowedStart } from './allows.ts';
import { Docket, type Case, type Excludable, type Judgement } from './docket.ts';
import { OpenFieldSource } from './open-fields.ts';
import type { CompiledPolicy } from './policy.ts';
import { StartFieldSource } from './start-fields.ts';

export { compilePolicy, type CompiledPolicy } from './policy.ts';
export { newDetectorState, type DetectorState } from '../behavior/detectors/step.ts';
export type { Judgement, RuleHit } from './docket.ts';

export interface JudgeContext {
  /** Wall clock of the clock guard, ms. */
  readonly nowMs: number;
  /** Null when the kernel does not tell it: allows until restart then do not hold. */
  readonly bootId: string | null;
  /** Allows for one use that have been used since the policy was made. */
  readonly spent?: ReadonlySet<string>;
  readonly detectors: DetectorState;
}

const NO_DETECTORS: DetectorStep = { hits: [], needs: [], hidden: false };
const ALLOW: Judgement = { verdict: 'allow', audits: [], allowId: null, unjudged: false };

export function judgeStart(policy: CompiledPolicy, facts: FactReader, context: JudgeContext): Judgement {
  if (!policy.testsStarts) return ALLOW;
  const { views, missing, hidden } = startViews(facts);
  const detectors = policy.usesDetectors ? stepDetectors(context.detectors, views, facts, context.nowMs) : NO_DETECTORS;
  const docket = new Docket(policy, policy.starts, context);
  for (const fact of missing) docket.need(fact);
  // What a detector is to remember of this start is only there now; a later start may be judged by it.
  if (detectors.needs.includes('argv')) docket.need('argv');
  if (hidden) docket.leaveUnjudged();
  return docket.judge(views.map((view) => new StartCase(policy, view, facts, detectors)));
}

export function judgeOpen(policy: CompiledPolicy, facts: OpenFactReader, context: JudgeContext): Judgement {
  if (!policy.testsOpens) return ALLOW;
  return new Docket(policy, policy.opens, context).judge([new OpenCase(policy, facts)]);
}

class StartCase implements Case {
  readonly subject: Subject;
  private readonly source: StartFieldSource;
  private readonly facts: FactReader;

  constructor(policy: CompiledPolicy, view: StartView, facts: FactReader, detectors: DetectorStep) {
    this.source = new StartFieldSource(view, facts, detectors);
    this.subject = new Subject(policy.starts.fields, this.source);
    this.facts = facts;
  }

  missing(field: string): readonly FactName[] {
    return this.source.missing(field);
  }

  /** An exclusion names the program itself, a program that it carries, or the script. */
  excludable(): Excludable {
    const script = scriptOf(this.source.view, this.facts);
    if (script.missing !== null) return { needs: [script.missing] };
    return { paths: [textOf(this.facts('image')), this.source.view.image, script.path].filter((path) => path !== null) };
  }

  get allowed(): AllowedStart {
    const { facts } = this;
    return {
      image: textOf(facts('image')) ?? '',
      commandLine: () => joined(facts('argv')),
      parentImage: () => parentImage(facts('ancestors')),
      content: () => facts('content'),
    };
  }
}

class OpenCase implements Case {
  readonly subject: Subject;
  private readonly source: OpenFieldSource;
  private readonly facts: OpenFactReader;

  constructor(policy: CompiledPolicy, facts: OpenFactReader) {
    this.source = new OpenFieldSource(facts);
    this.subject = new Subject(policy.opens.fields, this.source);
    this.facts = facts;
  }

  missing(field: string): readonly FactName[] {
    // Of an opening's own facts only the opened file is not a fact of starts too, and it is never unread.
    return this.source.missing(field).filter((fact) => fact !== 'targetFilename');
  }

  excludable(): Excludable {
    return { paths: [this.allowed.image] };
  }

  get allowed(): AllowedStart {
    const { facts } = this;
    return {
      image: textOf(facts('image')) ?? '',
      commandLine: () => joined(facts('argv')),
      parentImage: () => parentImage(facts('ancestors')),
      // The program runs already; its file may be another one by now.
      content: () => null,
    };
  }
}

function joined(argv: readonly string[] | null | NotRead): string | null | NotRead {
  return argv === NOT_READ ? NOT_READ : (argv?.join(' ') ?? null);
}

function parentImage(ancestors: readonly Ancestor[] | NotRead): string | null | NotRead {
  return ancestors === NOT_READ ? NOT_READ : (effectiveParent(ancestors)?.image ?? null);
}

function textOf(value: string | symbol): string | null {
  return typeof value === 'string' ? value : null;
}

