/** The only access to what the preload script gives. Events are checked here, answers where they were asked for (in main). */
import { createContext, use } from 'react';
import type { EventName } from '../../shared/ipc/names.ts';
import { EVENTS, type Bridge, type EventPayload } from '../../shared/ipc/table.ts';

export const BridgeContext = createContext<Bridge | null>(null);

export function useBridge(): Bridge {
  const bridge = use(BridgeContext);
  if (bridge === null) throw new Error('no bridge around this component');
  return bridge;
}

export function bridgeOfWindow(): Bridge {
  const { holdfast } = window as { holdfast?: Bridge };
  if (holdfast === undefined) throw new Error('the preload script did not run');
  return holdfast;
}

/** An event of another form than the table's is ignored. */
export function listen<N extends EventName>(bridge: Bridge, name: N, listener: (payload: EventPayload<N>) => void): () => void {
  return bridge.on(name, (payload) => {
    const parsed = EVENTS[name].safeParse(payload);
    if (parsed.success) listener(parsed.data as EventPayload<N>);
  });
}
