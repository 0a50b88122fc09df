/**
 * The rules of the book on events that were recorded: what each of them would have said, had it been set to act. Pure and
 * without state. It asks every definition of the event's kind; a replay that has thousands of rules beside these takes
 * `recordedDefinitions` into its own index instead.
 */
import { orRefuse } from '../rules/rule-error.ts';
import { compileRule, type CompiledRule } from '../rules/compile/compile.ts';
import type { MatchedField } from '../rules/compile/plan.ts';
import { plainDocument } from '../rules/document.ts';
import { evaluate } from '../rules/evaluate.ts';
import type { LogSource, SigmaRule } from '../rules/model.ts';
import { parseRule } from '../rules/parse/rule.ts';
import type { RuleEvent } from '../rules/set/rule-event.ts';
import { FieldTable, Subject } from '../rules/subject.ts';
import { recordedKind, type LateAnswer } from './recorded-events.ts';
import type { AsrRule, RuleBook, System } from './rule-book.ts';

export interface RecordedDefinition {
  readonly rule: AsrRule;
  readonly definition: SigmaRule;
  /** What could still be done, once such an event is read. */
  readonly answer: LateAnswer;
}

export interface RecordedHit extends RecordedDefinition {
  readonly matched: readonly MatchedField[];
}

/** All definitions of a loaded book on recorded events, in the order of the rules. Loading the book has checked them. */
export function recordedDefinitions(book: Pick<RuleBook, 'rules'>, system: System): RecordedDefinition[] {
  return book.rules.flatMap((rule) => {
    const part = rule.systems[system];
    return (part.available ? [] : part.recorded).map((raw) => {
      const definition = orRefuse(parseRule(plainDocument(rule.slug, raw)));
      const kind = recordedKind(definition.logsource);
      if (kind === null) throw new Error(`${rule.slug}: a recorded definition of a kind that the book refuses`);
      return { rule, definition, answer: kind.answer };
    });
  });
}

interface Compiled extends RecordedDefinition {
  readonly compiled: CompiledRule;
}

export class RecordedJudge {
  private readonly fields = new FieldTable();
  private readonly bySource = new Map<string, Compiled[]>();

  constructor(definitions: readonly RecordedDefinition[]) {
    const context = { fields: this.fields, fieldCost: () => 0 };
    for (const one of definitions) {
      const source = sourceOf(one.definition.logsource);
      this.bySource.set(source, [...(this.bySource.get(source) ?? []), { ...one, compiled: compileRule(context, one.definition) }]);
    }
  }

  /** Definitions that match, with what they matched. */
  hits({ logsource, fields }: RuleEvent): RecordedHit[] {
    if (logsource.product !== 'windows') return [];
    const subject = new Subject(this.fields, { read: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined) });
    return this.candidates(logsource).flatMap(({ compiled, ...one }) => {
      const outcome = evaluate(compiled, subject);
      return outcome.outcome === 'hit' ? [{ ...one, matched: outcome.matched }] : [];
    });
  }

  /** An event may have both a category and a service; a definition names one of them. */
  private candidates({ category, service }: LogSource): readonly Compiled[] {
    return [...(this.bySource.get(category ?? '') ?? []), ...(this.bySource.get(service ?? '') ?? [])];
  }
}

function sourceOf({ category, service }: LogSource): string {
  return category ?? service ?? '';
}
