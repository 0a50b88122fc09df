/** Rules as a judge of events: asks the set about each kind of the event, and says once what matched. */
import type { MatchedField } from '../rules/evaluate.ts';
import type { SigmaRule } from '../rules/model.ts';
import type { RuleEvent } from '../rules/set/rule-event.ts';
import { WEIGHTS, type Evidence } from '../verdict/evidence.ts';
import type { EventJudge, Hit, PipelineEvent } from './event-pipeline.ts';

/** The rule engine, as far as the pipeline needs it; numbers are places in the list of rules it was made from. */
export interface RuleMatcher {
  match(event: RuleEvent): readonly number[];
  explain(rule: number, event: RuleEvent): readonly MatchedField[];
}

export type MakeMatcher<M extends RuleMatcher = RuleMatcher> = (rules: readonly SigmaRule[]) => M;

/** One rule of the set in the words of a finding. */
export interface JudgingRule {
  readonly evidence: Evidence;
  readonly author: string | null;
}

const NO_HITS: readonly Hit[] = [];
const NO_MATCHES: ReadonlyMap<number, RuleEvent> = new Map();

/** Rules that match, and the kind under which each did. A rule without category fits an event under each of its kinds. */
export function matchesOf(matcher: RuleMatcher, { kinds }: PipelineEvent): ReadonlyMap<number, RuleEvent> {
  let found: Map<number, RuleEvent> | null = null;
  for (const kind of kinds) {
    for (const number of matcher.match(kind)) {
      found ??= new Map();
      if (!found.has(number)) found.set(number, kind);
    }
  }
  return found ?? NO_MATCHES;
}

export class RuleJudge implements EventJudge {
  private readonly matcher: RuleMatcher;
  private readonly rules: readonly JudgingRule[];

  constructor(matcher: RuleMatcher, rules: readonly JudgingRule[]) {
    this.matcher = matcher;
    this.rules = rules;
  }

  /** Several definitions of one rule are one finding, that of the gravest. */
  judge(event: PipelineEvent): readonly Hit[] {
    const matches = matchesOf(this.matcher, event);
    if (matches.size === 0) return NO_HITS;
    const hits = new Map<string, Hit>();
    for (const [number, kind] of matches) {
      const rule = this.rules[number];
      if (rule === undefined) throw new Error(`the set knows no rule ${number}`);
      const known = hits.get(rule.evidence.ruleId);
      if (known === undefined || isGraver(rule, known)) hits.set(rule.evidence.ruleId, { ...rule, explain: () => this.matcher.explain(number, kind) });
    }
    return [...hits.values()];
  }

  /** Rules that look at one event have nothing to forget. */
  finish(): readonly Hit[] {
    return NO_HITS;
  }
}

function isGraver(one: JudgingRule, other: JudgingRule): boolean {
  return WEIGHTS[one.evidence.level] > WEIGHTS[other.evidence.level];
}
