/**
 * Documents of many files become one whole: filters are added to the rules they name, correlations find what they are made
 * of. What does not fit is left out and named; it never costs another document its place.
 */
import type { SigmaCorrelation, SigmaFilter, SigmaLevel, SigmaRule } from '../model.ts';
import { SIGMA_LEVELS } from '../model.ts';
import { fillPlaceholders, type PlaceholderLists } from '../parse/fill.ts';
import type { RuleDocumentParsed } from '../parse/rule-file.ts';
import { applyFilter, filterSpeaksOf } from './apply-filter.ts';
import { headOf } from './own-ids.ts';
import { namesOf, References } from './references.ts';

export interface Place {
  readonly file: string;
  /** `file:line:column`. */
  readonly place: string;
}

export interface LinkedRule extends Place {
  /** With its filters, and with the lists that were there. */
  readonly rule: SigmaRule;
  /** Ids of the filters that were added. */
  readonly filters: readonly string[];
  /** False for a rule that a correlation of its own file uses up: only the correlation is reported (`generate` says otherwise). */
  readonly standsAlone: boolean;
}

/** A rule or a correlation that a correlation is made of, and the name it has there. */
export interface Part {
  readonly reference: string;
  readonly of: { readonly kind: 'rule'; readonly rule: SigmaRule } | { readonly kind: 'correlation'; readonly index: number };
}

export interface LinkedCorrelation extends Place {
  readonly correlation: SigmaCorrelation;
  readonly level: SigmaLevel;
  /** In the order of its `rules`. Correlations among them stand before it in the list. */
  readonly parts: readonly Part[];
  readonly standsAlone: boolean;
}

export interface Problem extends Place {
  readonly reason: string;
}

export interface LinkedRules {
  readonly rules: readonly LinkedRule[];
  readonly correlations: readonly LinkedCorrelation[];
  readonly problems: readonly Problem[];
}

export type RuleOf = Extract<RuleDocumentParsed, { readonly kind: 'rule' }>;
export type FilterOf = Extract<RuleDocumentParsed, { readonly kind: 'filter' }>;
export type CorrelationOf = Extract<RuleDocumentParsed, { readonly kind: 'correlation' }>;

/** Correlations of correlations may be this deep. */
const MAX_CHAIN = 8;

export function linkRules(documents: readonly RuleDocumentParsed[], lists: PlaceholderLists = new Map()): LinkedRules {
  const problems: Problem[] = [];
  const known = withoutDoubles(documents, problems);
  const rules = known.filter((document) => document.kind === 'rule').map((document) => filled(document, document.rule, lists, problems));
  const filters = known.filter((document) => document.kind === 'filter').map((document) => filled(document, document.filter, lists, problems));
  const filtered = withFilters(rules, filters, problems);
  const linker = new CorrelationLinker(filtered, known.filter((document) => document.kind === 'correlation'), problems);
  const correlations = linker.link();
  const used = linker.usedUp();
  return { rules: filtered.map((rule) => ({ ...rule, standsAlone: !used.has(rule.rule) })), correlations, problems };
}

/** Findings are told apart by id, so the second document with the same one is left out. */
function withoutDoubles(documents: readonly RuleDocumentParsed[], problems: Problem[]): readonly RuleDocumentParsed[] {
  const seen = new Map<string, RuleDocumentParsed>();
  return documents.filter((document) => {
    const { id } = headOf(document);
    const key = document.kind === 'filter' ? `filter ${id}` : id;
    const first = seen.get(key);
    if (!first) seen.set(key, document);
    else problems.push({ file: document.file, place: document.place, reason: `has the same id (${id}) as ${first.place}` });
    return !first;
  });
}

interface Placed<T> extends Place {
  readonly item: T;
}

function filled<T extends SigmaRule | SigmaFilter>({ file, place }: Place, item: T, lists: PlaceholderLists, problems: Problem[]): Placed<T> {
  const result = fillPlaceholders<T>(item, lists);
  if (!result.ok) problems.push({ file, place, reason: result.error.message });
  return { file, place, item: result.ok ? result.value : item };
}

function withFilters(rules: readonly Placed<SigmaRule>[], filters: readonly Placed<SigmaFilter>[], problems: Problem[]): readonly Omit<LinkedRule, 'standsAlone'>[] {
  const linked = rules.map(({ file, place, item }) => ({ file, place, rule: item, filters: [] as string[] }));
  for (const [number, { file, place, item }] of filters.entries()) {
    if (item.placeholders.length > 0) {
      problems.push({ file, place, reason: `the filter waits for the lists ${item.placeholders.join(', ')} and is not applied` });
      continue;
    }
    const meant = linked.filter(({ rule }) => filterSpeaksOf(item, rule));
    for (const one of meant) {
      one.rule = applyFilter(item, number, one.rule);
      one.filters.push(item.id);
    }
    const missing = item.rules === 'any' ? [] : item.rules.filter((name) => !meant.some(({ rule }) => [rule.id, rule.name, rule.title].includes(name)));
    for (const name of missing) problems.push({ file, place, reason: `the filter names "${name}", which is no rule of its log source here` });
  }
  return linked;
}

