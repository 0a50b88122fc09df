/**
 * Matches go in with the time of their event, correlations come out. A count that more matches can only raise is judged at
 * each match, over the windows that hold it, and its group begins anew once it is met. Whatever else (an upper bound, an
 * average, a share) is judged when the window is over that the group's first match began, for nobody knows it before.
 * Text is compared in lower case, as everywhere in Sigma. An event that lacks a field to group by belongs to no group.
 */
import type { LinkedCorrelation } from '../link/link-rules.ts';
import type { SigmaRule } from '../model.ts';
import { ownText } from '../own-text.ts';
import type { FieldValue } from '../subject.ts';
import { figureOf, seenHolds, shares, withinBounds, type Entry, type Judgement } from './figures.ts';
import { DEFAULT_LIMITS, Groups, type Group, type Limits, type Lost } from './groups.ts';
import { isShare, planCorrelations, type CorrelationPlan } from './plan.ts';

export interface RuleMatch {
  readonly rule: SigmaRule;
  /** Milliseconds since 1970, of the event. */
  readonly timeMs: number;
  /** Leads back to the event. */
  readonly eventId: number;
  read(field: string): FieldValue;
}

export interface CorrelationMatch {
  readonly linked: LinkedCorrelation;
  /** Of the newest event; when the window had to be over first, its end. */
  readonly timeMs: number;
  readonly firstMs: number;
  readonly group: Readonly<Record<string, string>>;
  readonly figure: number;
  /** The newest of the events, oldest first. */
  readonly eventIds: readonly number[];
}

/** Events named in a match; a person looks at no more. */
const MAX_NAMED = 100;
/** How much older than the newest of its group an event may be and still count, at most. */
const LATENESS_MS = 600_000;

export class Correlations {
  readonly plans: readonly CorrelationPlan[];
  readonly groups: Groups;
  /** Which correlations a rule is part of. */
  readonly byRule = new Map<SigmaRule, { readonly index: number; readonly part: number }[]>();
  /** By plan: no window is over before this. */
  readonly nextEnd: number[];

  constructor(correlations: readonly LinkedCorrelation[], limits: Limits = DEFAULT_LIMITS) {
    this.plans = planCorrelations(correlations);
    this.groups = new Groups(limits);
    this.nextEnd = correlations.map(() => Infinity);
    for (const [index, { parts }] of correlations.entries()) {
      for (const [part, { of }] of parts.entries()) {
        if (of.kind !== 'rule') continue;
        const list = this.byRule.get(of.rule) ?? [];
        list.push({ index, part });
        this.byRule.set(of.rule, list);
      }
    }
  }

  get lost(): Readonly<Lost> {
    return this.groups.lost;
  }
}

/** What the match completes, inner correlations before what is made of them. */
export function stepCorrelations(state: Correlations, match: RuleMatch): readonly CorrelationMatch[] {
  const out: CorrelationMatch[] = [];
  for (const { index, part } of state.byRule.get(match.rule) ?? []) take(state, index, part, match, out);
  return out;
}

/** Time has come this far: judges the windows that are over. `Infinity` at the end of a recording. */
export function advanceCorrelations(state: Correlations, nowMs: number): readonly CorrelationMatch[] {
  const out: CorrelationMatch[] = [];
  for (const index of state.plans.keys()) {
    if ((state.nextEnd[index] ?? Infinity) >= nowMs) continue;
    for (const group of [...state.groups.ofPlan(index)]) if (group.endMs < nowMs) close(state, group, out);
    state.nextEnd[index] = Math.min(Infinity, ...[...state.groups.ofPlan(index)].map((group) => group.endMs));
  }
  return out;
}

type Input = Pick<RuleMatch, 'timeMs' | 'eventId' | 'read'>;

function take(state: Correlations, index: number, part: number, match: Input, out: CorrelationMatch[]): void {
  const plan = state.plans[index];
  if (!plan || !Number.isFinite(match.timeMs)) return;
  const values = (plan.groupFields[part] ?? []).map((field) => asText(match.read(field)));
  const value = valueOf(plan, part, match);
  if (values.includes(null) || value === undefined) {
    state.groups.lost.incomplete += 1;
    return;
  }
  const names = (): Group['names'] => Object.fromEntries(plan.linked.correlation.groupBy.map((name, at) => [name, values[at] ?? '']));
  const key = JSON.stringify([index, ...values]);
  const group = state.groups.touch(index, key, names);
  const entry: Entry = { timeMs: match.timeMs, part, value, eventId: match.eventId };
  const newest = group.entries.at(-1);
  if (newest === undefined || newest.timeMs <= match.timeMs) group.carried = Object.fromEntries(plan.carried.flatMap((field) => pair(field, match.read(field))));
  if (plan.atOnce) judgeNow(state, plan, group, entry, out);
  else collect(state, plan, group, entry, names, out);
}

function judgeNow(state: Correlations, plan: CorrelationPlan, group: Group, entry: Entry, out: CorrelationMatch[]): void {
  const span = plan.linked.correlation.timespanMs;
  const newest = group.entries.at(-1)?.timeMs ?? entry.timeMs;
  if (entry.timeMs < newest - lateness(span) - span) {
    state.groups.lost.late += 1;
    return;
  }
  const at = state.groups.add(group, entry);
  const keptFrom = Math.max(newest, entry.timeMs) - lateness(span) - span;
  const stale = group.entries.findIndex((one) => one.timeMs >= keptFrom);
  state.groups.dropOldest(group, stale);
  const window = firstWindow(plan, group.entries, Math.max(0, at - Math.max(0, stale)), span);
  if (!window) return;
  state.groups.remove(group);
  report(state, plan, group, window.entries, window.figure, window.entries.at(-1)?.timeMs ?? entry.timeMs, out);
}

