/** What the main process would answer. */
import type { AppCallName, EventName } from '../../../shared/ipc/names.ts';
import type { APP_CALLS, AppOutput, EventPayload } from '../../../shared/ipc/table.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { rehearsalOf } from './data/device.ts';
import type { World } from './world.ts';

export type AppAnswers = { readonly [N in AppCallName]: (input: ReturnType<(typeof APP_CALLS)[N]['input']['parse']>) => Result<AppOutput<N>> };
export type Tell = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

export function appAnswers(world: World, tell: Tell): AppAnswers {
  const settings = (): AppOutput<'windowSettings'> => ({ settings: world.settings, problem: world.settingsProblem });
  const rehearse = (state: World['rehearsal']): Result<World['rehearsal']> => {
    world.rehearsal = state;
    tell('rehearsal', state);
    return ok(state);
  };
  return {
    appInfo: () => ok(world.info),
    appState: () => ok(world.state),
    windowSettings: () => ok(settings()),
    windowSettingsSet: (wanted) => {
      world.settings = { ...world.settings, ...Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) };
      tell('windowSettings', settings());
      return ok(settings());
    },
    inbox: () => ok({ unread: world.unread }),
    inboxSeen: () => ok({ unread: world.unread }),
    rehearsalStart: () => rehearse(rehearsalOf(3, { running: true, planned: 8 })),
    rehearsalCancel: () => rehearse({ ...world.rehearsal, running: false }),
    rehearsalState: () => ok(world.rehearsal),
    supportBundleSave: () => ok({ savedTo: '/home/ada/holdfast-support.json' }),
    openLink: () => ok({ opened: true }),
  };
}
