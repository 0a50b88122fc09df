/** Calls about history that the window makes: search, sums, one entry with all around it, notices. */
import type { CallOutput } from '../../../shared/control/calls.ts';
import type { HistoryEntry, ProcessBelow } from '../../../shared/history/entry.ts';
import type { HistoryLine } from '../../../shared/history/search.ts';
import type { TreeNode } from '../../../shared/history/tree.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { findRule } from '../asr/rule-book.ts';
import { offeredNotices, noticeOf, recordNotices } from '../edr/notice-book.ts';
import { countNewer, decide, groupsOfRule, newestId, searchGroups, summarise, timesOf, undecided } from '../edr/history-views.ts';
import { parentImageOf, whyNoAllow } from '../settings/allow-from-entry.ts';
import { allowsInForce } from '../settings/build-snapshot.ts';
import type { ControlDeps } from './deps.ts';
import { fitAnswer } from './fit-answer.ts';
import { maskEntry } from './masking.ts';
import type { Handlers, KnownCaller } from './service.ts';

const HOUR_MS = 3_600_000;
const LINE_CHARACTERS = 300;
const UNDECIDED_SHOWN = 10;
const PREVIEWED = 2_000;
const PREVIEW_SHOWN = 20;
/** Accounts of services have no window of their own; what concerns them is told to whoever sits at the device. */
const FIRST_PERSON_UID = 1_000;

type Names = 'watch' | 'noticeDone' | 'historySearch' | 'historyNewer' | 'historySummary' | 'undecidedDismiss' | 'historyDetail' | 'allowPreview';

export function historyCalls(deps: ControlDeps): Pick<Handlers, Names> {
  return { ...searchCalls(deps), ...entryCalls(deps), ...noticeCalls(deps) };
}

function searchCalls(deps: ControlDeps): Pick<Handlers, 'historySearch' | 'historyNewer' | 'historySummary'> {
  const { store } = deps;
  return {
    historySearch: (input, caller) => {
      if (input.cursor !== null && !/^\d{1,15}$/.test(input.cursor)) return fail('bad-input', 'cursor: not one that an earlier page gave.');
      const found = store.view((sqlite) => searchGroups(sqlite, input, caller.mayChange ? null : caller.uid));
      if (!found.ok) return found;
      const { groups, more, total, totalAtLeast } = found.value;
      return ok({ lines: groups.map(({ entry }) => toLine(shownTo(entry, caller))), cursor: more ? (groups.at(-1)?.cursor ?? null) : null, total, totalAtLeast });
    },
    historyNewer: ({ than }) => {
      const counted = store.view((sqlite) => countNewer(sqlite, than));
      return counted.ok ? ok({ count: counted.value }) : counted;
    },
    historySummary: ({ hours, parts }, caller) => {
      const nowMs = deps.times().wallNowMs;
      const partMs = Math.floor((hours * HOUR_MS) / parts);
      const fromMs = nowMs - partMs * parts;
      const found = store.view((sqlite) => ({ sums: summarise(sqlite, fromMs, partMs), open: undecided(sqlite, nowMs, UNDECIDED_SHOWN) }));
      if (!found.ok) return found;
      const { sums, open } = found.value;
      const empty = Array.from({ length: parts }, (_, index) => ({ from: new Date(fromMs + index * partMs).toISOString(), prevented: 0, stopped: 0, audited: 0, observed: 0 }));
      for (const { part, action, count } of sums) {
        const target = empty[Math.min(part, parts - 1)];
        if (target !== undefined && isCounted(action)) target[action] += count;
      }
      return ok({ parts: empty, undecided: open.entries.map((entry) => fitAnswer(shownTo(entry, caller))), undecidedMore: Math.max(0, open.count - open.entries.length) });
    },
  };
}

function isCounted(action: string): action is 'prevented' | 'stopped' | 'audited' | 'observed' {
  return ['prevented', 'stopped', 'audited', 'observed'].includes(action);
}

