/**
 * Whether a rule can fire on this device: does any sensor here deliver its kind of event, and the fields it asks for?
 *
 * A missing field is followed through the rule: where the rule can still become true it is degraded (a filter that never
 * applies, a branch that never matches); where it can not, it can not fire, whatever happens.
 */
import type { MissingSource, ReadinessState } from '../../../shared/packs/pack.ts';
import { fieldsOf } from '../rules/compile/compile.ts';
import type { Condition, LogSource, Search, SigmaRule } from '../rules/model.ts';
import { selectionsNamed } from '../rules/parse/names.ts';
import { covers, lowerSource } from '../rules/set/logsource.ts';
import { READINESS } from './readiness-words.ts';

/** One kind of event that a sensor delivers, as the sensor's own code declares it. */
export interface EventFeed {
  readonly sensor: string;
  readonly logsource: LogSource;
  readonly fields: ReadonlySet<string>;
  /** Null while it delivers; else what to do so that it does. */
  readonly silentUntil: string | null;
}

export interface Readiness {
  readonly state: Exclude<ReadinessState, 'inactive'>;
  readonly missingFields: readonly string[];
  readonly reason: string | null;
  /** The kind of event nobody delivers; null when the rule has its events. */
  readonly missing: Pick<MissingSource, 'source' | 'switchOn'> | null;
}

export function readinessOf(rule: SigmaRule, feeds: readonly EventFeed[], system: string): Readiness {
  const wanted = lowerSource(rule.logsource);
  const fitting = feeds.filter((feed) => covers(wanted, feed.logsource));
  const live = fitting.filter((feed) => feed.silentUntil === null);
  if (live.length === 0) return withoutSource(rule.logsource, fitting[0]?.silentUntil ?? null, system);
  const fields = new Set(live.flatMap((feed) => [...feed.fields]));
  const missingFields = [...fieldsOf(rule)].filter((field) => !fields.has(field)).sort();
  if (missingFields.length === 0) return { state: 'canFire', missingFields, reason: null, missing: null };
  const state = outcome(rule, fields).canBeTrue ? 'degraded' : 'cannotFire';
  return { state, missingFields, reason: state === 'degraded' ? READINESS.degraded(missingFields) : READINESS.fieldsNeeded(missingFields), missing: null };
}

function withoutSource(wanted: LogSource, silentUntil: string | null, system: string): Readiness {
  const source = sourceName(wanted);
  const switchOn = silentUntil ?? (wanted.product !== null && wanted.product !== system ? READINESS.otherSystem(wanted.product) : READINESS.noSensor(source));
  return { state: 'cannotFire', missingFields: [], reason: switchOn, missing: { source, switchOn } };
}

export function sourceName({ product, category, service }: LogSource): string {
  return [product, category, service].filter((part) => part !== null).join('/');
}

interface Outcome {
  readonly canBeTrue: boolean;
  readonly canBeFalse: boolean;
}

const EITHER: Outcome = { canBeTrue: true, canBeFalse: true };
const NEVER: Outcome = { canBeTrue: false, canBeFalse: true };

function outcome(rule: SigmaRule, fields: ReadonlySet<string>): Outcome {
  const names = [...rule.selections.keys()];
  const selection = (name: string): Outcome => {
    const search = rule.selections.get(name);
    return search === undefined ? NEVER : searchOutcome(search, fields);
  };
  const look = (condition: Condition): Outcome => {
    if (condition.op === 'and') return every(condition.of.map(look));
    if (condition.op === 'or') return some(condition.of.map(look));
    if (condition.op === 'not') return opposite(look(condition.of));
    if (condition.op === 'selection') return selection(condition.name);
    const of = selectionsNamed(condition.pattern, names).map(selection);
    return condition.quantifier === 'all' ? every(of) : some(of);
  };
  return look(rule.condition);
}

function searchOutcome(search: Search, fields: ReadonlySet<string>): Outcome {
  if (search.type === 'all') return every(search.of.map((part) => searchOutcome(part, fields)));
  if (search.type === 'any') return some(search.of.map((part) => searchOutcome(part, fields)));
  if (search.type === 'not') return opposite(searchOutcome(search.of, fields));
  // Every event has values to look through.
  if (search.type === 'keyword') return EITHER;
  const { test } = search;
  if (fields.has(search.field)) return test.kind === 'fieldref' && !test.fields.some((field) => fields.has(field)) ? NEVER : EITHER;
  if (test.kind === 'null') return EITHER;
  return test.kind === 'exists' && !test.expected ? opposite(NEVER) : NEVER;
}

function every(of: readonly Outcome[]): Outcome {
  return { canBeTrue: of.every(({ canBeTrue }) => canBeTrue), canBeFalse: of.some(({ canBeFalse }) => canBeFalse) };
}

function some(of: readonly Outcome[]): Outcome {
  return opposite(every(of.map(opposite)));
}

function opposite({ canBeTrue, canBeFalse }: Outcome): Outcome {
  return { canBeTrue: canBeFalse, canBeFalse: canBeTrue };
}
