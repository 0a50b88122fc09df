/** Calls about allows: make one from a history entry, list, revoke. */
import type { CallOutput } from '../../../shared/control/calls.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { findRule } from '../asr/rule-book.ts';
import { rememberAllow, useOf, type AllowUse } from '../edr/allow-uses.ts';
import { decide } from '../edr/history-views.ts';
import { allowsInForce, byWallClock } from '../settings/build-snapshot.ts';
import { allowFromEntry } from '../settings/allow-from-entry.ts';
import type { ControlDeps } from './deps.ts';
import type { Handlers, KnownCaller, ParsedInput } from './service.ts';

export function allowCalls(deps: ControlDeps): Pick<Handlers, 'allowAdd' | 'allowList' | 'allowRevoke'> {
  return {
    allowAdd: (input, caller) => addAllow(deps, input, caller),
    allowList: () => {
      const times = deps.times();
      const inForce = new Set(allowsInForce(deps.settings.current, times, deps.bootId).map(({ id }) => id));
      return ok({ allows: deps.settings.current.allows.map((allow) => ({ ...byWallClock(allow, times), expired: !inForce.has(allow.id), ruleName: findRule(deps.book, allow.ruleId)?.name ?? allow.ruleId, ...usesOf(deps, allow.id) })) });
    },
    allowRevoke: async ({ id }) => {
      if (!deps.settings.current.allows.some((allow) => allow.id === id)) return fail('no-such-allow', `There is no allow "${id.slice(0, 60)}".`);
      const changed = await deps.keeper.change((settings) => ok({ ...settings, allows: settings.allows.filter((allow) => allow.id !== id) }));
      if (changed.ok) deps.changes.raise();
      return changed.ok ? ok({ generation: changed.value }) : changed;
    },
  };
}

function usesOf(deps: ControlDeps, allowId: string): AllowUse {
  const found = deps.store.view((sqlite) => useOf(sqlite, allowId));
  return found.ok ? found.value : { uses: 0, lastUsedAt: null, fromHistoryId: null };
}

async function addAllow(deps: ControlDeps, input: ParsedInput<'allowAdd'>, caller: KnownCaller): Promise<Result<CallOutput<'allowAdd'>>> {
  const page = deps.store.history({ limit: 1, id: input.historyId, grouped: false });
  if (!page.ok) return page;
  const [entry] = page.value.entries;
  if (entry === undefined) return fail('no-such-entry', `There is no history entry "${input.historyId.slice(0, 60)}".`);
  const content = deps.contentOf(entry);
  if (!content.ok) return content;
  const made = allowFromEntry({
    entry,
    choice: input,
    approver: caller.name,
    content: content.value,
    bootId: deps.bootId,
    ...deps.times(),
    id: deps.newId(),
  });
  if (!made.ok) return made;
  const changed = await deps.keeper.change((settings) => ok({ ...settings, allows: [...settings.allows, made.value] }));
  if (!changed.ok) return changed;
  deps.store.view((sqlite) => {
    rememberAllow(sqlite, made.value.id, entry.id);
    decide(sqlite, entry.id);
  });
  deps.changes.raise();
  return ok({ allow: byWallClock(made.value, deps.times()), generation: changed.value });
}
