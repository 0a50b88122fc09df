/** The rules of a set by number. They may lie packed until one is asked for: matching needs the index only. */
import type { SigmaRule } from '../model.ts';

export interface RuleShelf {
  readonly count: number;
  /** Throws for a number that is no rule. */
  at(number: number): SigmaRule;
}

export class ReadRules implements RuleShelf {
  private readonly rules: readonly SigmaRule[];

  constructor(rules: readonly SigmaRule[]) {
    this.rules = rules;
  }

  get count(): number {
    return this.rules.length;
  }

  at(number: number): SigmaRule {
    const rule = this.rules[number];
    if (!rule) throw new Error(`there is no rule ${number}`);
    return rule;
  }
}
