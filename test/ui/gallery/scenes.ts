/** Every screen in every state. A scene is a world, a screen, and what is clicked there first. */
import type { EventPayload } from '../../../shared/ipc/table.ts';
import { allowsAt, connected, INFO, iso, rehearsalOf, statusOf, UNWELL } from './data/device.ts';
import { HistoryBook, SAMPLES } from './data/history.ts';
import { CONTROLS, ENDLESS, HOSTILE_SAMPLES, MARKUP, NO_TEXT, TURNED } from './data/hostile.ts';
import { rulesAs } from './data/rules.ts';
import { quietDay, type World } from './world.ts';

export interface Scene {
  readonly screen: EventPayload<'navigate'>['screen'];
  readonly historyId?: string;
  readonly change?: (nowMs: number) => Partial<World>;
  /** Names of buttons that are pressed in turn as soon as they are there. */
  readonly press?: readonly string[];
}

const WATCHING = { code: 'no-rule-acts', message: 'No rule is switched on to block or warn. Choose a preset: holdfast rules preset standard' };
const GONE = { code: 'no-engine', message: 'The engine ended before it answered. It may have met a fault; the log says more.' };
const NO_RULES = { off: 19, audit: 0, warn: 0, block: 0, downgraded: 0 };
const nothingYet = (nowMs: number): Partial<World> => ({ history: new HistoryBook([], 0, nowMs), undecided: [], day: quietDay(nowMs), unread: 0, allows: [] });
const watching = (nowMs: number): Partial<World> => ({ ...nothingYet(nowMs), state: connected(statusOf('watchingOnly', nowMs, { reasons: [WATCHING], rules: NO_RULES })), rules: rulesAs('none') });
const busy = (): Partial<World> => ({ reads: 'silent' });
const error = (): Partial<World> => ({ reads: { code: 'store-busy', message: 'History can not be read at the moment: the disk is full. Make room on /var, then try again.' } });
const mayAsk = (): Partial<World> => ({ changes: 'ask' });

function hostile(nowMs: number): Partial<World> {
  const history = new HistoryBook(HOSTILE_SAMPLES, HOSTILE_SAMPLES.length, nowMs);
  const reasons = [{ code: 'x', message: `Starts from /tmp/${MARKUP} can not be prevented: ${ENDLESS}` }, { code: 'y', message: `Paused by ${TURNED}` }];
  return {
    history,
    undecided: [history.at(0), history.at(2)],
    unread: 12_345,
    state: connected(statusOf('paused', nowMs, { reasons, pausedUntil: null, pause: { who: MARKUP, reason: ENDLESS, since: iso(nowMs), untilRestart: true } })),
    allows: allowsAt(nowMs).map((allow) => ({ ...allow, image: `/tmp/${MARKUP}`, commandLine: `${ENDLESS}${CONTROLS}`, approver: TURNED, reason: `${MARKUP} ${ENDLESS}` })),
    rules: rulesAs('strict').map((rule) => ({ ...rule, exclusions: [`/tmp/${ENDLESS}/`, `/tmp/${NO_TEXT}`, `/tmp/${MARKUP}`], counts: { prevented: 1_234_567, stopped: 89_012, audited: 3_456_789 } })),
    findings: [{ id: 'x', level: 'problem', message: `${MARKUP} ${ENDLESS} ${TURNED}`, fix: CONTROLS }],
    live: [{ seq: 1, time: iso(nowMs), kind: MARKUP, pid: 1, image: `/tmp/${TURNED}`, commandLine: `${CONTROLS} ${MARKUP} ${NO_TEXT} ${ENDLESS}`, user: MARKUP, parentImage: null, outcome: 'prevented', rule: MARKUP }],
    rehearsal: { ...rehearsalOf(2, { problem: `${MARKUP} ${ENDLESS}` }), results: rehearsalOf(2).results.map((result) => ({ ...result, ok: false, behaviour: `${MARKUP} ${TURNED}`, note: `${ENDLESS}${CONTROLS}` })) },
    settingsProblem: `The settings of this window could not be used (${MARKUP} ${ENDLESS}).`,
    info: { ...INFO, user: MARKUP, sandbox: { on: false, reason: ENDLESS } },
  };
}

