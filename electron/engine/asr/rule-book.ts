/**
 * The rule book: the attack surface reduction rules as data, one file each, and the presets. Read as a whole or not at all;
 * a book with one bad file is refused with file, line, column and reason, and the last good one stays in force.
 *
 * The files come in as text: whoever hosts the engine reads them.
 */
import { RULE_MODES, isActive, type RuleMode } from '../../../shared/policy/modes.ts';
import type { Exclusion, SnapshotRule } from '../../../shared/policy/snapshot.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { fieldsOf } from '../rules/compile/compile.ts';
import { refuse, subDocument, type KeyPath, type RuleDocument } from '../rules/document.ts';
import { parseRule } from '../rules/parse/rule.ts';
import { parseYaml } from '../rules/parse/yaml.ts';
import { asResult, orRefuse, RuleError } from '../rules/rule-error.ts';
import { definitionKind, unknownField } from './policy.ts';
import { RECORDED_KINDS, recordedKind } from './recorded-events.ts';
import { checked, presetFileSchema, ruleFileSchema, SYSTEMS, type PresetFile, type RuleFile, type System } from './rule-file.ts';

export { SYSTEMS, type System } from './rule-file.ts';

/** What one rule can do on one system. */
export type SystemPart =
  | { readonly available: true; readonly definitions: readonly unknown[]; readonly guardedFiles: readonly string[] }
  | {
      readonly available: false;
      readonly reason: string;
      /** How the system's own means could prevent it; null where none is known. */
      readonly prevention: string | null;
      /** Definitions on what a log tells after the fact; see `judge-recorded.ts`. No policy carries them. */
      readonly recorded: readonly unknown[];
    };

export interface AsrRule extends Omit<RuleFile, 'systems'> {
  /** Name of its file; short name for people and scripts. */
  readonly slug: string;
  readonly systems: Readonly<Record<System, SystemPart>>;
}

export interface Preset {
  readonly name: string;
  readonly description: string;
  /** A mode for every rule, by rule id. */
  readonly modes: Readonly<Record<System, ReadonlyMap<string, RuleMode>>>;
}

export interface RuleBook {
  /** In the order of Microsoft's table. */
  readonly rules: readonly AsrRule[];
  readonly presets: readonly Preset[];
}

export interface RuleBookFile {
  readonly path: string;
  readonly text: string;
}

/** The file of that name holds the presets; every other file holds one rule. */
const PRESETS_FILE = 'presets.yml';

export interface LoadOptions {
  /** False for an engine that judges what runs: it starts sooner without the definitions that only event files need. */
  readonly recorded: boolean;
}

export function loadRuleBook(files: readonly RuleBookFile[], options: LoadOptions = { recorded: true }): Result<RuleBook> {
  return asResult('bad-rule-file', () => {
    const ruleFiles = files.filter((file) => baseName(file.path) !== PRESETS_FILE);
    const presetFiles = files.filter((file) => baseName(file.path) === PRESETS_FILE);
    if (ruleFiles.length === 0) throw new RuleError('rule book', 'no rule file was found; reinstall Holdfast or check the rules folder');
    const rules = ruleFiles.map((file) => readRuleFile(file, options)).sort((a, b) => a.number - b.number);
    refuseRepeats(rules, ruleFiles);
    return { rules, presets: presetFiles.flatMap((file) => readPresets(file, rules)) };
  });
}

/** Finds a rule by its GUID (any case), its short name or its number in Microsoft's table. */
export function findRule(book: RuleBook, wanted: string): AsrRule | null {
  const text = wanted.trim().toLowerCase();
  return book.rules.find((rule) => rule.id === text || rule.slug === text || String(rule.number) === text) ?? null;
}

export interface EffectiveMode {
  readonly effective: 'off' | 'block' | 'audit' | 'warn' | 'unavailable';
  /** Why the device does less than was asked for; null when it does what was asked. */
  readonly downgradedBecause: string | null;
}

/** What a rule set to `mode` really does on this system. */
export function effectiveMode(rule: AsrRule, system: System, mode: RuleMode): EffectiveMode {
  const part = rule.systems[system];
  if (!isActive(mode)) return { effective: 'off', downgradedBecause: null };
  return part.available ? { effective: mode, downgradedBecause: null } : { effective: 'unavailable', downgradedBecause: part.reason };
}

/** Refuses a mode that the rule does not have, in words. */
export function checkMode(rule: AsrRule, mode: RuleMode): Result<void> {
  if (!isActive(mode) || rule.modes.includes(mode)) return ok(undefined);
  return fail('mode-not-offered', `The rule "${rule.name}" can not be set to ${mode}. It can be set to off, ${rule.modes.join(' or ')}.`);
}

/** The rule as a policy snapshot carries it. On a system that can not enforce it the definitions are empty, so nothing acts. */
export function snapshotRule(rule: AsrRule, system: System, mode: RuleMode, exclusions: readonly Exclusion[]): SnapshotRule {
  const part = rule.systems[system];
  const { id, name, reason, severity, attack } = rule;
  return { id, name, reason, severity, source: 'asr', attack: [...attack], mode, exclusions: [...exclusions], definitions: part.available ? [...part.definitions] : [] };
}

/** Patterns of the files whose opening these rules ask about (`~/` is every home folder). */
export function guardedPatterns(rules: readonly AsrRule[], system: System): readonly string[] {
  return [...new Set(rules.flatMap((rule) => (rule.systems[system].available ? rule.systems[system].guardedFiles : [])))];
}

