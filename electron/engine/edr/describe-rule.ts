/** The words of a rule for history: from the rule book, or our own for what Holdfast itself reports. */
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import { findRule, type RuleBook } from '../asr/rule-book.ts';
import { PAUSE_ENDED_RULE_ID, PAUSED_RULE_ID, UNJUDGED_RULE_ID } from '../pipeline/own-rules.ts';

export interface RuleDescription {
  readonly name: string;
  /** Plain words for the person at the device. */
  readonly reason: string;
  readonly severity: HistoryEntry['severity'];
  readonly attack: readonly string[];
  readonly source: 'asr' | 'holdfast' | 'sigma';
  /** Of a rule that somebody else wrote. */
  readonly author?: string | null;
}

const OWN: ReadonlyMap<string, RuleDescription> = new Map([
  [
    UNJUDGED_RULE_ID,
    {
      name: 'Start that could not be judged in time',
      reason: 'Holdfast could not judge this start by the rules in time. The first word says what became of it, the notes say why.',
      severity: 'informational',
      attack: [],
      source: 'holdfast',
    },
  ],
  [
    PAUSED_RULE_ID,
    { name: 'Protection paused', reason: 'Somebody with the right to do so paused the protection: until the pause ends, rules only record.', severity: 'medium', attack: [], source: 'holdfast' },
  ],
  [
    PAUSE_ENDED_RULE_ID,
    { name: 'Pause of the protection ended', reason: 'The pause is over: rules act again.', severity: 'informational', attack: [], source: 'holdfast' },
  ],
]);

/** The book is asked for anew each time: it is replaced as a whole when its files change. `ofPacks`: what rules of packs say; null for others. */
export function ruleDescriber(book: () => RuleBook, ofPacks: (ruleId: string) => RuleDescription | null = () => null): (ruleId: string) => RuleDescription {
  return (ruleId) => {
    const own = OWN.get(ruleId);
    if (own !== undefined) return own;
    const rule = findRule(book(), ruleId);
    if (rule === null) return ofPacks(ruleId) ?? removedRule(ruleId);
    return { name: rule.name, reason: rule.reason, severity: rule.severity, attack: rule.attack, source: 'asr' };
  };
}

/** A finding may outlive its rule: the sentinel's log is read after the book has changed. */
function removedRule(ruleId: string): RuleDescription {
  return { name: `Rule ${ruleId}`, reason: 'A rule spoke that is no longer installed.', severity: 'medium', attack: [], source: 'asr' };
}