function entryCalls(deps: ControlDeps): Pick<Handlers, 'historyDetail' | 'undecidedDismiss' | 'allowPreview'> {
  const { store } = deps;
  return {
    historyDetail: ({ id }, caller) => detail(deps, id, caller),
    undecidedDismiss: ({ historyId }, caller) => {
      const found = findOne(deps, historyId);
      if (!found.ok) return found;
      if (!caller.mayChange && found.value.process.user !== caller.name) return fail('no-right', 'This question belongs to another account.');
      const done = store.view((sqlite) => decide(sqlite, historyId));
      if (!done.ok) return done;
      deps.changes.raise();
      return ok({ dismissed: true as const });
    },
    allowPreview: ({ historyId, parts }, caller) => {
      const found = findOne(deps, historyId);
      if (!found.ok) return found;
      const wanted = found.value;
      const groups = store.view((sqlite) => groupsOfRule(sqlite, wanted.rule.id, PREVIEWED));
      if (!groups.ok) return groups;
      const fitting = groups.value.filter((entry) => fits(entry, wanted, parts)).filter((entry) => caller.mayChange || entry.process.user === caller.name);
      const count = fitting.reduce((sum, entry) => sum + entry.count, 0);
      return ok({ entries: fitting.slice(0, PREVIEW_SHOWN).map(toLine), count, countIsLeast: groups.value.length === PREVIEWED });
    },
  };
}

function detail(deps: ControlDeps, id: string, caller: KnownCaller): Result<CallOutput<'historyDetail'>> {
  const found = findOne(deps, id);
  if (!found.ok) return found;
  const entry = found.value;
  const around = deps.store.view((sqlite) => ({ times: timesOf(sqlite, id), notice: noticeOf(sqlite, id, deps.userName) }));
  if (!around.ok) return around;
  const { times, notice } = around.value;
  const shown = fitAnswer(shownTo(entry, caller));
  return ok({
    entry: notice === null || notice === undefined ? shown : { ...shown, notice },
    tree: treeOf(shown),
    rule: ruleOf(deps, entry),
    times,
    allowedBy: caller.mayChange ? fittingAllows(deps, entry) : [],
    noAllowBecause: whyNoAllow(entry),
  });
}

function noticeCalls(deps: ControlDeps): Pick<Handlers, 'watch' | 'noticeDone'> {
  const { store, changes } = deps;
  const look = (caller: KnownCaller): ReturnType<Handlers['watch']> => {
    const revision = changes.revision;
    const seen = store.view((sqlite) => ({ newest: newestId(sqlite), notices: offeredNotices(sqlite, caller.uid, deps.times().wallNowMs, (entry, uid) => wantsNotice(deps, entry, uid, caller)) }));
    if (!seen.ok) return seen;
    return ok({ revision, status: deps.status(), newestHistoryId: seen.value.newest, notices: seen.value.notices.map((entry) => fitAnswer(shownTo(entry, caller))) });
  };
  return {
    watch: async ({ revision, waitMs }, caller) => {
      if (revision !== null) await changes.after(revision, waitMs, caller.uid);
      return look(caller);
    },
    noticeDone: ({ historyIds, outcome, detail }, caller) => {
      const recorded = store.view((sqlite) => recordNotices(sqlite, caller.uid, historyIds, { outcome, detail }, deps.times().wallNowMs));
      return recorded.ok ? ok({ recorded: recorded.value }) : recorded;
    },
  };
}

function wantsNotice(deps: ControlDeps, { rule, action }: HistoryEntry, uid: number | null, caller: KnownCaller): boolean {
  const concerns = caller.mayChange || uid === null || uid === caller.uid || uid < FIRST_PERSON_UID;
  const { mode } = rule;
  return concerns && mode !== null && action !== 'observed' && (findRule(deps.book, rule.id)?.notices.includes(mode) ?? false);
}

function findOne(deps: ControlDeps, id: string): Result<HistoryEntry> {
  const page = deps.store.history({ limit: 1, id, grouped: false });
  if (!page.ok) return page;
  const [entry] = page.value.entries;
  return entry === undefined ? fail('no-such-entry', `There is no history entry "${id.slice(0, 60)}".`) : ok(entry);
}

function shownTo(entry: HistoryEntry, caller: KnownCaller): HistoryEntry {
  return caller.mayChange ? entry : maskEntry(entry, caller.name);
}

