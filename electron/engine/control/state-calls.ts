/** Calls about Holdfast itself: pause, resume, stop, rehearsals. */
import { toWallMs } from '../core/expiry-clock.ts';
import { runningPause } from '../settings/build-snapshot.ts';
import type { Settings } from '../settings/settings-schema.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { ControlDeps } from './deps.ts';
import type { Handlers } from './service.ts';

const MINUTE_MS = 60_000;
/** A pause until restart ends with the boot; no machine runs this long. */
const LONGEST_BOOT_MS = 10 * 365 * 24 * 60 * MINUTE_MS;

export function stateCalls(deps: ControlDeps): Pick<Handlers, 'pause' | 'resume' | 'stop' | 'rehearsalBegin' | 'rehearsalEnd'> {
  return {
    pause: async ({ minutes, untilRestart, reason }, caller) => {
      const times = deps.times();
      const { bootId } = deps;
      if (untilRestart && bootId === null) return fail('no-boot-id', 'This system does not tell one start from the next, so a pause until restart could not end. Pause for some minutes instead.');
      const untilMs = untilRestart ? times.effectiveNowMs + LONGEST_BOOT_MS : times.effectiveNowMs + (minutes ?? 0) * MINUTE_MS;
      const pause = { untilMs, startedAtMs: times.wallNowMs, who: caller.name, reason, ...(untilRestart && bootId !== null ? { bootId } : {}) };
      const changed = await deps.keeper.change((settings) => ok({ ...settings, pause }));
      if (!changed.ok) return changed;
      await deps.recordPause('begun', pause, caller);
      deps.changes.raise();
      return ok({ until: untilRestart ? null : new Date(toWallMs(untilMs, times)).toISOString() });
    },
    resume: async (_, caller) => {
      const ended: NonNullable<Settings['pause']>[] = [];
      const changed = await deps.keeper.change((settings) => {
        const running = runningPause(settings, deps.times(), deps.bootId);
        if (running !== null) ended.push(running);
        // One that expired is cleared, and put on record, by the engine itself.
        return ok(running === null ? settings : { ...settings, pause: null });
      });
      if (changed.ok) for (const pause of ended) await deps.recordPause('ended', pause, caller);
      deps.changes.raise();
      return changed.ok ? ok({ generation: changed.value }) : changed;
    },
    stop: () => {
      deps.requestStop();
      return ok({ stopping: true as const });
    },
    rehearsalBegin: (_, caller) => {
      const token = deps.newId();
      deps.rehearsals.begin(token, caller);
      return ok({ token, scope: [...deps.scope] });
    },
    rehearsalEnd: ({ token }, caller) => {
      deps.rehearsals.end(token, caller);
      return ok({ ended: true as const });
    },
  };
}
