/** A policy snapshot made ready: rules compiled, exclusions and allows indexed. Compiled once per generation, in sentinel and engine alike. */
import { isActive, type ActiveMode } from '../../../shared/policy/modes.ts';
import type { PolicySnapshot, SnapshotRule } from '../../../shared/policy/snapshot.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Ancestor } from '../../../shared/start/facts.ts';
import { effectiveParent } from '../behavior/start/views.ts';
import { Candidates } from '../rules/candidates.ts';
import { compileRule, fieldsOf, type CompiledRule } from '../rules/compile/compile.ts';
import { plainDocument } from '../rules/document.ts';
import { SIGMA_LEVELS, type SigmaRule } from '../rules/model.ts';
import { parseRule } from '../rules/parse/rule.ts';
import { FieldTable } from '../rules/subject.ts';
import { indexAllows, type AllowIndex } from './allows.ts';
import { OPEN_FIELDS, openFieldCost } from './open-fields.ts';
import { pathPattern, type PathTest } from './path-pattern.ts';
import { START_FIELDS, startFieldCost } from './start-fields.ts';

export interface ActiveDefinition extends CompiledRule {
  /** Place among all definitions of the set. */
  readonly index: number;
}

/** One rule that acts on one kind of event. */
export interface ActiveRule {
  readonly rule: SnapshotRule;
  readonly mode: ActiveMode;
  readonly definitions: readonly ActiveDefinition[];
  readonly exclusions: readonly PathTest[];
  readonly allows: AllowIndex;
}

/** The active rules of one kind of event, in the order they are asked, with the field table they share. */
export interface RuleSet {
  readonly fields: FieldTable;
  readonly rules: readonly ActiveRule[];
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
  readonly systemTools: Readonly<Record<string, string>>;
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

/** A field that the events of this kind do not carry; null when all are known. A typing error must not make a rule silently blind. */
export function unknownField(rule: SigmaRule, kind: DefinitionKind): string | null {
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
    testsStarts: starts.rules.length > 0,
    testsOpens: opens.rules.length > 0,
    systemTools: snapshot.systemTools,
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
  const rules: ActiveRule[] = [];
  const all: ActiveDefinition[] = [];
  for (const { rule, mode, definitions } of [...parsed].sort(byWeight)) {
    const ofKind = definitions.filter((definition) => definition.kind === kind);
    if (ofKind.length === 0) continue;
    const compiled = ofKind.map((definition, index) => ({ ...compileRule(context, definition.rule), index: all.length + index }));
    all.push(...compiled);
    rules.push({ rule, mode, definitions: compiled, exclusions: rule.exclusions.map(({ path }) => pathPattern(path)), allows: indexAllows(snapshot.allows, rule.id) });
  }
  return { fields, rules, candidates: new Candidates(fields, ['Image', 'ParentImage'], all) };
}

const MODE_ORDER: readonly ActiveMode[] = ['block', 'warn', 'audit'];

/** What stops comes first; among these the rule that says most about what happened, so that a denial names the best reason. */
function byWeight(a: ParsedRule, b: ParsedRule): number {
  return MODE_ORDER.indexOf(a.mode) - MODE_ORDER.indexOf(b.mode) || highestLevel(b) - highestLevel(a);
}

function highestLevel({ definitions }: ParsedRule): number {
  return Math.max(...definitions.map((definition) => SIGMA_LEVELS.indexOf(definition.rule.level)));
}
