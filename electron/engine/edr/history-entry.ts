/** A finding as a line of history: names and times in place of numbers. */
import type { HistoryEntry, HistoryProcess } from '../../../shared/history/entry.ts';
import type { Finding, FoundProcess } from '../ports.ts';
import type { RuleDescription } from './describe-rule.ts';

export interface EntryDeps {
  describeRule(ruleId: string): RuleDescription;
  userName(uid: number): string;
  /** Wall time of a start, ms since the epoch. */
  startTimeMs(startTicks: number): number;
}

export const ARGUMENTS_UNKNOWN = '(the arguments could not be read)';
export const USER_UNKNOWN = '(unknown)';

export function toHistoryEntry(finding: Finding, deps: EntryDeps): HistoryEntry {
  const { hit } = finding;
  const rule = deps.describeRule(hit.ruleId);
  const time = iso(finding.timeMs);
  return {
    id: finding.id,
    time,
    action: finding.action,
    severity: rule.severity,
    // Our own reports have no mode that a person could have chosen.
    rule: { id: hit.ruleId, name: rule.name, source: rule.source, mode: rule.source === 'asr' ? hit.mode : null, attack: [...rule.attack] },
    reason: rule.reason,
    process: toProcess(finding.process, deps),
    ancestors: finding.ancestors.map((ancestor) => toProcess(ancestor, deps)),
    count: 1,
    lastTime: time,
    definitionId: hit.definitionId,
    matched: hit.matched.map((match) => ({ ...match })),
    notes: [...finding.notes],
  };
}

export function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function toProcess(found: FoundProcess, deps: EntryDeps): HistoryProcess {
  return {
    pid: found.pid,
    startTime: found.startTicks === null ? null : iso(deps.startTimeMs(found.startTicks)),
    image: found.image,
    commandLine: found.argv === null ? ARGUMENTS_UNKNOWN : found.argv.join(' '),
    user: found.uid === null ? USER_UNKNOWN : deps.userName(found.uid),
  };
}
