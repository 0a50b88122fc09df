/** Calls about Holdfast itself: pause, resume, stop, rehearsals. */
import { toWallMs } from '../core/expiry-clock.ts';
import { ok } from '../../../shared/result.ts';
import type { ControlDeps } from './deps.ts';
import type { Handlers } from './service.ts';

const MINUTE_MS = 60_000;

export function stateCalls(deps: ControlDeps): Pick<Handlers, 'pause' | 'resume' | 'stop' | 'rehearsalBegin' | 'rehearsalEnd'> {
  return {
    pause: async ({ minutes, reason }, caller) => {
      const times = deps.times();
      const startedAtMs = times.wallNowMs;
      const untilMs = times.effectiveNowMs + minutes * MINUTE_MS;
      const changed = await deps.keeper.change((settings) => ok({ ...settings, pause: { untilMs, startedAtMs, who: caller.name, reason } }));
      return changed.ok ? ok({ until: new Date(toWallMs(untilMs, times)).toISOString() }) : changed;
    },
    resume: async () => {
      const changed = await deps.keeper.change((settings) => ok({ ...settings, pause: null }));
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