export function toLine(entry: HistoryEntry): HistoryLine {
  const { id, time, lastTime, count, action, severity, rule, process, ancestors, pause } = entry;
  const commandLine = process.commandLine.length > LINE_CHARACTERS ? `${process.commandLine.slice(0, LINE_CHARACTERS - 1)}…` : process.commandLine;
  return { id, time, lastTime, count, action, severity, ruleId: rule.id, ruleName: rule.name, mode: rule.mode, image: process.image, commandLine, user: process.user, parentImage: ancestors[0]?.image ?? null, ...(pause === undefined ? {} : { pause }) };
}

/** Topmost first, the subject last. The one to blame is the topmost that is no session, service or shell at the root. */
function treeOf({ process, ancestors, below = [], pause }: HistoryEntry): TreeNode[] {
  const line = [...ancestors].reverse();
  // Nobody is to blame for a pause.
  const culprit = pause === undefined ? line.findIndex(({ image }) => !ROOTS.test(image)) : null;
  const nodes: TreeNode[] = line.map((ancestor, index) => ({ ...ancestor, key: `a${index}`, parentKey: index === 0 ? null : `a${index - 1}`, roles: index === culprit ? ['ancestor', 'culprit'] : ['ancestor'] }));
  const parentKey = line.length === 0 ? null : `a${line.length - 1}`;
  return [...nodes, { ...process, key: SUBJECT, parentKey, roles: culprit === -1 ? ['subject', 'culprit'] : ['subject'] }, ...belowNodes(process.pid, below)];
}

/** Parents come before their children; one whose parent is not in the record stands right below the subject. */
function belowNodes(subjectPid: number, below: readonly ProcessBelow[]): TreeNode[] {
  const keys = new Map<number, string>([[subjectPid, SUBJECT]]);
  return below.map(({ parentPid, outcome, ...one }, index): TreeNode => {
    const key = `b${index}`;
    const parentKey = keys.get(parentPid) ?? SUBJECT;
    keys.set(one.pid, key);
    return { ...one, key, parentKey, roles: [outcome === 'stopped' ? 'ended' : 'endedBefore'] };
  });
}

const SUBJECT = 'subject';

/** What every program of a session descends from. */
const ROOTS = /(?:^|\/)(?:systemd|init|sshd|login|gdm[^/]*|lightdm|sddm|gnome-session[^/]*|gnome-shell|plasma[^/]*|kwin[^/]*|xfce4-session|dbus-daemon|cron|crond|bash|dash|sh|zsh|fish|tmux[^/]*|screen|gnome-terminal[^/]*|konsole|xterm|sudo|su)$|^$/;

function ruleOf(deps: ControlDeps, { rule, definitionId, reason }: HistoryEntry): { id: string; name: string; author: string | null; reference: string | null; description: string; falsepositives: string[]; definitionTitle: string | null; known: boolean } {
  const known = findRule(deps.book, rule.id);
  const part = known?.systems[deps.system];
  const definition = part?.available === true ? part.definitions.find((one) => (one as { id?: unknown }).id === definitionId) : undefined;
  const title = (definition as { title?: unknown } | undefined)?.title;
  return {
    id: rule.id,
    name: rule.name,
    author: rule.author ?? (known === null ? null : 'Holdfast'),
    reference: null,
    description: known?.reason ?? reason,
    falsepositives: [...(known?.falsepositives ?? [])],
    definitionTitle: typeof title === 'string' ? title : null,
    known: known !== null,
  };
}

function fits(entry: HistoryEntry, wanted: HistoryEntry, parts: { readonly arguments: boolean; readonly parent: boolean }): boolean {
  return (
    entry.process.image === wanted.process.image &&
    (!parts.arguments || entry.process.commandLine === wanted.process.commandLine) &&
    (!parts.parent || parentImageOf(entry) === parentImageOf(wanted))
  );
}

function fittingAllows(deps: ControlDeps, entry: HistoryEntry): string[] {
  return allowsInForce(deps.settings.current, deps.times(), deps.bootId)
    .filter((allow) => allow.ruleId === entry.rule.id && allow.image === entry.process.image)
    .filter((allow) => allow.commandLine === null || allow.commandLine === entry.process.commandLine)
    .filter((allow) => allow.parentImage === null || allow.parentImage === parentImageOf(entry))
    .map(({ id }) => id);
}
