/** What should happen to a look-alike by the present modes, and what did, from how it ended and what the record says. */
import os from 'node:os';
import type { RuleInfo } from '../../shared/control/calls.ts';
import type { HistoryEntry } from '../../shared/history/entry.ts';
import type { RehearsalResult } from '../../shared/rehearsal/result.ts';
import type { Coverage, Status } from '../../shared/status/status.ts';
import type { Ending } from './workplace.ts';

export type Outcome = RehearsalResult['expected'];

export interface Situation {
  readonly rule: RuleInfo;
  readonly status: Pick<Status, 'coverage' | 'pausedUntil' | 'reasons'>;
  /** The program whose start, or the file whose reading the rule speaks about. */
  readonly object: string;
}

export function expectedOutcome({ rule, status, object }: Situation): Outcome {
  if (isWithoutRights(status)) return 'allowed';
  switch (rule.effective) {
    case 'off':
    case 'unavailable':
      return 'allowed';
    case 'audit':
      return 'audited';
    case 'block':
    case 'warn':
      if (status.pausedUntil !== null) return 'audited';
      return preventsAt(status.coverage, object) ? 'prevented' : 'stopped';
  }
}

/** Then Holdfast only watches, and of what it sees late it records what it can: nothing can be promised but that all runs. */
export function isWithoutRights({ reasons }: Pick<Status, 'reasons'>): boolean {
  return reasons.some(({ code }) => code === 'no-rights');
}

/** By the mount that holds it: the one with the longest path. */
function preventsAt(coverage: readonly Coverage[], object: string): boolean {
  const holding = coverage.filter(({ mount }) => mount === '/' || object === mount || object.startsWith(`${mount}/`));
  const [nearest] = holding.sort((a, b) => b.mount.length - a.mount.length);
  return nearest?.prevent === true;
}

export interface Conclusion {
  readonly happened: Outcome;
  /** The entry that tells of it. */
  readonly entry: HistoryEntry | null;
  /** False when another rule did it, or when what the starter saw and what the record says do not fit. */
  readonly sound: boolean;
  readonly note: string | null;
}

/** `entries` are all about this process, of whatever rule. */
export function conclude(ending: Ending, entries: readonly HistoryEntry[], ruleId: string): Conclusion {
  switch (ending.kind) {
    case 'timeout':
      return { happened: 'skipped', entry: null, sound: false, note: 'It did not end in time and was ended.' };
    case 'refused':
      if (ending.errno !== os.constants.errno.EPERM) return { happened: 'skipped', entry: null, sound: false, note: `The system refused it (error ${ending.errno}).` };
      return actedOn('prevented', entries, ruleId) ?? { happened: 'prevented', entry: null, sound: false, note: 'It was refused, but the record does not say by whom.' };
    case 'killed':
      return actedOn('stopped', entries, ruleId) ?? { happened: 'stopped', entry: null, sound: false, note: `It was ended by signal ${ending.signal}, but the record does not say by whom.` };
    case 'ran':
      return actedOn('stopped', entries, ruleId) ?? concludeRan(entries, ruleId);
  }
}

/** The meant rule did it, or another one did. */
function actedOn(action: 'prevented' | 'stopped', entries: readonly HistoryEntry[], ruleId: string): Conclusion | null {
  const acts = entries.filter((entry) => entry.action === action);
  const meant = acts.find((entry) => isOfRule(entry, ruleId));
  if (meant !== undefined) return { happened: action, entry: meant, sound: true, note: null };
  const [other] = acts;
  return other === undefined ? null : { happened: action, entry: other, sound: false, note: `Another rule did it: ${other.rule.name}.` };
}

function concludeRan(entries: readonly HistoryEntry[], ruleId: string): Conclusion {
  const [wrong] = entries.filter((entry) => entry.action === 'prevented');
  if (wrong !== undefined) return { happened: 'allowed', entry: wrong, sound: false, note: 'It ran, but the record says that it was prevented.' };
  const audited = entries.find((entry) => entry.action === 'audited' && isOfRule(entry, ruleId));
  if (audited !== undefined) return { happened: 'audited', entry: audited, sound: true, note: null };
  const [other] = entries;
  // For this rule nothing happened; that another one also looked at it is no fault.
  return { happened: 'allowed', entry: null, sound: true, note: other === undefined ? null : `Another rule recorded it: ${other.rule.name}.` };
}

export function isOfRule(entry: HistoryEntry, ruleId: string): boolean {
  return entry.rule.id.toLowerCase() === ruleId.toLowerCase();
}
