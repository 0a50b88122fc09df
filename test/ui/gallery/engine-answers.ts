/** What the engine would answer, and how the world changes by it. */
import type { CALLS, CallOutput } from '../../../shared/control/calls.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { EngineCallName } from '../../../shared/ipc/names.ts';
import type { Allow } from '../../../shared/policy/snapshot.ts';
import type { RuleMode } from '../../../shared/policy/modes.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Status } from '../../../shared/status/status.ts';
import type { Tell } from './app-answers.ts';
import { iso } from './data/device.ts';
import { treeOf } from './data/history.ts';
import { infoOf, PRESETS, presetChanges, RULE_BOOK } from './data/rules.ts';
import type { World } from './world.ts';

type Input<N extends EngineCallName> = ReturnType<(typeof CALLS)[N]['input']['parse']>;
export type EngineAnswers = { readonly [N in EngineCallName]: (input: Input<N>) => Result<CallOutput<N>> };

export function engineAnswers(world: World, nowMs: () => number, tell: Tell): EngineAnswers {
  return { ...deviceAnswers(world), ...historyAnswers(world), ...ruleAnswers(world, tell), ...allowAnswers(world, nowMs, tell), ...pauseAnswers(world, nowMs, tell) };
}

function deviceAnswers(world: World): Pick<EngineAnswers, 'me' | 'status' | 'doctor' | 'usage' | 'engineSettings' | 'engineSettingsSet' | 'liveEvents'> {
  const { state } = world;
  const settings = (): CallOutput<'engineSettings'> => ({ settings: world.engineSettings, lockedByPolicy: [...world.lockedByPolicy] });
  return {
    me: () => (state.me === null ? fail('no-engine', 'The engine does not answer.') : ok(state.me)),
    status: () => (world.state.status === null ? fail('no-engine', 'The engine does not answer.') : ok(world.state.status)),
    doctor: () => ok({ findings: [...world.findings] }),
    usage: () => ok(world.usage),
    engineSettings: () => ok(settings()),
    engineSettingsSet: ({ fail: wanted }) => {
      if (wanted !== undefined) world.engineSettings = { ...world.engineSettings, fail: wanted };
      return ok({ generation: 2, settings: world.engineSettings });
    },
    liveEvents: ({ after, text }) => ok({ events: world.live.filter(({ seq, commandLine, image }) => seq > (after ?? 0) && `${image} ${commandLine}`.toLowerCase().includes(text.toLowerCase())), last: world.live.at(-1)?.seq ?? 0, missed: 0 }),
  };
}

function historyAnswers(world: World): Pick<EngineAnswers, 'history' | 'historySearch' | 'historyNewer' | 'historySummary' | 'historyDetail' | 'undecidedDismiss'> {
  return {
    history: ({ limit }) => ok({ entries: Array.from({ length: Math.min(limit, world.history.size) }, (_, index) => world.history.at(index)), more: limit < world.history.size }),
    historySearch: ({ filter, limit, cursor }) => {
      const { lines, total, cursor: next } = world.history.search(filter, Number(cursor ?? 0), limit);
      return ok({ lines, total: cursor === null ? total : null, totalAtLeast: total, cursor: next });
    },
    historyNewer: () => ok({ count: world.unread }),
    historySummary: () => ok({ parts: [...world.day], undecided: [...world.undecided], undecidedMore: 0 }),
    historyDetail: ({ id }) => {
      const entry = world.history.byId(id);
      return entry === null ? fail('no-such-entry', 'This entry is no longer in history.') : ok(detailOf(entry, world));
    },
    undecidedDismiss: ({ historyId }) => {
      world.undecided = world.undecided.filter(({ id }) => id !== historyId);
      return ok({ dismissed: true });
    },
  };
}

function detailOf(entry: HistoryEntry, world: World): CallOutput<'historyDetail'> {
  const rule = RULE_BOOK.find(({ id }) => id === entry.rule.id);
  return {
    entry,
    tree: treeOf(entry),
    rule: { id: entry.rule.id, name: entry.rule.name, author: null, reference: null, description: entry.reason, falsepositives: rule?.falsepositives ?? [], definitionTitle: rule?.systems.linux.definitions?.[0]?.title ?? null, known: rule !== undefined },
    times: Array.from({ length: entry.count }, (_, index) => iso(Date.parse(entry.lastTime) - index * 420_000)),
    allowedBy: world.allows.filter(({ expired, ruleId, image }) => !expired && ruleId === entry.rule.id && image === entry.process.image).map(({ id }) => id),
    noAllowBecause: entry.action === 'audited' ? 'Nothing was refused here: the rule only records.' : null,
  };
}

