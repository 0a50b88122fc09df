/**
 * Packs of Sigma rules as a judge of events: rules by their matches, correlations by the matches of the rules that they are
 * made of. Time is that of the events; an event without a time counts for no correlation.
 */
import type { TrustLevel } from '../../../shared/packs/pack.ts';
import { advanceCorrelations, Correlations, stepCorrelations, type CorrelationMatch } from '../rules/correlate/correlate.ts';
import type { LinkedCorrelation, LinkedRule, LinkedRules } from '../rules/link/link-rules.ts';
import type { SigmaLevel, SigmaRule } from '../rules/model.ts';
import { readField, type RuleEvent } from '../rules/set/rule-event.ts';
import { responseOf } from '../packs/trust.ts';
import type { Conviction, Evidence } from '../verdict/evidence.ts';
import type { EventJudge, Hit, PipelineEvent } from './event-pipeline.ts';
import { matchesOf, type MakeMatcher, type RuleMatcher } from './rule-judge.ts';

export interface JudgingPack {
  readonly linked: Pick<LinkedRules, 'rules' | 'correlations'>;
  readonly trust: TrustLevel;
}

/** An observing response is no conviction: it says that a match is worth looking at, which every finding is. */
const CONVICTIONS: Readonly<Record<TrustLevel, Conviction | null>> = { observe: null, suspend: 'pack-suspend', contain: 'pack-contain' };
/** Events that a correlation may still name when its time span is over; older ones it names no more. */
const MOST_REMEMBERED = 4_096;

/** A rule that judges. */
export interface Member {
  /** As its correlations know it; null where none asks about it. */
  readonly rule: SigmaRule | null;
  readonly hit: Omit<Hit, 'explain'>;
  /** False for a rule that a correlation uses up. */
  readonly speaks: boolean;
  /** Place in `packs`. */
  readonly pack: number;
}

export interface CorrelatingPack {
  readonly correlations: readonly LinkedCorrelation[];
  /** Of a correlation, by its id. */
  trustOf(correlation: string): TrustLevel;
}

export interface JudgeParts {
  readonly matcher: RuleMatcher;
  /** By number in the matcher. */
  readonly members: readonly Member[];
  readonly packs: readonly CorrelatingPack[];
}

/** A rule that several packs have judges once. */
export function judgeOfPacks(packs: readonly JudgingPack[], make: MakeMatcher): SigmaJudge {
  const rules = rulesOf(packs);
  const members = rules.map(({ linked: { rule, standsAlone }, trust, pack }): Member => ({ rule, hit: wordsOf(rule, rule.level, trust), speaks: standsAlone, pack }));
  const correlating = packs.map(({ linked, trust }): CorrelatingPack => ({ correlations: linked.correlations, trustOf: () => trust }));
  return new SigmaJudge({ matcher: make(rules.map(({ linked }) => linked.rule)), members, packs: correlating });
}

export class SigmaJudge implements EventJudge {
  private readonly packs: readonly CorrelatingPack[];
  private readonly members: readonly Member[];
  private readonly matcher: RuleMatcher;
  /** By pack; null for one without correlations. */
  private states: readonly (Correlations | null)[];
  private readonly remembered = new Map<number, PipelineEvent>();

  constructor({ matcher, members, packs }: JudgeParts) {
    this.packs = packs;
    this.members = members;
    this.matcher = matcher;
    this.states = packs.map(stateOf);
  }

  judge(event: PipelineEvent): readonly Hit[] {
    const hits: Hit[] = event.timeMs === null ? [] : this.advance(event.timeMs);
    for (const [number, kind] of matchesOf(this.matcher, event)) {
      const member = this.members[number];
      if (member === undefined) throw new Error(`the set knows no rule ${number}`);
      if (member.speaks) hits.push({ ...member.hit, explain: () => this.matcher.explain(number, kind) });
      hits.push(...this.correlate(member, event, kind));
    }
    return hits;
  }

  finish(): readonly Hit[] {
    const hits = this.advance(Infinity);
    this.states = this.packs.map(stateOf);
    this.remembered.clear();
    return hits;
  }

  private advance(nowMs: number): Hit[] {
    return this.states.flatMap((state, pack) => (state === null ? [] : advanceCorrelations(state, nowMs).flatMap((match) => this.correlationHit(match, pack))));
  }

  private correlate({ rule, pack }: Member, event: PipelineEvent, kind: RuleEvent): Hit[] {
    const state = this.states[pack] ?? null;
    if (state === null || rule === null || event.timeMs === null || !state.byRule.has(rule)) return [];
    this.remember(event);
    return stepCorrelations(state, { rule, timeMs: event.timeMs, eventId: event.number, read: (field) => readField(kind, field) }).flatMap((match) => this.correlationHit(match, pack));
  }

  private correlationHit({ linked, eventIds }: CorrelationMatch, pack: number): Hit[] {
    const event = this.remembered.get(eventIds.at(-1) ?? -1);
    if (event === undefined || !linked.standsAlone) return [];
    return [{ ...wordsOf(linked.correlation, linked.level, this.packs[pack]?.trustOf(linked.correlation.id) ?? 'observe'), event, explain: () => [] }];
  }

  private remember(event: PipelineEvent): void {
    this.remembered.set(event.number, event);
    const [oldest] = this.remembered.size > MOST_REMEMBERED ? this.remembered.keys() : [];
    if (oldest !== undefined) this.remembered.delete(oldest);
  }
}

interface RuleOfPack {
  readonly linked: LinkedRule;
  readonly trust: TrustLevel;
  readonly pack: number;
}

function rulesOf(packs: readonly JudgingPack[]): RuleOfPack[] {
  const seen = new Set<string>();
  return packs.flatMap(({ linked, trust }, pack) =>
    linked.rules.flatMap((one): RuleOfPack[] => {
      if (one.rule.placeholders.length > 0 || seen.has(one.rule.id)) return [];
      seen.add(one.rule.id);
      return [{ linked: one, trust, pack }];
    }),
  );
}

function stateOf({ correlations }: CorrelatingPack): Correlations | null {
  return correlations.length === 0 ? null : new Correlations(correlations);
}

/** What a match says, its response held to the trust of its pack. */
export function wordsOf({ id, title, author, response }: Pick<SigmaRule, 'id' | 'title' | 'author' | 'response'>, level: SigmaLevel, trust: TrustLevel): Omit<Hit, 'explain'> {
  const evidence: Evidence = { ruleId: id, title, level, source: 'sigma', conviction: CONVICTIONS[responseOf(response, trust)] };
  return { evidence, author };
}
