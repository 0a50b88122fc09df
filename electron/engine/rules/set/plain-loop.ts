/** Asks every rule that speaks about an event, one after the other: the answer the index must give, and what it is measured against. */
import { compileRule, type CompiledRule } from '../compile/compile.ts';
import { YES } from '../compile/plan.ts';
import type { LogSource, SigmaRule } from '../model.ts';
import { FieldTable, Subject } from '../subject.ts';
import { covers, lowerSource } from './logsource.ts';
import { sourceOf, type RuleEvent } from './rule-event.ts';

export class PlainLoop {
  private readonly table = new FieldTable();
  private readonly rules: readonly { readonly logsource: LogSource; readonly compiled: CompiledRule }[];

  constructor(rules: readonly SigmaRule[]) {
    const context = { fields: this.table, fieldCost: () => 0 };
    this.rules = rules.map((rule) => ({ logsource: lowerSource(rule.logsource), compiled: compileRule(context, rule) }));
  }

  /** The numbers of the rules that match, ascending. */
  match(event: RuleEvent): readonly number[] {
    const subject = new Subject(this.table, sourceOf(event));
    const matches: number[] = [];
    for (const [number, { logsource, compiled }] of this.rules.entries()) {
      if (covers(logsource, event.logsource) && compiled.plan.test(subject) === YES) matches.push(number);
    }
    return matches;
  }
}
