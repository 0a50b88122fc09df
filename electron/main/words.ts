/** Every sentence that tray and notices show. */
import type { HistoryEntry } from '../../shared/history/entry.ts';
import type { AppState } from '../../shared/ipc/table.ts';
import type { ProtectionState } from '../../shared/status/status.ts';

export const STATE_WORDS: Readonly<Record<ProtectionState | 'notConnected', string>> = {
  protected: 'Protected',
  partlyProtected: 'Partly protected',
  watchingOnly: 'Watching only',
  paused: 'Paused',
  starting: 'Starting',
  failed: 'Not protected: Holdfast failed',
  notConnected: 'The engine does not answer',
};

export const TRAY = {
  open: 'Open Holdfast',
  pause: 'Pause',
  pause15: 'For 15 minutes',
  pauseBoot: 'Until this device is started again',
  resume: 'End the pause',
  rehearse: 'Rehearse an attack…',
  quitBoth: 'Quit Holdfast (protection ends)',
  quitUi: 'Quit this window (protection goes on)',
  unread: (count: number) => (count === 1 ? '1 new entry' : `${count >= 1_000 ? 'More than 1,000' : count} new entries`),
  pauseReason: 'from the tray',
  tooltip: (state: string, reason: string | null, unread: string | null) => ['Holdfast', state, reason, unread].filter((part) => part !== null).join('\n'),
} as const;

/** The first reason, short enough for a menu. */
export function firstReason(state: AppState): string | null {
  const reason = state.connection === 'connected' ? (state.status?.reasons[0]?.message ?? null) : state.reason;
  return reason !== null && reason.length > 110 ? `${reason.slice(0, 109)}…` : reason;
}

const DONE: Readonly<Partial<Record<HistoryEntry['action'], string>>> = {
  prevented: 'Holdfast kept it from running',
  suspended: 'Holdfast put it on hold',
  stopped: 'Holdfast stopped it',
  remediated: 'Holdfast stopped it and undid its changes',
  audited: 'Holdfast recorded it (it ran)',
};

export const NOTICES = {
  title: (action: HistoryEntry['action'], program: string) => `${DONE[action] ?? 'Holdfast noticed it'}: ${program}`,
  again: (count: number) => ` (${count} times)`,
  question: 'If it was meant to run, open this notice to allow it. Otherwise there is nothing to do: it stays refused.',
  open: 'Show',
} as const;

export const APP = {
  noDisplay: 'There is no display here, so no window can be opened. Use the command line: holdfast status',
  noTray: 'There is no place for a tray icon on this desktop; open the window by starting Holdfast once more.',
  bundleTitle: 'Save support bundle',
  bundleName: 'holdfast-support.json',
  rehearsalRunning: 'A rehearsal is already running.',
  rehearsalBroke: (detail: string) => `The rehearsal ended early: ${detail}`,
  settingsSetAside: (name: string, why: string) => `The settings of this window could not be used (${why}). They were kept as ${name}, and the default settings are used.`,
} as const;
