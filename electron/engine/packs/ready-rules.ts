/**
 * The rules of all packs together, linked and indexed, ready to judge. The documents of all packs are linked together, so that
 * a filter or a correlation of one pack may speak of another's rules. How far a rule may go is no part of it: that is said when
 * the judge is made, so that a change of trust costs nothing.
 */
import type { TrustLevel } from '../../../shared/packs/pack.ts';
import type { EventJudge } from '../pipeline/event-pipeline.ts';
import type { MakeMatcher, RuleMatcher } from '../pipeline/rule-judge.ts';
import { SigmaJudge, wordsOf, type Member } from '../pipeline/sigma-judge.ts';
import { linkRules, type LinkedCorrelation, type Problem } from '../rules/link/link-rules.ts';
import type { SigmaRule } from '../rules/model.ts';
import type { PackRule } from './installed-pack.ts';
import type { RuleVersion } from './mute-book.ts';
import type { LiveDocument } from './read-pack.ts';

export interface ReadyRule {
  readonly of: PackRule;
  /** False for a rule that a correlation uses up. */
  readonly standsAlone: boolean;
}

/** A set of rules that gives them back by their numbers. */
export interface ReadyMatcher extends RuleMatcher {
  readonly rules: { at(number: number): SigmaRule };
}

export interface ReadyRules<M extends ReadyMatcher = ReadyMatcher> {
  readonly matcher: M;
  /** By number in the matcher. */
  readonly rules: readonly ReadyRule[];
  readonly correlations: readonly LinkedCorrelation[];
  /** Rules and correlations by their ids; where two packs have the same id, that of the first. */
  readonly versions: ReadonlyMap<string, PackRule>;
  readonly problems: readonly Problem[];
}

export function makeReady<M extends ReadyMatcher>(documents: readonly LiveDocument[], make: MakeMatcher<M>): ReadyRules<M> {
  const linked = linkRules(documents.map(({ parsed }) => parsed));
  const versions = new Map<string, PackRule>();
  for (const { version } of documents) if (version !== null && !versions.has(version.rule)) versions.set(version.rule, version);
  const rules = linked.rules.map(({ rule, standsAlone }): ReadyRule => {
    const of = versions.get(rule.id);
    if (of === undefined) throw new Error(`no pack has the rule ${rule.id}`);
    return { of, standsAlone };
  });
  return { matcher: make(linked.rules.map(({ rule }) => rule)), rules, correlations: linked.correlations, versions, problems: linked.problems };
}

export interface JudgingRules {
  readonly judge: EventJudge;
  readonly versions: ReadonlyMap<string, RuleVersion>;
}

/** Begins counting for correlations anew. */
export function judgingRules({ matcher, rules, correlations, versions }: ReadyRules, trustOf: (pack: string) => TrustLevel): JudgingRules {
  const counted = new Set(correlations.flatMap(({ parts }) => parts.flatMap(({ of }) => (of.kind === 'rule' ? [of.rule] : []))));
  const byId = new Map([...counted].map((rule) => [rule.id, rule]));
  const members = rules.map(({ of, standsAlone }): Member => {
    const { rule: id, title, author, level, wish, pack } = of;
    return { hit: wordsOf({ id, title, author, response: wish }, level, trustOf(pack)), speaks: standsAlone, pack: 0, rule: byId.get(id) ?? null };
  });
  const trust = (id: string): TrustLevel => trustOf(versions.get(id)?.pack ?? '');
  return { judge: new SigmaJudge({ matcher, members, packs: [{ correlations, trustOf: trust }] }), versions };
}
