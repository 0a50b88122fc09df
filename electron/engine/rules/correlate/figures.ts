/** The figures that correlations compare with their bounds, over the matches of one window. */
import type { Bound, Condition, CorrelationType } from '../model.ts';

/** One match as a window keeps it. */
export interface Entry {
  readonly timeMs: number;
  /** Which of the correlation's rules matched. */
  readonly part: number;
  /** What the condition looks at: text for `value_count` and shares, a number for the rest, null where the type has no field. */
  readonly value: string | number | null;
  readonly eventId: number;
}

export interface Judgement {
  readonly figure: number;
  readonly holds: boolean;
}

export function withinBounds(figure: number, bounds: readonly Bound[]): boolean {
  return bounds.every(({ op, value }) => {
    switch (op) {
      case 'lt':
        return figure < value;
      case 'lte':
        return figure <= value;
      case 'gt':
        return figure > value;
      case 'gte':
        return figure >= value;
      case 'eq':
        return figure === value;
      case 'neq':
        return figure !== value;
    }
  });
}

/** Whether the expression over rule names holds when these parts were seen. */
export function seenHolds(expression: Condition, isSeen: (reference: string) => boolean): boolean {
  switch (expression.op) {
    case 'selection':
      return isSeen(expression.name);
    case 'not':
      return !seenHolds(expression.of, isSeen);
    case 'and':
      return expression.of.every((part) => seenHolds(part, isSeen));
    case 'or':
      return expression.of.some((part) => seenHolds(part, isSeen));
    case 'of':
      return false;
  }
}

/** The figure of a whole window (at least one entry), oldest first. Shares (`value_percentile` without a percentile) have one per value; see `shares`. */
export function figureOf(type: CorrelationType, percentile: number | null, entries: readonly Entry[]): number {
  switch (type) {
    case 'event_count':
      return entries.length;
    case 'value_count':
      return new Set(entries.map((entry) => entry.value)).size;
    case 'temporal':
      return new Set(entries.map((entry) => entry.part)).size;
    case 'temporal_ordered':
      return longestInOrder(entries);
    case 'value_sum':
      return sum(entries);
    case 'value_avg':
      return sum(entries) / entries.length;
    case 'value_min':
      return entries.reduce((least, entry) => Math.min(least, numeric(entry)), Infinity);
    case 'value_max':
      return entries.reduce((most, entry) => Math.max(most, numeric(entry)), -Infinity);
    case 'value_median':
      return percentileOf(entries, 50);
    case 'value_percentile':
      return percentileOf(entries, percentile ?? 50);
  }
}

/** How often each value occurs, in percent of all entries. */
export function shares(entries: readonly Entry[]): ReadonlyMap<string | number | null, number> {
  const counts = new Map<string | number | null, number>();
  for (const { value } of entries) counts.set(value, (counts.get(value) ?? 0) + 1);
  return new Map([...counts].map(([value, count]) => [value, (100 * count) / entries.length]));
}

/** The most parts that occur one after the other in the order of the rules. */
function longestInOrder(entries: readonly Entry[]): number {
  const longest: number[] = [];
  for (const { part } of entries) {
    let before = 0;
    for (let earlier = 0; earlier < part; earlier += 1) before = Math.max(before, longest[earlier] ?? 0);
    longest[part] = Math.max(longest[part] ?? 0, before + 1);
  }
  return longest.reduce((most, length) => Math.max(most, length), 0);
}

/** Between the two nearest values in proportion, as most tools do. */
function percentileOf(entries: readonly Entry[], percentile: number): number {
  const values = entries.map(numeric).sort((a, b) => a - b);
  const place = ((values.length - 1) * percentile) / 100;
  const low = values[Math.floor(place)] ?? 0;
  const high = values[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}

function sum(entries: readonly Entry[]): number {
  return entries.reduce((total, entry) => total + numeric(entry), 0);
}

function numeric(entry: Entry): number {
  return typeof entry.value === 'number' ? entry.value : 0;
}