/** Windows that a late match is looked for in, so that it never costs more than a moment. */
const MAX_WINDOWS = 64;

/** The first window that holds the entry at `at` and meets the condition; each ends with an entry. */
function firstWindow(plan: CorrelationPlan, entries: readonly Entry[], at: number, span: number): { readonly entries: readonly Entry[]; readonly figure: number } | null {
  const timeMs = entries[at]?.timeMs ?? 0;
  let from = 0;
  for (let end = at; end < entries.length && end < at + MAX_WINDOWS && (entries[end]?.timeMs ?? 0) <= timeMs + span; end += 1) {
    while ((entries[from]?.timeMs ?? 0) < (entries[end]?.timeMs ?? 0) - span) from += 1;
    const window = entries.slice(from, end + 1);
    const { figure, holds } = judge(plan, window);
    if (holds) return { entries: window, figure };
  }
  return null;
}

function collect(state: Correlations, plan: CorrelationPlan, group: Group, entry: Entry, names: () => Group['names'], out: CorrelationMatch[]): void {
  if (entry.timeMs > group.endMs) close(state, group, out);
  const open = state.groups.touch(group.plan, group.key, names);
  const [first] = open.entries;
  if (first !== undefined && entry.timeMs < open.endMs - plan.linked.correlation.timespanMs) {
    state.groups.lost.late += 1;
    return;
  }
  if (first === undefined) open.endMs = entry.timeMs + plan.linked.correlation.timespanMs;
  open.carried = group.carried;
  state.groups.add(open, entry);
  state.nextEnd[group.plan] = Math.min(state.nextEnd[group.plan] ?? Infinity, open.endMs);
}

function close(state: Correlations, group: Group, out: CorrelationMatch[]): void {
  const plan = state.plans[group.plan];
  state.groups.remove(group);
  if (!plan || group.entries.length === 0) return;
  const { figure, holds } = judge(plan, group.entries);
  if (holds) report(state, plan, group, group.entries, figure, group.endMs, out);
}

function judge({ linked }: CorrelationPlan, entries: readonly Entry[]): Judgement {
  const { type, condition } = linked.correlation;
  if (condition.kind === 'seen') {
    const seen = new Set(entries.map(({ part }) => linked.parts[part]?.reference ?? ''));
    return { figure: seen.size, holds: seenHolds(condition.expression, (reference) => seen.has(reference)) };
  }
  if (isShare(type, condition)) {
    const found = [...shares(entries).values()].find((share) => withinBounds(share, condition.bounds));
    return { figure: found ?? 0, holds: found !== undefined };
  }
  // More different values or parts than matches there can not be; most windows are settled by that.
  if ((type === 'value_count' || type.startsWith('temporal')) && condition.bounds.some(({ op, value }) => (op === 'gte' && entries.length < value) || (op === 'gt' && entries.length <= value))) return { figure: 0, holds: false };
  const figure = figureOf(type, condition.percentile, entries);
  return { figure, holds: withinBounds(figure, condition.bounds) };
}

function report(state: Correlations, plan: CorrelationPlan, group: Group, entries: readonly Entry[], figure: number, timeMs: number, out: CorrelationMatch[]): void {
  const eventIds = entries.slice(-MAX_NAMED).map((entry) => entry.eventId);
  out.push({ linked: plan.linked, timeMs, firstMs: entries[0]?.timeMs ?? timeMs, group: group.names, figure, eventIds });
  const read = (field: string): FieldValue => (Object.hasOwn(group.names, field) ? group.names[field] : Object.hasOwn(group.carried, field) ? group.carried[field] : undefined);
  for (const parent of plan.parents) take(state, parent.index, parent.part, { timeMs, eventId: eventIds.at(-1) ?? 0, read }, out);
}

function lateness(spanMs: number): number {
  return Math.min(spanMs, LATENESS_MS);
}

/** `undefined` where the condition looks at a field that the event lacks. */
function valueOf(plan: CorrelationPlan, part: number, match: Input): Entry['value'] | undefined {
  const fields = plan.valueFields[part] ?? [];
  if (fields.length === 0) return null;
  const texts = fields.map((field) => asText(match.read(field)));
  if (texts.includes(null)) return undefined;
  if (!plan.numeric) return texts.length === 1 ? (texts[0] ?? '') : JSON.stringify(texts);
  const number = texts[0]?.trim() === '' ? Number.NaN : Number(texts[0]);
  return Number.isFinite(number) ? number : undefined;
}

function pair(field: string, value: FieldValue): [string, string][] {
  const text = asText(value);
  return text === null ? [] : [[field, text]];
}

/** Longer texts are told apart by their beginning, length and a checksum, so that a window of command lines stays small. */
const MAX_TEXT = 256;

function asText(value: FieldValue): string | null {
  if (value === undefined || value === null) return null;
  const text = (typeof value === 'object' ? value.join('\n') : String(value)).toLowerCase();
  return ownText(text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…${text.length}:${checksum(text)}`);
}

/** FNV-1a over the units. */
function checksum(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
