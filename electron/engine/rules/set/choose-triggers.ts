/**
 * Which literals wake which rules, and in which fields it therefore pays to look at every event. Literals that wake no rule are
 * looked for only when a rule that is awake asks; a few more rules awake cost less than one more field to walk over.
 */
import type { Formula } from './formula.ts';
import { triggerOf, type Trigger } from './trigger.ts';

/** What is known of a literal before any event. */
export interface LiteralFacts {
  fieldOf(literal: number): string;
  /** In which part of all events it is expected. */
  shareOf(literal: number): number;
}

/** Rough costs in nanoseconds: of a rule awake, which then asks about the field after all, and of a walk over a field of ordinary length. */
const WALKING = 60;
const ASKING = 200;

/** By rule; null: it is asked about every event. `fields`: the names of all fields that literals are looked for in. */
export function chooseTriggers(formulas: readonly Formula[], fields: readonly string[], facts: LiteralFacts): readonly (Trigger | null)[] {
  /** Fields that no rule is woken from. */
  const late = new Set<string>();
  const find = (formula: Formula, without: string | null): Trigger | null => {
    const trigger = triggerOf(formula, (literal) => {
      const field = facts.fieldOf(literal);
      return field === without || late.has(field) ? Infinity : facts.shareOf(literal);
    });
    return trigger !== null && trigger.share < Infinity ? trigger : null;
  };
  const triggers = formulas.map((formula) => find(formula, null));
  const fieldsOf = (trigger: Trigger | null): ReadonlySet<string> => new Set(trigger?.literals.map((literal) => facts.fieldOf(literal)));
  const woken = triggers.map(fieldsOf);
  const wokenIn = (field: string): number[] => [...woken.keys()].filter((rule) => woken[rule]?.has(field) === true);
  const byUse = fields.map((field) => ({ field, uses: wokenIn(field).length })).sort((a, b) => a.uses - b.uses);
  for (const { field } of byUse) {
    const rules = wokenIn(field);
    const others = rules.map((rule) => find(formulas[rule] ?? { op: 'and', of: [] }, field));
    const more = others.reduce((sum, other, index) => sum + (other === null ? Infinity : share(other) - share(triggers[rules[index] ?? 0] ?? other)), 0);
    if (more * ASKING > WALKING) continue;
    late.add(field);
    for (const [index, rule] of rules.entries()) {
      const trigger = others[index] ?? null;
      triggers[rule] = trigger;
      woken[rule] = fieldsOf(trigger);
    }
  }
  return triggers;
}

function share(trigger: Trigger): number {
  return Math.min(1, trigger.share);
}
