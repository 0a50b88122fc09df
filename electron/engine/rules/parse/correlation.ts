/** A `correlation` document: what several matches within a time mean together. */
import { isMap, refuse, subDocument, type KeyPath, type RuleDocument } from '../document.ts';
import { COUNTING_TYPES, MAX_COUNTED, TEMPORAL_TYPES, type Bound, type Condition, type CorrelationCondition, type CorrelationType, type SigmaCorrelation } from '../model.ts';
import { readHead, readLevel, readRoot, texts } from './head.ts';
import { readCondition } from './selections.ts';

type Root = Readonly<Record<string, unknown>>;

const KEYS = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate'];
const OPS = ['lt', 'lte', 'gt', 'gte', 'eq', 'neq'] as const;

/** A month and a year are means of the calendar's. */
const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, M: 2_629_746_000, y: 31_556_952_000 } as const;
const MAX_TIMESPAN_MS = UNIT_MS.y;

/** Throws `RuleError`. */
export function readCorrelation(document: RuleDocument): SigmaCorrelation {
  const root = readRoot(document);
  const inner = subDocument(document, ['correlation']);
  const map = isMap(inner.value) ? inner.value : refuse(document, ['correlation'], 'correlation is a map with type, rules and timespan');
  const unknown = Object.keys(map).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) refuse(inner, [unknown], `"${unknown}" is not known in a correlation`);
  const type = readType(inner, map);
  const named = texts(inner, map, 'rules');
  const condition = readCorrelationCondition(inner, map, type, named);
  const rules = named.length > 0 ? named : condition.kind === 'seen' ? namesIn(condition.expression) : refuse(inner, ['rules'], 'the correlation names no rules');
  if (new Set(rules).size < rules.length) refuse(inner, ['rules'], 'a rule is named twice');
  return {
    ...readHead(document, root, ['level', 'correlation']),
    level: readLevel(document, root),
    type,
    rules,
    groupBy: texts(inner, map, 'group-by'),
    timespanMs: readTimespan(inner, map['timespan']),
    condition,
    aliases: readAliases(inner, map),
    generate: readGenerate(inner, map['generate']),
  };
}

function readType(document: RuleDocument, map: Root): CorrelationType {
  const types: readonly CorrelationType[] = [...COUNTING_TYPES, ...TEMPORAL_TYPES];
  return types.find((known) => known === map['type']) ?? refuse(document, ['type'], `the type is one of ${types.join(', ')}`);
}

function readTimespan(document: RuleDocument, value: unknown): number {
  const found = typeof value === 'string' ? /^(\d{1,6})([smhdwMy])$/.exec(value) : null;
  const span = Number(found?.[1]) * UNIT_MS[(found?.[2] ?? 's') as keyof typeof UNIT_MS];
  if (!found || span <= 0) return refuse(document, ['timespan'], 'timespan is a number with s, m, h, d, w or M, such as 5m');
  return span > MAX_TIMESPAN_MS ? refuse(document, ['timespan'], 'timespan is longer than a year') : span;
}

function readCorrelationCondition(document: RuleDocument, map: Root, type: CorrelationType, rules: readonly string[]): CorrelationCondition {
  const value = map['condition'];
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  if ((value === undefined || value === null) && temporal) return { kind: 'figure', bounds: [{ op: 'gte', value: rules.length }], fields: [], percentile: null };
  if (typeof value === 'string') {
    if (type !== 'temporal') refuse(document, ['condition'], 'a condition of rule names goes with the type temporal only');
    return { kind: 'seen', expression: readSeen(document, value, rules) };
  }
  if (!isMap(value)) return refuse(document, ['condition'], 'the condition is a map such as {gte: 5}');
  const unknown = Object.keys(value).find((key) => key !== 'field' && key !== 'percentile' && !OPS.some((op) => op === key));
  if (unknown !== undefined) refuse(document, ['condition', unknown], `"${unknown}" is not known here; ${OPS.join(', ')} are`);
  const bounds = readBounds(document, value);
  const counts = type === 'event_count' || type === 'value_count';
  if (counts && bounds.some((bound) => bound.value > MAX_COUNTED)) refuse(document, ['condition'], `more than ${MAX_COUNTED} matches are not kept; ask for fewer in a shorter time`);
  return { kind: 'figure', bounds, fields: readFields(document, value, type), percentile: readPercentile(document, value, type) };
}

function readSeen(document: RuleDocument, text: string, rules: readonly string[]): Condition {
  return readCondition(document, ['condition'], text, (term) => {
    if (term.op === 'of') return 'a correlation names each of its rules';
    return rules.length === 0 || rules.includes(term.name) ? null : `"${term.name}" is not among the rules`;
  });
}

function namesIn(condition: Condition): readonly string[] {
  if (condition.op === 'selection') return [condition.name];
  if (condition.op === 'of') return [];
  return [...new Set(condition.op === 'not' ? namesIn(condition.of) : condition.of.flatMap(namesIn))];
}

function readBounds(document: RuleDocument, map: Root): readonly Bound[] {
  const bounds = OPS.filter((op) => Object.hasOwn(map, op)).map((op): Bound => {
    const value = typeof map[op] === 'string' && map[op].trim() !== '' ? Number(map[op]) : map[op];
    return typeof value === 'number' && Number.isFinite(value) ? { op, value } : refuse(document, ['condition', op], `"${op}" compares with a number`);
  });
  return bounds.length > 0 ? bounds : refuse(document, ['condition'], `the condition has none of ${OPS.join(', ')}`);
}

function readFields(document: RuleDocument, map: Root, type: CorrelationType): readonly string[] {
  const fields = texts(subDocument(document, ['condition']), map, 'field');
  const counts = type === 'event_count' || type === 'temporal' || type === 'temporal_ordered';
  if (counts && fields.length > 0) refuse(document, ['condition', 'field'], `${type} counts events, not values of a field`);
  if (!counts && fields.length === 0) refuse(document, ['condition'], `${type} needs the field to look at`);
  if (fields.length > 1 && type !== 'value_count') refuse(document, ['condition', 'field'], `${type} looks at one field`);
  return fields;
}

/** Null for `value_percentile` asks how often a value occurs, in percent of all, as in the example of the specification. */
function readPercentile(document: RuleDocument, map: Root, type: CorrelationType): number | null {
  const value = map['percentile'];
  if (value === undefined) return null;
  if (type !== 'value_percentile') refuse(document, ['condition', 'percentile'], `${type} has no percentile`);
  return typeof value === 'number' && value >= 0 && value <= 100 ? value : refuse(document, ['condition', 'percentile'], 'the percentile is a number from 0 to 100');
}

/** Rules go by id, name or title there too, so whether one is meant is known when they are linked. */
function readAliases(document: RuleDocument, map: Root): SigmaCorrelation['aliases'] {
  const value = map['aliases'];
  if (value === undefined || value === null) return {};
  const fields = (path: KeyPath, one: unknown): Readonly<Record<string, string>> => {
    if (!isMap(one)) return refuse(document, path, 'an alias is a map of rule to field');
    for (const [rule, field] of Object.entries(one)) {
      if (typeof field !== 'string' || field === '') refuse(document, [...path, rule], 'an alias is a map of rule to field');
    }
    return one as Readonly<Record<string, string>>;
  };
  if (!isMap(value)) return refuse(document, ['aliases'], 'aliases is a map of alias to rules');
  return Object.fromEntries(Object.entries(value).map(([alias, one]) => [alias, fields(['aliases', alias], one)]));
}

function readGenerate(document: RuleDocument, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value === 'boolean' ? value : refuse(document, ['generate'], 'generate is true or false');
}