class CorrelationLinker {
  private readonly documents: readonly CorrelationOf[];
  private readonly problems: Problem[];
  private readonly references: References;
  private readonly linked: LinkedCorrelation[] = [];
  /** Index in `linked`; `open` while its parts are looked for, null when it was left out. */
  private readonly state = new Map<CorrelationOf, number | 'open' | null>();

  constructor(rules: readonly Pick<LinkedRule, 'rule' | 'file'>[], documents: readonly CorrelationOf[], problems: Problem[]) {
    this.documents = documents;
    this.problems = problems;
    this.references = new References(rules, documents);
  }

  /** Parts first. */
  link(): readonly LinkedCorrelation[] {
    for (const document of this.documents) this.one(document, 0);
    const inner = this.usedUp();
    return this.linked.map((one) => ({ ...one, standsAlone: !inner.has(one.correlation) }));
  }

  /** What the correlations of the same file use up. Others must not silence a rule just by naming it. */
  usedUp(): ReadonlySet<SigmaRule | SigmaCorrelation> {
    const used = new Set<SigmaRule | SigmaCorrelation>();
    for (const { file, correlation, parts } of this.linked) {
      if (correlation.generate) continue;
      for (const { of } of parts) {
        const inner = of.kind === 'rule' ? null : this.linked[of.index];
        const target = of.kind === 'rule' ? of.rule : inner?.correlation;
        if (target !== undefined && (inner?.file ?? this.references.fileOf(target)) === file) used.add(target);
      }
    }
    return used;
  }

  private one(document: CorrelationOf, depth: number): number | null {
    const known = this.state.get(document);
    if (known === 'open') return this.leaveOut(document, 'the correlation is made of itself');
    if (known !== undefined) return known;
    if (depth > MAX_CHAIN) return this.leaveOut(document, `more than ${MAX_CHAIN} correlations stand inside each other`);
    this.state.set(document, 'open');
    const parts: Part[] = [];
    /** By what a part may be called, the name it has in `rules`. */
    const references = new Map<string, string>();
    for (const reference of document.correlation.rules) {
      const part = this.part(document, reference, depth);
      if (typeof part === 'string') return this.leaveOut(document, part);
      parts.push(part);
      for (const word of this.namesOf(part)) references.set(word, reference);
    }
    for (const reference of document.correlation.rules) references.set(reference, reference);
    const stranger = Object.values(document.correlation.aliases).flatMap((fields) => Object.keys(fields)).find((word) => !references.has(word));
    if (stranger !== undefined) return this.leaveOut(document, `"${stranger}" in its aliases is not among the rules`);
    const { file, place } = document;
    const correlation = withAliases(document.correlation, references);
    const index = this.linked.push({ file, place, correlation, parts, level: correlation.level ?? this.highest(parts), standsAlone: true }) - 1;
    this.state.set(document, index);
    return index;
  }

  private namesOf({ of }: Part): readonly string[] {
    const head = of.kind === 'rule' ? of.rule : this.linked[of.index]?.correlation;
    return head === undefined ? [] : namesOf(head);
  }

  private part(document: CorrelationOf, reference: string, depth: number): Part | string {
    const found = this.references.find(reference, document.file);
    if (typeof found === 'string') return found;
    if (found.kind === 'rule') return { reference, of: found };
    const index = this.one(found.document, depth + 1);
    return index === null ? `"${reference}" is a correlation that was left out` : { reference, of: { kind: 'correlation', index } };
  }

  private highest(parts: readonly Part[]): SigmaLevel {
    const levels = parts.map(({ of }) => (of.kind === 'rule' ? of.rule.level : (this.linked[of.index]?.level ?? 'medium')));
    return levels.reduce((best, level) => (SIGMA_LEVELS.indexOf(level) > SIGMA_LEVELS.indexOf(best) ? level : best), 'informational');
  }

  private leaveOut(document: CorrelationOf, reason: string): null {
    if (this.state.get(document) !== null) this.problems.push({ file: document.file, place: document.place, reason });
    this.state.set(document, null);
    return null;
  }
}

/** Aliases may use the id, the name or the title of a rule, whichever of them `rules` uses. */
function withAliases(correlation: SigmaCorrelation, references: ReadonlyMap<string, string>): SigmaCorrelation {
  const fieldsOf = (fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(fields).map(([word, field]) => [references.get(word) ?? word, field]));
  const aliases = Object.fromEntries(Object.entries(correlation.aliases).map(([alias, fields]) => [alias, fieldsOf(fields)]));
  return { ...correlation, aliases };
}
