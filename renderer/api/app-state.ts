/** What the whole window knows: state, unread entries, settings, where it was asked to go. */
import { createContext, use, useEffect, useState } from 'react';
import type { AppInfo, AppState, EventPayload, WindowSettings } from '../../shared/ipc/table.ts';
import { listen, useBridge } from './bridge.ts';

export interface Shared {
  readonly info: AppInfo | null;
  readonly state: AppState;
  readonly unread: number;
  readonly settings: WindowSettings;
  readonly settingsProblem: string | null;
  /** Grows with every new entry of history. */
  readonly historyRevision: string | null;
  readonly go: (page: EventPayload<'navigate'>) => void;
}

export const SharedContext = createContext<Shared | null>(null);

export function useShared(): Shared {
  const shared = use(SharedContext);
  if (shared === null) throw new Error('no shared state around this component');
  return shared;
}

const CONNECTING: AppState = { connection: 'connecting', reason: null, status: null, me: null };
const SETTINGS: WindowSettings = { theme: 'system', notices: 'all', firstRunDone: true };

/** Everything that main tells by itself; asked for once, then kept by events. */
export function useAppEvents(go: (page: EventPayload<'navigate'>) => void): Omit<Shared, 'go'> {
  const bridge = useBridge();
  const [state, setState] = useState(CONNECTING);
  const [info, setInfo] = useState<AppInfo | null>(null);
  const [unread, setUnread] = useState(0);
  const [settings, setSettings] = useState(SETTINGS);
  const [settingsProblem, setProblem] = useState<string | null>(null);
  const [historyRevision, setRevision] = useState<string | null>(null);
  useEffect(() => {
    const ends = [
      listen(bridge, 'appState', setState),
      listen(bridge, 'inbox', (inbox) => setUnread(inbox.unread)),
      listen(bridge, 'historyChanged', ({ newestId }) => setRevision(newestId)),
      listen(bridge, 'navigate', go),
      listen(bridge, 'windowSettings', (answer) => setSettings(answer.settings)),
    ];
    void bridge.app('appInfo', {}).then((answer) => answer.ok && setInfo(answer.value));
    void bridge.app('inbox', {}).then((answer) => answer.ok && setUnread(answer.value.unread));
    void bridge.app('windowSettings', {}).then((answer) => {
      if (!answer.ok) return;
      setSettings(answer.value.settings);
      setProblem(answer.value.problem);
    });
    void bridge.app('appState', {}).then((answer) => answer.ok && setState(answer.value));
    return () => ends.forEach((end) => end());
  }, [bridge, go]);
  return { info, state, unread, settings, settingsProblem, historyRevision };
}
