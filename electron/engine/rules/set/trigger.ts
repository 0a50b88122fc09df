/**
 * Which literals make a rule worth asking: a set of which each matching event holds one, as rare as can be had. Rules
 * without such a set are asked about every event.
 */
import type { Formula } from './formula.ts';

export interface Trigger {
  readonly literals: readonly number[];
  /** In how many events of all one of them is expected. */
  readonly share: number;
}

/** `shareOf`: in which part of all events a literal is expected. */
export function triggerOf(formula: Formula, shareOf: (literal: number) => number): Trigger | null {
  switch (formula.op) {
    case 'literal':
      return { literals: formula.literals, share: formula.literals.reduce((sum, literal) => sum + shareOf(literal), 0) };
    case 'and':
      return rarest(formula.of.map((part) => triggerOf(part, shareOf)));
    case 'or':
      return joined(formula.of.map((part) => triggerOf(part, shareOf)));
    case 'not':
    case 'ask':
      return null;
  }
}

function rarest(triggers: readonly (Trigger | null)[]): Trigger | null {
  return triggers.reduce((best, next) => (next !== null && (best === null || next.share < best.share) ? next : best), null);
}

function joined(triggers: readonly (Trigger | null)[]): Trigger | null {
  const sure = triggers.filter((trigger) => trigger !== null);
  if (sure.length < triggers.length) return null;
  return { literals: [...new Set(sure.flatMap((trigger) => trigger.literals))], share: sure.reduce((sum, trigger) => sum + trigger.share, 0) };
}