function ruleAnswers(world: World, tell: Tell): Pick<EngineAnswers, 'rulesList' | 'rulesSet' | 'rulesPreset' | 'presetPreview' | 'rulesExclude' | 'exclusionsList'> {
  const setMode = (id: string, mode: RuleMode): void => {
    world.rules = world.rules.map((rule) => {
      const known = RULE_BOOK.find((one) => one.id === rule.id);
      return rule.id === id && known !== undefined ? { ...infoOf(known, mode), counts: rule.counts, lastAt: rule.lastAt, exclusions: rule.exclusions } : rule;
    });
  };
  const raise = (): void => {
    const { status } = world.state;
    if (status === null) return;
    const of = (mode: string): number => world.rules.filter(({ effective }) => effective === mode).length;
    const rules: Status['rules'] = { off: of('off'), audit: of('audit'), warn: of('warn'), block: of('block'), downgraded: of('unavailable') };
    const acts = status.state === 'watchingOnly' && rules.block + rules.warn > 0;
    world.state = { ...world.state, status: { ...status, rules, ...(acts ? { state: 'protected' as const, reasons: [] } : {}) } };
    tell('appState', world.state);
  };
  return {
    rulesList: () => ok({ rules: [...world.rules], presets: world.rules.length === 0 ? [] : PRESETS.map(({ name }) => name) }),
    rulesSet: ({ rule, mode }) => {
      setMode(rule, mode);
      raise();
      const changed = world.rules.find(({ id }) => id === rule);
      return changed === undefined ? fail('no-such-rule', 'There is no such rule.') : ok({ generation: 2, rule: changed });
    },
    presetPreview: ({ preset }) => ok(presetChanges(preset, world.rules)),
    rulesPreset: ({ preset }) => {
      const { changes } = presetChanges(preset, world.rules);
      for (const { id, to } of changes) setMode(id, to);
      raise();
      return ok({ generation: 2, changed: changes.map(({ id, from, to }) => ({ id, from, to })) });
    },
    rulesExclude: ({ rule, path, remove }) => {
      world.rules = world.rules.map((one) => (one.id === rule ? { ...one, exclusions: remove ? one.exclusions.filter((kept) => kept !== path) : [...one.exclusions, path] } : one));
      return ok({ generation: 2 });
    },
    exclusionsList: () => ok({ global: [], perRule: Object.fromEntries(world.rules.map(({ id, exclusions }) => [id, exclusions])) }),
  };
}

function allowAnswers(world: World, nowMs: () => number, tell: Tell): Pick<EngineAnswers, 'allowPreview' | 'allowAdd' | 'allowList' | 'allowRevoke'> {
  return {
    allowPreview: ({ parts }) => ok({ entries: [], count: parts.arguments && parts.parent ? 1 : 12, countIsLeast: !parts.arguments && !parts.parent }),
    allowList: () => ok({ allows: [...world.allows] }),
    allowAdd: ({ historyId, for: end, reason, parts }) => {
      const entry = world.history.byId(historyId);
      if (entry === null) return fail('no-such-entry', 'This entry is no longer in history.');
      const minutes = end === '15m' ? 15 : 1_440;
      const allow: Allow = {
        id: `a${world.allows.length + 1}`, ruleId: entry.rule.id, image: entry.process.image, content: null, commandLine: parts.arguments ? entry.process.commandLine : null,
        parentImage: parts.parent ? (entry.ancestors[0]?.image ?? null) : null, expiresAtMs: end === '15m' || end === '24h' ? nowMs() + minutes * 60_000 : null,
        ends: end === 'once' ? 'once' : end === 'boot' ? 'boot' : end === 'permanent' ? 'never' : 'time', bootId: null, reason, approver: 'ada', createdAtMs: nowMs(),
      };
      world.allows = [{ ...allow, expired: false, ruleName: entry.rule.name, uses: 0, lastUsedAt: null, fromHistoryId: historyId }, ...world.allows];
      world.undecided = world.undecided.filter(({ id }) => id !== historyId);
      tell('historyChanged', { newestId: `${historyId}-allowed` });
      return ok({ allow, generation: 2 });
    },
    allowRevoke: ({ id }) => {
      world.allows = world.allows.filter((allow) => allow.id !== id);
      return ok({ generation: 2 });
    },
  };
}

function pauseAnswers(world: World, nowMs: () => number, tell: Tell): Pick<EngineAnswers, 'pause' | 'resume'> {
  const show = (more: Partial<Status>): void => {
    if (world.state.status === null) return;
    world.state = { ...world.state, status: { ...world.state.status, ...more } };
    tell('appState', world.state);
  };
  return {
    pause: ({ minutes, untilRestart, reason }) => {
      const until = untilRestart ? null : iso(nowMs() + (minutes ?? 0) * 60_000);
      show({ state: 'paused', pausedUntil: until, pause: { who: 'ada', reason, since: iso(nowMs()), untilRestart } });
      return ok({ until });
    },
    resume: () => {
      show({ state: 'protected', pausedUntil: null, pause: null });
      return ok({ generation: 2 });
    },
  };
}
