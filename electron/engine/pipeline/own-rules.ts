/** What Holdfast itself has to report about starts, beside the attack surface rules. The recorder turns the id into name and reason. */
import type { RecordedHit } from '../../../shared/link/messages.ts';

export const UNJUDGED_RULE_ID = 'holdfast-unjudged-start';

export function unjudgedHit(reason: string): RecordedHit {
  return { ruleId: UNJUDGED_RULE_ID, definitionId: reason, mode: 'audit', matched: [] };
}
