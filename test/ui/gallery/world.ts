/** All that a state of the gallery is made of. The fake bridge answers from it and changes it as the engine would. */
import type { CallOutput, DoctorFinding, EngineSettings, RuleInfo } from '../../../shared/control/calls.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { AppInfo, AppState, RehearsalState, WindowSettings } from '../../../shared/ipc/table.ts';
import type { LiveEvent } from '../../../shared/live/event.ts';
import type { Failure } from '../../../shared/result.ts';
import { allowsAt, connected, HEALTHY, INFO, liveAt, rehearsalOf, statusOf, USAGE } from './data/device.ts';
import { HistoryBook, SAMPLES } from './data/history.ts';
import { rulesAs } from './data/rules.ts';

export interface World {
  info: AppInfo;
  state: AppState;
  settings: WindowSettings;
  settingsProblem: string | null;
  unread: number;
  history: HistoryBook;
  undecided: readonly HistoryEntry[];
  day: CallOutput<'historySummary'>['parts'];
  rules: readonly RuleInfo[];
  allows: CallOutput<'allowList'>['allows'];
  engineSettings: EngineSettings;
  lockedByPolicy: readonly string[];
  findings: readonly DoctorFinding[];
  usage: CallOutput<'usage'>;
  live: readonly LiveEvent[];
  rehearsal: RehearsalState;
  /** `silent`: the engine takes every call and never answers. A failure: what it says to all of them. */
  reads: 'answered' | 'silent' | Failure;
  /** The same for calls that change something; `ask`: refused until the person agrees to be asked. */
  changes: 'answered' | 'ask' | Failure;
}

const BUSY_HOURS: readonly (readonly [hour: number, prevented: number, stopped: number, audited: number])[] = [[2, 0, 0, 3], [3, 0, 0, 5], [8, 1, 0, 1], [9, 0, 0, 2], [11, 2, 0, 0], [12, 0, 0, 1], [14, 1, 0, 4], [17, 3, 1, 1], [19, 0, 0, 2], [21, 1, 1, 0], [22, 2, 0, 1], [23, 2, 0, 2]];

function dayAt(nowMs: number): World['day'] {
  const hour = 3_600_000;
  const from = Math.floor(nowMs / hour) * hour - 23 * hour;
  return Array.from({ length: 24 }, (_, index) => {
    const [, prevented = 0, stopped = 0, audited = 0] = BUSY_HOURS.find(([of]) => of === index) ?? [];
    return { from: new Date(from + index * hour).toISOString(), prevented, stopped, audited, observed: index === 9 ? 1 : 0 };
  });
}

export function quietDay(nowMs: number): World['day'] {
  return dayAt(nowMs).map((part) => ({ ...part, prevented: 0, stopped: 0, audited: 0, observed: 0 }));
}

/** A device in good order after a busy week. */
export function goodWorld(nowMs: number): World {
  const history = new HistoryBook(SAMPLES, SAMPLES.length * 7, nowMs);
  const counts: Readonly<Record<string, RuleInfo['counts']>> = { 'office-children': { prevented: 8, stopped: 0, audited: 0 }, 'copied-system-tools': { prevented: 24, stopped: 8, audited: 0 }, 'credential-stores': { prevented: 0, stopped: 0, audited: 112 }, 'backup-destruction': { prevented: 1, stopped: 0, audited: 0 } };
  return {
    info: INFO,
    state: connected(statusOf('protected', nowMs)),
    settings: { theme: 'light', notices: 'all', firstRunDone: true },
    settingsProblem: null,
    unread: 3,
    history,
    undecided: [history.at(1), history.at(7)],
    day: dayAt(nowMs),
    rules: rulesAs('standard').map((rule) => ({ ...rule, counts: counts[rule.slug] ?? rule.counts, lastAt: counts[rule.slug] === undefined ? null : new Date(nowMs - 240_000).toISOString(), exclusions: rule.slug === 'copied-system-tools' ? ['/srv/builds/', '/home/ada/bin/busybox'] : [] })),
    allows: allowsAt(nowMs),
    engineSettings: { fail: 'open', deadlineMs: 60 },
    lockedByPolicy: [],
    findings: HEALTHY,
    usage: USAGE,
    live: liveAt(nowMs),
    rehearsal: rehearsalOf(0),
    reads: 'answered',
    changes: 'answered',
  };
}
