/** Calls about the engine itself that the window makes: who asks, what it uses, its settings, the live view, the support bundle. */
import type { LiveEvent } from '../../../shared/live/event.ts';
import { fail, ok } from '../../../shared/result.ts';
import { effectiveMode, findRule } from '../asr/rule-book.ts';
import { presetDiff } from '../settings/presets.ts';
import type { ControlDeps } from './deps.ts';
import type { Handlers, KnownCaller } from './service.ts';
import { supportFiles } from './support-bundle.ts';

const HIDDEN = '(of another account)';

type Names = 'me' | 'usage' | 'engineSettings' | 'engineSettingsSet' | 'presetPreview' | 'liveEvents' | 'supportBundle';

export function windowCalls(deps: ControlDeps): Pick<Handlers, Names> {
  return { ...selfCalls(deps), ...settingsCalls(deps) };
}

function selfCalls(deps: ControlDeps): Pick<Handlers, 'me' | 'usage' | 'liveEvents' | 'supportBundle'> {
  let before = new Map<number, { readonly cpuMs: number; readonly atMs: number }>();
  return {
    me: (_, caller) => {
      const whyNot = caller.mayChange ? null : deps.authority.whyNot();
      return ok({ uid: caller.uid, user: caller.name, mayChange: caller.mayChange, mayAsk: !caller.mayChange && whyNot === null, whyNot });
    },
    usage: () => {
      const atMs = deps.monotonicMs();
      const now = new Map<number, { readonly cpuMs: number; readonly atMs: number }>();
      const processes = deps.family().flatMap(({ name, pid }) => {
        const use = deps.useOf(pid);
        if (use === null) return [];
        now.set(pid, { cpuMs: use.cpuMs, atMs });
        return [{ name, pid, cpuPercent: percent(before.get(pid), use.cpuMs, atMs), memoryMb: Math.round(use.memoryBytes / 104_857.6) / 10 }];
      });
      before = now;
      return ok({ processes });
    },
    liveEvents: ({ after, limit, text }, caller) => {
      const { events, missed } = deps.live.after(after ?? 0, limit);
      const wanted = text.toLowerCase();
      const shown = events.map(({ uid, timeMs, ...event }) => masked({ ...event, time: new Date(timeMs).toISOString(), user: uid === null ? '' : deps.userName(uid) }, uid, caller));
      const fitting = shown.filter((event) => wanted === '' || `${event.image} ${event.commandLine} ${event.user} ${event.kind}`.toLowerCase().includes(wanted));
      return ok({ events: fitting, last: deps.live.last, missed: after === null ? 0 : missed });
    },
    supportBundle: () => ok({ files: supportFiles({ status: deps.status(), findings: deps.doctor(), settings: deps.settings.current, rules: deps.book.rules, hostFacts: deps.hostFacts() }) }),
  };
}

function percent(before: { readonly cpuMs: number; readonly atMs: number } | undefined, cpuMs: number, atMs: number): number | null {
  if (before === undefined || atMs <= before.atMs) return null;
  return Math.round(((cpuMs - before.cpuMs) / (atMs - before.atMs)) * 1_000) / 10;
}

/** Masked before it is searched in, so that a search tells nothing either. */
function masked(event: LiveEvent, uid: number | null, caller: KnownCaller): LiveEvent {
  if (caller.mayChange || uid === caller.uid) return event;
  return { ...event, image: HIDDEN, commandLine: HIDDEN, parentImage: event.parentImage === null ? null : HIDDEN };
}

function settingsCalls(deps: ControlDeps): Pick<Handlers, 'engineSettings' | 'engineSettingsSet' | 'presetPreview'> {
  const inForce = (): { fail: 'open' | 'closed'; deadlineMs: number } => ({ fail: deps.settings.current.fail, deadlineMs: deps.settings.current.deadlineMs });
  return {
    engineSettings: () => ok({ settings: inForce(), lockedByPolicy: [] }),
    engineSettingsSet: async (wanted) => {
      const named = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
      const changed = await deps.keeper.change((settings) => ok({ ...settings, ...named }));
      if (!changed.ok) return changed;
      deps.changes.raise();
      return ok({ generation: changed.value, settings: inForce() });
    },
    presetPreview: ({ preset: name }) => {
      const preset = deps.book.presets.find((one) => one.name === name);
      if (preset === undefined) return fail('no-such-preset', `There is no preset "${name.slice(0, 60)}". There are: ${deps.book.presets.map((one) => one.name).join(', ')}.`);
      const changes = presetDiff(preset, deps.settings.current, deps.system).flatMap(({ id, from, to }) => {
        const rule = findRule(deps.book, id);
        return rule === null ? [] : [{ id, name: rule.name, from, to, ...effectiveMode(rule, deps.system, to) }];
      });
      return ok({ changes, unchanged: deps.book.rules.length - changes.length, description: preset.description });
    },
  };
}
