/** A policy snapshot made ready: rules compiled, exclusions and allows indexed. Compiled once per generation, in sentinel and engine alike. */
import { isActive, type ActiveMode } from '../../../shared/policy/modes.ts';
import type { PolicySnapshot, SnapshotRule } from '../../../shared/policy/snapshot.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Ancestor } from '../../../shared/start/facts.ts';
import { effectiveParent } from '../behavior/start/views.ts';
import { compileRule, fieldsOf, type CompiledRule } from '../rules/compile/compile.ts';
import { plainDocument } from '../rules/document.ts';
import type { SigmaRule } from '../rules/model.ts';
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
  readonly definitions: readonly CompiledRule[];
  readonly exclusions: readonly PathTest[];
  readonly allows: AllowIndex;
}

/** The active rules of one kind of event with the field table they share. Block before warn before audit. */
export interface RuleSet {
  readonly fields: FieldTable;
  readonly rules: readonly ActiveRule[];
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
  const builder = { start: newRuleSet(), open: newRuleSet() };
  const order: readonly ActiveMode[] = ['block', 'warn', 'audit'];
  const active = snapshot.rules.filter((rule) => isActive(rule.mode));
  for (const mode of order) {
    for (const rule of active) {
      if (rule.mode !== mode) continue;
      const added = addRule(builder, snapshot, rule, mode);
      if (!added.ok) return added;
    }
  }
  const exclusions = snapshot.exclusions.map(({ path }) => pathPattern(path));
  return ok({
    snapshot,
    starts: builder.start,
    opens: builder.open,
    exclusions,
    usesDetectors: builder.start.fields.names.includes('Detectors'),
    testsStarts: builder.start.rules.length > 0,
    testsOpens: builder.open.rules.length > 0,
    systemTools: snapshot.systemTools,
    systemToolPaths: new Set(Object.values(snapshot.systemTools)),
    effectiveParent,
  });
}

interface GrowingRuleSet extends RuleSet {
  readonly rules: ActiveRule[];
}

function newRuleSet(): GrowingRuleSet {
  return { fields: new FieldTable(), rules: [] };
}

function addRule(sets: Readonly<Record<DefinitionKind, GrowingRuleSet>>, snapshot: PolicySnapshot, rule: SnapshotRule, mode: ActiveMode): Result<void> {
  const definitions: Record<DefinitionKind, CompiledRule[]> = { start: [], open: [] };
  for (const [index, definition] of rule.definitions.entries()) {
    const parsed = parseRule(plainDocument(`rule ${rule.id}, definition ${index + 1}`, definition));
    if (!parsed.ok) return parsed;
    const kind = definitionKind(parsed.value);
    if (kind === null) return fail('bad-rule', `rule ${rule.id}, definition ${parsed.value.id}: nothing here delivers events of category "${parsed.value.logsource.category ?? ''}"`);
    const field = unknownField(parsed.value, kind);
    if (field !== null) return fail('bad-rule', `rule ${rule.id}, definition ${parsed.value.id}: the field "${field}" is not known`);
    const fieldCost = kind === 'start' ? startFieldCost : openFieldCost;
    definitions[kind].push(compileRule({ fields: sets[kind].fields, fieldCost }, parsed.value));
  }
  const common = { rule, mode, exclusions: rule.exclusions.map(({ path }) => pathPattern(path)), allows: indexAllows(snapshot.allows, rule.id) };
  for (const kind of ['start', 'open'] as const) {
    if (definitions[kind].length > 0) sets[kind].rules.push({ ...common, definitions: definitions[kind] });
  }
  return ok(undefined);
}
