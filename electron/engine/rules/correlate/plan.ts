/** A linked correlation made ready for many matches: when it is judged and which fields it reads of an event. */
import type { Bound, CorrelationCondition, SigmaCorrelation } from '../model.ts';
import type { LinkedCorrelation } from '../link/link-rules.ts';

export interface CorrelationPlan {
  readonly linked: LinkedCorrelation;
  /** True: judged at each match, for more matches can not make it false again. False: judged once the window is over. */
  readonly atOnce: boolean;
  /** By part: the field behind each `group-by` name. */
  readonly groupFields: readonly (readonly string[])[];
  /** By part: the fields behind the condition's `field`. */
  readonly valueFields: readonly (readonly string[])[];
  /** Whether the values are numbers. */
  readonly numeric: boolean;
  /** Fields that the correlations above may ask of a match of this one. */
  readonly carried: readonly string[];
  /** The correlations that this one is a part of, as index and part. */
  readonly parents: readonly { readonly index: number; readonly part: number }[];
}

export function planCorrelations(correlations: readonly LinkedCorrelation[]): readonly CorrelationPlan[] {
  const parents = parentsOf(correlations);
  const carried = correlations.map(() => new Set<string>());
  // Parts stand before what is made of them, so going backwards each one knows already what is asked of it.
  for (let index = correlations.length - 1; index >= 0; index -= 1) {
    const linked = correlations[index];
    for (const [part, { of }] of (linked?.parts ?? []).entries()) {
      if (!linked || of.kind !== 'correlation') continue;
      const asked = [...groupFields(linked, part), ...valueFields(linked, part), ...(carried[index] ?? [])];
      asked.forEach((field) => carried[of.index]?.add(field));
    }
  }
  return correlations.map((linked, index): CorrelationPlan => ({
    linked,
    atOnce: isJudgedAtOnce(linked.correlation),
    groupFields: linked.parts.map((_, part) => groupFields(linked, part)),
    valueFields: linked.parts.map((_, part) => valueFields(linked, part)),
    numeric: isNumeric(linked.correlation),
    carried: [...(carried[index] ?? [])],
    parents: parents[index] ?? [],
  }));
}

/** In one pass: a pack can hold thousands. */
function parentsOf(correlations: readonly LinkedCorrelation[]): readonly CorrelationPlan['parents'][] {
  const parents = correlations.map((): { index: number; part: number }[] => []);
  for (const [index, { parts }] of correlations.entries()) {
    for (const [part, { of }] of parts.entries()) if (of.kind === 'correlation') parents[of.index]?.push({ index, part });
  }
  return parents;
}

/** An alias stands for the field that it names for this part; a rule that it does not name has the field under that very name. */
function fieldBehind({ correlation, parts }: LinkedCorrelation, part: number, name: string): string {
  const alias = Object.hasOwn(correlation.aliases, name) ? correlation.aliases[name] : undefined;
  const reference = parts[part]?.reference ?? '';
  return alias && Object.hasOwn(alias, reference) ? (alias[reference] ?? name) : name;
}

function groupFields(linked: LinkedCorrelation, part: number): readonly string[] {
  return linked.correlation.groupBy.map((name) => fieldBehind(linked, part, name));
}

function valueFields(linked: LinkedCorrelation, part: number): readonly string[] {
  const { condition } = linked.correlation;
  return condition.kind === 'figure' ? condition.fields.map((name) => fieldBehind(linked, part, name)) : [];
}

function isNumeric({ type, condition }: SigmaCorrelation): boolean {
  if (isShare(type, condition)) return false;
  return type.startsWith('value_') && type !== 'value_count';
}

export function isShare(type: SigmaCorrelation['type'], condition: CorrelationCondition): boolean {
  return type === 'value_percentile' && condition.kind === 'figure' && condition.percentile === null;
}

/** Counts, sums and the greatest value only rise with more matches, the least value only falls. */
function isJudgedAtOnce({ type, condition, rules }: SigmaCorrelation): boolean {
  if (condition.kind === 'seen') return !usesNot(condition.expression);
  const most = type === 'temporal' || type === 'temporal_ordered' ? rules.length : Infinity;
  const rising = condition.bounds.every((bound) => isLowerBound(bound, most));
  const falling = condition.bounds.every(({ op }) => op === 'lt' || op === 'lte');
  if (type === 'value_min') return falling;
  return rising && (type === 'event_count' || type === 'value_count' || type === 'temporal' || type === 'temporal_ordered' || type === 'value_sum' || type === 'value_max');
}

/** `most`: the figure is never higher, so that an upper bound from there on says nothing. */
function isLowerBound({ op, value }: Bound, most: number): boolean {
  if (op === 'eq' || op === 'lte') return value >= most;
  return op === 'gt' || op === 'gte' || (op === 'lt' && value > most);
}

function usesNot(condition: Extract<CorrelationCondition, { readonly kind: 'seen' }>['expression']): boolean {
  if (condition.op === 'not') return true;
  return (condition.op === 'and' || condition.op === 'or') && condition.of.some(usesNot);
}