const asState = (state: Parameters<typeof statusOf>[0], more: Parameters<typeof statusOf>[2] = {}) => (nowMs: number): Partial<World> => ({ state: connected(statusOf(state, nowMs, more)) });
const engineGone = (nowMs: number): Partial<World> => ({ state: { connection: 'lost', reason: 'It will be asked again in a moment.', status: statusOf('protected', nowMs), me: null }, reads: GONE });

export const SCENES: Readonly<Record<string, Scene>> = {
  'overview-protected': { screen: 'overview' },
  'overview-partly': { screen: 'overview', change: asState('partlyProtected', { reasons: [{ code: 'mark-failed', message: 'Starts from /srv/builds can not be prevented, only stopped right after: the kernel refused the mark (ENOSPC)' }, { code: 'downgraded', message: 'One rule does less here than was asked: Keep office programs from creating programs (Needs to see a program being written; this version decides about starts and openings only.).' }], rules: { off: 4, audit: 4, warn: 4, block: 7, downgraded: 1 } }) },
  'overview-watching': { screen: 'overview', change: watching },
  'overview-first-run': { screen: 'overview', change: (nowMs) => ({ ...watching(nowMs), settings: { theme: 'light', notices: 'all', firstRunDone: false } }) },
  'overview-first-run-chosen': { screen: 'overview', change: (nowMs) => ({ ...nothingYet(nowMs), settings: { theme: 'light', notices: 'all', firstRunDone: false } }) },
  'overview-paused': { screen: 'overview', change: (nowMs) => asState('paused', { pausedUntil: iso(nowMs + 11 * 60_000), pause: { who: 'ada', reason: 'from the tray', since: iso(nowMs), untilRestart: false }, reasons: [{ code: 'paused', message: 'Paused by ada: from the tray. What would have been stopped is recorded.' }] })(nowMs) },
  'overview-starting': { screen: 'overview', change: (nowMs) => ({ state: { connection: 'connecting', reason: null, status: null, me: null }, day: quietDay(nowMs) }) },
  'overview-failed': { screen: 'overview', change: asState('failed', { reasons: [{ code: 'no-rights', message: 'The store of history can not be opened: the disk is full. Make room on /var, then start Holdfast again.' }] }) },
  'overview-engine-gone': { screen: 'overview', change: engineGone },
  'overview-no-sandbox': { screen: 'overview', change: () => ({ info: { ...INFO, role: 'both', user: 'root', sandbox: { on: false, reason: 'Holdfast was started as root with a display, and Chromium has no sandbox for root. Run the engine as root (systemctl start holdfast) and the window as yourself (holdfast --role ui).' } } }) },
  'overview-empty': { screen: 'overview', change: nothingYet },
  'overview-busy': { screen: 'overview', change: busy },
  'overview-error': { screen: 'overview', change: error },
  'overview-hostile': { screen: 'overview', change: hostile },
  'overview-allow': { screen: 'overview', press: ['Allow…'] },
  'overview-preset': { screen: 'overview', change: watching, press: ['Choose protection'] },

  'history': { screen: 'history' },
  'history-detail': { screen: 'history', historyId: 'e0' },
  'history-warned': { screen: 'history', historyId: 'e1' },
  'history-stopped': { screen: 'history', historyId: 'e4' },
  'history-pause': { screen: 'history', historyId: 'e6' },
  'history-full': { screen: 'history', historyId: 'e2', change: (nowMs) => ({ history: new HistoryBook(SAMPLES, 100_000, nowMs), unread: 1_000 }) },
  'history-empty': { screen: 'history', change: nothingYet },
  'history-busy': { screen: 'history', change: busy },
  'history-error': { screen: 'history', change: error },
  'history-gone': { screen: 'history', historyId: 'e90000', change: nothingYet },
  'history-engine-gone': { screen: 'history', change: engineGone },
  'history-hostile': { screen: 'history', historyId: 'e0', change: hostile },
  'history-allow': { screen: 'history', historyId: 'e1', press: ['Allow…'] },

  'rules': { screen: 'rules' },
  'rules-none-set': { screen: 'rules', change: watching },
  'rules-open': { screen: 'rules', press: ['Keep copies and look-alikes of system tools from running'] },
  'rules-downgraded': { screen: 'rules', change: (nowMs) => ({ ...watching(nowMs), rules: rulesAs('strict').map((rule) => (rule.slug.startsWith('office-') ? { ...rule, mode: 'block' as const, effective: rule.slug === 'office-children' ? ('block' as const) : ('unavailable' as const), downgradedBecause: rule.slug === 'office-children' ? null : 'Needs to see a program being written; this version decides about starts and openings only.' } : rule)) }) },
  'rules-preset': { screen: 'rules', change: watching, press: ['Strict'] },
  'rules-empty': { screen: 'rules', change: () => ({ rules: [] }) },
  'rules-busy': { screen: 'rules', change: busy },
  'rules-error': { screen: 'rules', change: error },
  'rules-engine-gone': { screen: 'rules', change: engineGone },
  'rules-hostile': { screen: 'rules', change: hostile, press: ['Keep copies and look-alikes of system tools from running'] },

  'allowed': { screen: 'allowed' },
  'allowed-full': { screen: 'allowed', change: (nowMs) => ({ allows: Array.from({ length: 40 }, () => allowsAt(nowMs)).flat().map((allow, index) => ({ ...allow, id: `a${index}` })) }) },
  'allowed-empty': { screen: 'allowed', change: nothingYet },
  'allowed-no-right': { screen: 'allowed', change: mayAsk },
  'allowed-busy': { screen: 'allowed', change: busy },
  'allowed-error': { screen: 'allowed', change: () => ({ ...error(), changes: { code: 'store-busy', message: 'The list can not be read at the moment: the disk is full.' } }) },
  'allowed-engine-gone': { screen: 'allowed', change: (nowMs) => ({ ...engineGone(nowMs), changes: GONE }) },
  'allowed-hostile': { screen: 'allowed', change: hostile },

  'settings': { screen: 'settings' },
  'settings-paused': { screen: 'settings', change: (nowMs) => asState('paused', { pausedUntil: iso(nowMs + 11 * 60_000), pause: { who: 'ada', reason: 'from Settings', since: iso(nowMs), untilRestart: false } })(nowMs) },
  'settings-locked': { screen: 'settings', change: () => ({ lockedByPolicy: ['fail'], engineSettings: { fail: 'closed', deadlineMs: 60 } }) },
  'settings-set-aside': { screen: 'settings', change: () => ({ settingsProblem: 'The settings of this window could not be used (window.theme: Invalid option). They were kept as window.json.unusable-2026-03-17T09-12-44.103Z, and the default settings are used.' }) },
  'settings-no-right': { screen: 'settings', change: mayAsk, press: ['15 minutes'] },
  'settings-busy': { screen: 'settings', change: busy },
  'settings-error': { screen: 'settings', change: error },
  'settings-engine-gone': { screen: 'settings', change: engineGone },
  'settings-hostile': { screen: 'settings', change: hostile },

  'diagnostics': { screen: 'diagnostics', change: () => ({ rehearsal: rehearsalOf(8) }), press: ['Watch'] },
  'diagnostics-problems': { screen: 'diagnostics', change: () => ({ findings: UNWELL }) },
  'diagnostics-no-sandbox': { screen: 'diagnostics', change: () => ({ info: { ...INFO, role: 'ui', sandbox: { on: false, reason: 'This system does not let programs of this account build a sandbox. Let this account use user namespaces, then start Holdfast again.' } } }) },
  'diagnostics-rehearsing': { screen: 'diagnostics', change: () => ({ rehearsal: rehearsalOf(5, { running: true, planned: 19 }) }) },
  'diagnostics-broke': { screen: 'diagnostics', change: () => ({ rehearsal: rehearsalOf(4, { problem: 'The rehearsal ended early: no space left on the device' }) }) },
  'diagnostics-empty': { screen: 'diagnostics', change: () => ({ findings: [], live: [] }) },
  'diagnostics-busy': { screen: 'diagnostics', change: busy, press: ['Watch'] },
  'diagnostics-error': { screen: 'diagnostics', change: error, press: ['Watch'] },
  'diagnostics-engine-gone': { screen: 'diagnostics', change: engineGone },
  'diagnostics-hostile': { screen: 'diagnostics', change: hostile, press: ['Watch'] },
};

export const SCENE_NAMES = Object.keys(SCENES);
