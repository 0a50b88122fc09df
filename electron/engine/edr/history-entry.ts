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
    rule: { id: hit.ruleId, name: rule.name, source: rule.source, mode: rule.source === 'asr' ? hit.mode : null, attack: [...rule.attack], ...(rule.author === undefined ? {} : { author: rule.author }) },
    reason: rule.reason,
    process: toProcess(finding.process, deps),
    ancestors: finding.ancestors.map((ancestor) => toAncestor(ancestor, deps)),
    count: 1,
    lastTime: time,
    definitionId: hit.definitionId,
    matched: hit.matched.map(({ field, value, pattern }) => ({ field, value: cut(value), pattern })),
    notes: [...finding.notes],
    ...(finding.pause === undefined ? {} : { pause: finding.pause }),
    ...(finding.below === undefined || finding.below.length === 0 ? {} : { below: finding.below.map((one) => ({ ...toProcess(one, deps), commandLine: cut(argumentsOf(one), MOST_BELOW), parentPid: one.parentPid, outcome: one.outcome })) }),
  };
}

/** Whole are the arguments of the process itself; of the rest a beginning explains enough, and megabytes would crowd out other lines. */
const MOST_CHARACTERS = 4_096;
/** There may be many of them. */
const MOST_BELOW = 400;

function toAncestor(found: FoundProcess, deps: EntryDeps): HistoryProcess {
  const ancestor = toProcess(found, deps);
  return { ...ancestor, commandLine: cut(ancestor.commandLine) };
}

function cut(text: string, most = MOST_CHARACTERS): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

function argumentsOf({ argv }: FoundProcess): string {
  return argv === null ? ARGUMENTS_UNKNOWN : argv.join(' ');
}

export function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function toProcess(found: FoundProcess, deps: EntryDeps): HistoryProcess {
  return {
    pid: found.pid,
    startTime: found.startTicks === null ? null : iso(deps.startTimeMs(found.startTicks)),
    image: found.image,
    commandLine: argumentsOf(found),
    user: found.uid === null ? USER_UNKNOWN : deps.userName(found.uid),
  };
}
