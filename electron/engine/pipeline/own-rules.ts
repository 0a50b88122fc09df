/** What Holdfast itself has to report about starts and about itself, beside the attack surface rules. The recorder turns the id into name and reason. */
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { RecordedHit } from '../../../shared/link/messages.ts';

export const UNJUDGED_RULE_ID = 'holdfast-unjudged-start';

export function unjudgedHit(reason: string): RecordedHit {
  return { ruleId: UNJUDGED_RULE_ID, definitionId: reason, mode: 'audit', matched: [] };
}

export const PAUSED_RULE_ID = 'holdfast-paused';
export const PAUSE_ENDED_RULE_ID = 'holdfast-pause-ended';

export function pauseHit(event: NonNullable<HistoryEntry['pause']>['event']): RecordedHit {
  return { ruleId: event === 'begun' ? PAUSED_RULE_ID : PAUSE_ENDED_RULE_ID, definitionId: event, mode: 'audit', matched: [] };
}
