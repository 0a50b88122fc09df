/**
 * The decision about one start, or one opening of a guarded file. Pure: the same facts, policy and detector state give the
 * same answer in the sentinel before the start and in the engine after it.
 *
 * Facts that are not read are asked for only when they can still change the answer. A fact that nobody can read (arguments
 * longer than the limit) leaves the rules that need it undecided; `unjudged` says so and the caller applies its fail setting.
 */
import { NOT_READ, type FactName, type FactReader, type OpenFactReader } from '../../../shared/start/facts.ts';
import { stepDetectors, type DetectorState, type DetectorStep } from '../behavior/detectors/step.ts';
import { scriptOf } from '../behavior/start/script.ts';
import { effectiveParent, startViews, type StartView } from '../behavior/start/views.ts';
import { Subject } from '../rules/subject.ts';
import type { AllowedStart } from './allows.ts';
import { Docket, type Case, type Judgement } from './docket.ts';
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
  readonly detectors: DetectorState;
}

const NO_DETECTORS: DetectorStep = { hits: [], needs: [] };
const ALLOW: Judgement = { verdict: 'allow', audits: [], allowId: null, unjudged: false };

export function judgeStart(policy: CompiledPolicy, facts: FactReader, context: JudgeContext): Judgement {
  if (!policy.testsStarts) return ALLOW;
  const { views, missing, hidden } = startViews(facts);
  const detectors = policy.usesDetectors ? stepDetectors(context.detectors, views, facts, context.nowMs) : NO_DETECTORS;
  const docket = new Docket(policy, policy.starts, context);
  for (const fact of missing) docket.need(fact);
  if (hidden) docket.leaveUnjudged();
  return docket.judge(views.map((view) => startCase(policy, view, facts, detectors)));
}

function startCase(policy: CompiledPolicy, view: StartView, facts: FactReader, detectors: DetectorStep): Case {
  const source = new StartFieldSource(view, facts, detectors);
  return {
    subject: new Subject(policy.starts.fields, source),
    missing: (field) => source.missing(field),
    allowed: allowedStart(facts),
    excludable() {
      const script = scriptOf(view, facts);
      if (script.missing !== null) return { needs: [script.missing] };
      return { paths: [textOf(facts('image')), view.image, script.path].filter((path) => path !== null) };
    },
  };
}

function allowedStart(facts: FactReader): AllowedStart {
  return {
    image: textOf(facts('image')) ?? '',
    commandLine: () => {
      const argv = facts('argv');
      return argv === NOT_READ ? NOT_READ : (argv?.join(' ') ?? null);
    },
    parentImage: () => {
      const ancestors = facts('ancestors');
      return ancestors === NOT_READ ? NOT_READ : (effectiveParent(ancestors)?.image ?? null);
    },
    content: () => facts('content'),
  };
}

export function judgeOpen(policy: CompiledPolicy, facts: OpenFactReader, context: JudgeContext): Judgement {
  if (!policy.testsOpens) return ALLOW;
  const source = new OpenFieldSource(facts);
  const image = textOf(facts('image')) ?? '';
  const only: Case = {
    subject: new Subject(policy.opens.fields, source),
    missing: (field) => source.missing(field) as readonly FactName[],
    excludable: () => ({ paths: [image] }),
    allowed: {
      image,
      commandLine: () => {
        const argv = facts('argv');
        return argv === NOT_READ ? NOT_READ : (argv?.join(' ') ?? null);
      },
      parentImage: () => {
        const ancestors = facts('ancestors');
        return ancestors === NOT_READ ? NOT_READ : (effectiveParent(ancestors)?.image ?? null);
      },
      content: () => null,
    },
  };
  return new Docket(policy, policy.opens, context).judge([only]);
}

function textOf(value: string | symbol): string | null {
  return typeof value === 'string' ? value : null;
}

