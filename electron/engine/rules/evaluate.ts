/** Asks one compiled rule about one event. Pure and without state: asking again after reading more is the normal case. */
import type { CompiledRule } from './compile/compile.ts';
import { NO, YES, type MatchedField } from './compile/plan.ts';
import type { Subject } from './subject.ts';

export type { MatchedField } from './compile/plan.ts';

export type Outcome =
  | { readonly outcome: 'hit'; readonly matched: readonly MatchedField[] }
  | { readonly outcome: 'clear' }
  /** Reading these fields is the next step; others may follow. */
  | { readonly outcome: 'needs'; readonly fields: readonly string[] };

const CLEAR: Outcome = { outcome: 'clear' };

export function evaluate(compiled: CompiledRule, subject: Subject): Outcome {
  const answer = compiled.plan.test(subject);
  if (answer === NO) return CLEAR;
  if (answer === YES) {
    const matched: MatchedField[] = [];
    compiled.plan.explain(subject, matched);
    return { outcome: 'hit', matched };
  }
  const fields = new Set<string>();
  compiled.plan.needs(subject, fields);
  return { outcome: 'needs', fields: [...fields] };
}
