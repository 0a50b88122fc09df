/** A policy snapshot made ready: rules compiled, exclusions and allows indexed. Compiled once per generation, in sentinel and engine alike. */
import { isActive, type ActiveMode } from '../../../shared/policy/modes.ts';
import type { PolicySnapshot, SnapshotRule } from '../../../shared/policy/snapshot.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Ancestor } from '../../../shared/start/facts.ts';
import { effectiveParent } from '../behavior/start/views.ts';
import { Candidates } from '../rules/candidates.ts';
import { compileRule, fieldsOf, hasKeywords, type CompiledRule } from '../rules/compile/compile.ts';
import { plainDocument } from '../rules/document.ts';
import { SIGMA_LEVELS, type SigmaRule } from '../rules/model.ts';
import { parseRule } from '../rules/parse/rule.ts';
import { FieldTable } from '../rules/subject.ts';
import { indexAllows, type AllowIndex } from './allows.ts';
import { OPEN_FIELDS, openFieldCost } from './open-fields.ts';
import { pathPattern, type PathTest } from './path-pattern.ts';
import { START_FIELDS, startFieldCost } from './start-fields.ts';

/** One rule that acts on one kind of event. */
export interface ActiveRule {
  readonly rule: SnapshotRule;
  readonly mode: ActiveMode;
  readonly exclusions: readonly PathTest[];
  readonly allows: AllowIndex;
}

/** One definition, and the rule it belongs to. */
export interface AskedDefinition {
  readonly of: ActiveRule;
  readonly definition: CompiledRule;
}

/** The definitions of the active rules of one kind of event, in the order they are asked (those of one rule together), with the field table they share. */
export interface RuleSet {
  readonly fields: FieldTable;
  readonly definitions: readonly AskedDefinition[];
  readonly candidates: Candidates;
}

export interface CompiledPolicy {
  readonly snapshot: PolicySnapshot;
  readonly starts: RuleSet;
  readonly opens: RuleSet;
  readonly exclusions: readonly PathTest[];
  /** Whether a definition asks the detectors; else they are not fed. */
  readonly usesDetectors: boolean;
  readonly testsStarts: boolean;
  readonly testsOpens: boolean;
  /** Path of a system tool by what its content is known by. */
  readonly systemTools: ReadonlyMap<string, string>;
  readonly systemToolPaths: ReadonlySet<string>;
  /** The ancestor whose arguments the fact `parentArgv` means. */
  effectiveParent(ancestors: readonly Ancestor[]): Ancestor | null;
}

export type DefinitionKind = 'start' | 'open';

/** What kind of event a definition speaks about; null for one that nothing on this device delivers. */
export function definitionKind(rule: SigmaRule): DefinitionKind | null {
  if (rule.logsource.category === 'process_creation') return 'start';
  return rule.logsource.category === 'file_access' ? 'open' : null;
}

/**
 * What the events of this kind do not carry: a field, words in any field, a list that nobody supplies; null when all is known.
 * A typing error must not make a rule silently blind.
 */
export function unknownField(rule: SigmaRule, kind: DefinitionKind): string | null {
  if (hasKeywords(rule)) return 'any field (a word without a field)';
  const [list] = rule.placeholders;
  if (list !== undefined) return `%${list}%`;
  const known = kind === 'start' ? START_FIELDS : OPEN_FIELDS;
  return [...fieldsOf(rule)].find((field) => !known.has(field)) ?? null;
}

export function compilePolicy(snapshot: PolicySnapshot): Result<CompiledPolicy> {
  const parsed: ParsedRule[] = [];
  for (const rule of snapshot.rules) {
    if (!isActive(rule.mode)) continue;
    const one = parseDefinitions(rule, rule.mode);
    if (!one.ok) return one;
    parsed.push(one.value);
  }
  const starts = compileRules(snapshot, parsed, 'start');
  const opens = compileRules(snapshot, parsed, 'open');
  return ok({
    snapshot,
    starts,
    opens,
    exclusions: snapshot.exclusions.map(({ path }) => pathPattern(path)),
    usesDetectors: starts.fields.names.includes('Detectors'),
    testsStarts: starts.definitions.length > 0,
    testsOpens: opens.definitions.length > 0,
    systemTools: new Map(Object.entries(snapshot.systemTools)),
    systemToolPaths: new Set(Object.values(snapshot.systemTools)),
    effectiveParent,
  });
}

interface ParsedRule {
  readonly rule: SnapshotRule;
  readonly mode: ActiveMode;
  readonly definitions: readonly { readonly kind: DefinitionKind; readonly rule: SigmaRule }[];
}

function parseDefinitions(rule: SnapshotRule, mode: ActiveMode): Result<ParsedRule> {
  const definitions: { kind: DefinitionKind; rule: SigmaRule }[] = [];
  for (const [index, definition] of rule.definitions.entries()) {
    const parsed = parseRule(plainDocument(`rule ${rule.id}, definition ${index + 1}`, definition));
    if (!parsed.ok) return parsed;
    const kind = definitionKind(parsed.value);
    const named = `rule ${rule.id}, definition ${parsed.value.id}`;
    if (kind === null) return fail('bad-rule', `${named}: nothing here delivers events of category "${parsed.value.logsource.category ?? ''}"`);
    const field = unknownField(parsed.value, kind);
    if (field !== null) return fail('bad-rule', `${named}: the field "${field}" is not known`);
    definitions.push({ kind, rule: parsed.value });
  }
  return ok({ rule, mode, definitions });
}

function compileRules(snapshot: PolicySnapshot, parsed: readonly ParsedRule[], kind: DefinitionKind): RuleSet {
  const fields = new FieldTable();
  const context = { fields, fieldCost: kind === 'start' ? startFieldCost : openFieldCost };
  const all: AskedDefinition[] = [];
  for (const { rule, mode, definitions } of [...parsed].sort(byWeight)) {
    const ofKind = definitions.filter((definition) => definition.kind === kind);
    const of: ActiveRule = { rule, mode, exclusions: rule.exclusions.map(({ path }) => pathPattern(path)), allows: indexAllows(snapshot.allows, rule.id) };
    all.push(...ofKind.map((definition) => ({ of, definition: compileRule(context, definition.rule) })));
  }
  return { fields, definitions: all, candidates: new Candidates(fields, ['Image', 'ParentImage'], all.map(({ definition }) => definition)) };
}

const MODE_ORDER: readonly ActiveMode[] = ['block', 'warn', 'audit'];

/** What stops comes first; among these the rule that says most about what happened, so that a denial names the best reason. */
function byWeight(a: ParsedRule, b: ParsedRule): number {
  return MODE_ORDER.indexOf(a.mode) - MODE_ORDER.indexOf(b.mode) || highestLevel(b) - highestLevel(a);
}

function highestLevel({ definitions }: ParsedRule): number {
  return Math.max(...definitions.map((definition) => SIGMA_LEVELS.indexOf(definition.rule.level)));
}