/** Definitions that speak of openings; all others speak of starts. */
export function openDefinitionIds(book: RuleBook): ReadonlySet<string> {
  const parts = book.rules.flatMap((rule) => SYSTEMS.map((system) => rule.systems[system]));
  const definitions = parts.flatMap((part) => (part.available ? part.definitions : [])) as { readonly id: string; readonly logsource: { readonly category?: string } }[];
  return new Set(definitions.filter(({ logsource }) => logsource.category === 'file_access').map(({ id }) => id));
}

function readRuleFile(file: RuleBookFile, options: LoadOptions): AsrRule {
  const document = onlyDocument(file);
  const rule = checked(ruleFileSchema, document);
  for (const system of SYSTEMS) checkDefinitions(document, rule, system, options);
  return { ...rule, slug: baseName(file.path).replace(/\.ya?ml$/, ''), systems: { linux: systemPart(rule, 'linux', options), windows: systemPart(rule, 'windows', options) } };
}

function systemPart(rule: RuleFile, system: System, { recorded }: LoadOptions): SystemPart {
  const part = rule.systems[system];
  if ('unavailable' in part) return { available: false, reason: part.unavailable, prevention: part.prevention ?? null, recorded: recorded ? (part.recorded ?? []) : [] };
  return { available: true, definitions: part.definitions, guardedFiles: part.guardedFiles };
}

function checkDefinitions(document: RuleDocument, rule: RuleFile, system: System, { recorded }: LoadOptions): void {
  const part = rule.systems[system];
  if ('unavailable' in part) {
    for (const index of (recorded ? (part.recorded ?? []) : []).keys()) checkRecorded(document, ['systems', system, 'recorded', index]);
    return;
  }
  let reads = false;
  for (const index of part.definitions.keys()) {
    const path = ['systems', system, 'definitions', index];
    const definition = orRefuse(parseRule(subDocument(document, path)));
    const kind = definitionKind(definition);
    if (kind === null) refuse(document, [...path, 'logsource'], 'the category is one of process_creation and file_access');
    if (definition.logsource.product !== system) refuse(document, [...path, 'logsource'], `the product is ${system}`);
    const field = unknownField(definition, kind);
    if (field !== null) refuse(document, [...path, 'detection'], `the field "${field}" is not delivered for ${definition.logsource.category ?? ''}`);
    reads ||= kind === 'open';
  }
  if (reads !== part.guardedFiles.length > 0) refuse(document, ['systems', system], 'guardedFiles and definitions of category file_access belong together');
}

function checkRecorded(document: RuleDocument, path: KeyPath): void {
  const definition = orRefuse(parseRule(subDocument(document, path)));
  const kind = recordedKind(definition.logsource);
  if (kind === null) return refuse(document, [...path, 'logsource'], `the product is windows with one of ${RECORDED_KINDS.map(({ source }) => source).join(', ')}`);
  const field = [...fieldsOf(definition)].find((name) => !kind.fields.includes(name));
  if (field !== undefined) refuse(document, [...path, 'detection'], `the field "${field}" is not written for ${kind.source}`);
}

function refuseRepeats(rules: readonly AsrRule[], files: readonly RuleBookFile[]): void {
  const seen = new Map<string, string>();
  const once = (what: string, slug: string): void => {
    const first = seen.get(what);
    const file = files.find((one) => baseName(one.path).startsWith(`${slug}.`))?.path ?? slug;
    if (first !== undefined) throw new RuleError(file, `${what} is already used by ${first}`);
    seen.set(what, slug);
  };
  for (const rule of rules) {
    once(`the id ${rule.id}`, rule.slug);
    once(`the number ${rule.number}`, rule.slug);
    for (const system of SYSTEMS) {
      const part = rule.systems[system];
      for (const definition of part.available ? part.definitions : part.recorded) once(`the definition id ${(definition as { id: string }).id}`, rule.slug);
    }
  }
}

function readPresets(file: RuleBookFile, rules: readonly AsrRule[]): Preset[] {
  const document = onlyDocument(file);
  const { presets } = checked(presetFileSchema, document);
  return presets.map((preset, index) => ({
    name: preset.name,
    description: preset.description,
    modes: { linux: presetModes(document, preset, index, rules, 'linux'), windows: presetModes(document, preset, index, rules, 'windows') },
  }));
}

function presetModes(document: RuleDocument, preset: PresetFile['presets'][number], index: number, rules: readonly AsrRule[], system: System): ReadonlyMap<string, RuleMode> {
  const path = ['presets', index, 'modes', system];
  const named = preset.modes[system];
  for (const slug of Object.keys(named)) if (!rules.some((rule) => rule.slug === slug)) refuse(document, [...path, slug], `there is no rule "${slug}"`);
  return new Map(
    rules.map((rule) => {
      const mode = named[rule.slug];
      if (mode === undefined) return refuse(document, path, `the rule "${rule.slug}" has no mode here`);
      const allowed = checkMode(rule, mode);
      if (!allowed.ok) refuse(document, [...path, rule.slug], allowed.error.message);
      if (isActive(mode) && !rule.systems[system].available) refuse(document, [...path, rule.slug], `the rule can not act on ${system} yet; a preset must not promise it`);
      return [rule.id, mode] as const;
    }),
  );
}

function onlyDocument(file: RuleBookFile): RuleDocument {
  const documents = orRefuse(parseYaml(file.path, file.text));
  const [only] = documents;
  if (!only || documents.length !== 1) throw new RuleError(file.path, 'the file holds exactly one document');
  return only;
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** Mode names with Defender's numbers, for commands that take either. */
export function parseMode(text: string): RuleMode | null {
  const found = Object.entries(RULE_MODES).find(([name, number]) => name.toLowerCase() === text.toLowerCase() || String(number) === text);
  return (found?.[0] as RuleMode | undefined) ?? null;
}
