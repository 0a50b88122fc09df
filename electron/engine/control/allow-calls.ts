/** Calls about allows: make one from a history entry, list, revoke. */
import { fail, ok } from '../../../shared/result.ts';
import { allowsInForce, byWallClock } from '../settings/build-snapshot.ts';
import { allowFromEntry } from '../settings/allow-from-entry.ts';
import type { ControlDeps } from './deps.ts';
import type { Handlers } from './service.ts';

export function allowCalls(deps: ControlDeps): Pick<Handlers, 'allowAdd' | 'allowList' | 'allowRevoke'> {
  return {
    allowAdd: async (input, caller) => {
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
      return changed.ok ? ok({ allow: byWallClock(made.value, deps.times()), generation: changed.value }) : changed;
    },
    allowList: () => {
      const times = deps.times();
      const inForce = new Set(allowsInForce(deps.settings.current, times, deps.bootId).map(({ id }) => id));
      return ok({ allows: deps.settings.current.allows.map((allow) => ({ ...byWallClock(allow, times), expired: !inForce.has(allow.id) })) });
    },
    allowRevoke: async ({ id }) => {
      if (!deps.settings.current.allows.some((allow) => allow.id === id)) return fail('no-such-allow', `There is no allow "${id.slice(0, 60)}".`);
      const changed = await deps.keeper.change((settings) => ok({ ...settings, allows: settings.allows.filter((allow) => allow.id !== id) }));
      return changed.ok ? ok({ generation: changed.value }) : changed;
    },
  };
}
