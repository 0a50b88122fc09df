/** Holdfast's own Sigma rules, compiled by the program's parser, and asked about starts as the live path asks: each view of each start. */
import fs from 'node:fs';
import path from 'node:path';
import { startFieldCost, StartFieldSource } from '../../electron/engine/asr/start-fields.ts';
import { newDetectorState, stepDetectors, type DetectorState } from '../../electron/engine/behavior/detectors/step.ts';
import { startViews } from '../../electron/engine/behavior/start/views.ts';
import { Candidates } from '../../electron/engine/rules/candidates.ts';
import { compileRule, type CompiledRule } from '../../electron/engine/rules/compile/compile.ts';
import { isMap } from '../../electron/engine/rules/document.ts';
import { evaluate } from '../../electron/engine/rules/evaluate.ts';
import type { SigmaRule } from '../../electron/engine/rules/model.ts';
import { parseRule } from '../../electron/engine/rules/parse/rule.ts';
import { parseYaml } from '../../electron/engine/rules/parse/yaml.ts';
import { FieldTable, Subject, type FieldValue } from '../../electron/engine/rules/subject.ts';
import type { FactReader, StartFacts } from '../../shared/start/facts.ts';

export const OWN_RULES = 'resources/rules/sigma';

export interface OwnRule {
  /** From the folder of the rules on, with forward slashes. */
  readonly file: string;
  readonly rule: SigmaRule;
  /** The document as written, for keys the parser does not look at. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** All rules below `folder`. Throws for one that is refused: there is nothing to measure then. */
export function readRules(folder: string): readonly OwnRule[] {
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yml'));
  return files.sort().flatMap((name) => {
    const file = name.split(path.sep).join('/');
    const documents = parseYaml(file, fs.readFileSync(path.join(folder, name), 'utf8'));
    if (!documents.ok) throw new Error(documents.error.message);
    return documents.value.map((document) => {
      const rule = parseRule(document);
      if (!rule.ok) throw new Error(rule.error.message);
      return { file, rule: rule.value, raw: isMap(document.value) ? document.value : {} };
    });
  });
}

export class RuleSet {
  private readonly table = new FieldTable();
  private readonly compiled: readonly CompiledRule[];
  private readonly candidates: Candidates;

  constructor(rules: readonly SigmaRule[]) {
    this.compiled = rules.map((rule) => compileRule({ fields: this.table, fieldCost: startFieldCost }, rule));
    this.candidates = new Candidates(this.table, ['Image', 'ParentImage'], this.compiled);
  }

  /** Rules that match one of these starts, which follow each other. */
  matches(starts: readonly StartFacts[]): ReadonlySet<SigmaRule> {
    const found = new Set<SigmaRule>();
    const detectors = newDetectorState();
    for (const start of starts) this.addMatches(start, detectors, found);
    return found;
  }

  /** Rules that match an event of plain fields, such as one out of a file. */
  matchesFields(fields: Readonly<Record<string, FieldValue>>): ReadonlySet<SigmaRule> {
    const subject = new Subject(this.table, { read: (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined) });
    return new Set(this.compiled.filter((one) => evaluate(one, subject).outcome === 'hit').map(({ rule }) => rule));
  }

  private addMatches(start: StartFacts, detectors: DetectorState, found: Set<SigmaRule>): void {
    const facts: FactReader = (name) => start[name];
    const { views } = startViews(facts);
    const step = stepDetectors(detectors, views, facts, 0);
    for (const view of views) {
      const subject = new Subject(this.table, new StartFieldSource(view, facts, step));
      const list = this.candidates.of(subject);
      for (const [index, one] of this.compiled.entries()) if (list.includes(index) && evaluate(one, subject).outcome === 'hit') found.add(one.rule);
    }
  }
}
