/** Documents as YAML text again: what was read from it reads the same. Comments and the order of keys are not kept. */
import { stringify } from 'yaml';
import type { CorrelationCondition, RuleHead, RuleLogSource, Search, SigmaCorrelation, SigmaFilter, SigmaRule } from '../model.ts';
import { printCondition } from '../parse/condition.ts';

export function printRule(rule: SigmaRule): string {
  return print({ ...head(rule), level: rule.level, logsource: logSource(rule.logsource), detection: detection(rule), ...rule.custom });
}

export function printFilter(filter: SigmaFilter): string {
  const rules = filter.rules === 'any' ? 'any' : [...filter.rules];
  return print({ ...head(filter), logsource: logSource(filter.logsource), filter: { rules, ...detection(filter) }, ...filter.custom });
}

export function printCorrelation(correlation: SigmaCorrelation): string {
  const inner = {
    type: correlation.type,
    rules: [...correlation.rules],
    'group-by': correlation.groupBy.length > 0 ? [...correlation.groupBy] : undefined,
    timespan: timespan(correlation.timespanMs),
    condition: correlationCondition(correlation.condition),
    aliases: Object.keys(correlation.aliases).length > 0 ? correlation.aliases : undefined,
    generate: correlation.generate ? true : undefined,
  };
  return print({ ...head(correlation), level: correlation.level ?? undefined, correlation: inner, ...correlation.custom });
}

function print(document: Readonly<Record<string, unknown>>): string {
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

function head(head: RuleHead): Readonly<Record<string, unknown>> {
  const list = (values: readonly unknown[]): readonly unknown[] | undefined => (values.length > 0 ? values : undefined);
  return {
    title: head.title,
    id: head.id,
    name: head.name ?? undefined,
    status: head.status ?? undefined,
    description: head.description ?? undefined,
    author: head.author ?? undefined,
    license: head.license ?? undefined,
    references: list(head.references),
    date: head.date ?? undefined,
    modified: head.modified ?? undefined,
    related: list(head.related),
    tags: list(head.tags),
    fields: list(head.fields),
    falsepositives: list(head.falsepositives),
    response: head.response ?? undefined,
  };
}

function logSource({ category, product, service, custom }: RuleLogSource): Readonly<Record<string, unknown>> {
  return { category: category ?? undefined, product: product ?? undefined, service: service ?? undefined, ...custom };
}

function detection({ selections, condition }: Pick<SigmaRule, 'selections' | 'condition'>): Readonly<Record<string, unknown>> {
  return { ...Object.fromEntries([...selections].map(([name, search]) => [name, block(search)])), condition: printCondition(condition) };
}

/** Each entry knows how it was written; around it, a group of entries is a map and a group of maps is a list. */
function block(search: Search): unknown {
  if (search.written !== undefined) return search.written.key === null ? search.written.value : Object.fromEntries([entry(search)]);
  if (search.type === 'all') return Object.fromEntries(search.of.map(entry));
  if (search.type === 'any') return search.of.flatMap((part) => (part.written?.key === null ? part.written.value : [block(part)]));
  return entry(search);
}

function entry({ written }: Search): [string, unknown] {
  // The parser gives every entry its text; a search made by hand has none.
  const key = written?.key ?? null;
  if (!written || key === null) throw new Error('a search that was not read can not be printed');
  return [key, written.value];
}

function correlationCondition(condition: CorrelationCondition): unknown {
  if (condition.kind === 'seen') return printCondition(condition.expression);
  const { fields, percentile, bounds } = condition;
  return { field: fields.length > 1 ? fields : fields[0], percentile: percentile ?? undefined, ...Object.fromEntries(bounds.map(({ op, value }) => [op, value])) };
}

const UNITS = [['y', 31_556_952_000], ['M', 2_629_746_000], ['w', 604_800_000], ['d', 86_400_000], ['h', 3_600_000], ['m', 60_000], ['s', 1000]] as const;

function timespan(ms: number): string {
  const [unit, size] = UNITS.find(([, one]) => ms % one === 0) ?? ['s', 1000];
  return `${ms / size}${unit}`;
}
