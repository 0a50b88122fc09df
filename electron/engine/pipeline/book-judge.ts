/**
 * The rules of the book on recorded events, each as if set to block: a recording is judged by what Holdfast could have done,
 * the same on every device, not by how this one is set. A rule that can not be set to block is evidence.
 */
import type { AsrRule } from '../asr/rule-book.ts';
import type { SigmaRule } from '../rules/model.ts';
import { RuleJudge, type MakeMatcher } from './rule-judge.ts';

/** One definition, and the rule that it belongs to. */
export interface BookDefinition {
  readonly rule: Pick<AsrRule, 'id' | 'name' | 'modes'>;
  readonly definition: SigmaRule;
}

export function bookJudge(definitions: readonly BookDefinition[], make: MakeMatcher): RuleJudge {
  const rules = definitions.map(({ rule: { id, name, modes }, definition: { level } }) => ({
    evidence: { ruleId: id, title: name, level, source: 'asr' as const, conviction: modes.includes('block') ? ('asr-block' as const) : null },
    author: null,
  }));
  return new RuleJudge(make(definitions.map(({ definition }) => definition)), rules);
}
