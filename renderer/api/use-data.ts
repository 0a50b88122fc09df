/** Data of one call, with what it is at the moment: under way, there, or failed with a reason and a way on. */
import { use, useCallback, useEffect, useRef, useState } from 'react';
import type { CallInput, CallOutput } from '../../shared/control/calls.ts';
import type { EngineCallName } from '../../shared/ipc/names.ts';
import type { Failure } from '../../shared/result.ts';
import { SharedContext } from './app-state.ts';
import { useBridge } from './bridge.ts';

export interface Loaded<T> {
  /** The last good answer, also while a newer one is under way. */
  readonly data: T | null;
  readonly failure: Failure | null;
  readonly busy: boolean;
  /** `ask`: the person agrees to be asked by the system for the right. */
  readonly reload: (ask?: boolean) => void;
}

/**
 * Asks again when the input changes, when `revision` does, and when the engine is back. An answer that was overtaken by a newer
 * question is dropped. While there is no connection nothing is asked: the bar above says so.
 */
export function useEngine<N extends EngineCallName>(name: N, input: CallInput<N>, revision: unknown = null): Loaded<CallOutput<N>> {
  const bridge = useBridge();
  const [state, setState] = useState<{ data: CallOutput<N> | null; failure: Failure | null; busy: boolean }>({ data: null, failure: null, busy: true });
  const turn = useRef(0);
  const key = JSON.stringify(input);
  const connected = use(SharedContext)?.state.connection === 'connected';
  const load = useCallback(
    async (ask: boolean) => {
      const mine = (turn.current += 1);
      setState((before) => ({ ...before, busy: true }));
      const answer = await bridge.engine(name, JSON.parse(key) as CallInput<N>, { ask });
      if (mine !== turn.current) return;
      setState((before) => (answer.ok ? { data: answer.value, failure: null, busy: false } : { data: before.data, failure: answer.error, busy: false }));
    },
    [bridge, name, key],
  );
  useEffect(() => {
    if (connected) void load(false);
  }, [load, revision, connected]);
  const reload = useCallback((ask = false) => void load(ask), [load]);
  return { ...state, reload };
}

export interface Change<N extends EngineCallName> {
  readonly busy: boolean;
  readonly failure: Failure | null;
  /** Resolves to the answer, or null when it failed (the reason is then in `failure`). */
  readonly run: (input: CallInput<N>, ask?: boolean) => Promise<CallOutput<N> | null>;
  readonly clear: () => void;
}

export function useChange<N extends EngineCallName>(name: N): Change<N> {
  const bridge = useBridge();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const run = useCallback(
    async (input: CallInput<N>, ask = false) => {
      setBusy(true);
      const answer = await bridge.engine(name, input, { ask });
      setBusy(false);
      setFailure(answer.ok ? null : answer.error);
      return answer.ok ? answer.value : null;
    },
    [bridge, name],
  );
  const clear = useCallback(() => setFailure(null), []);
  return { busy, failure, run, clear };
}
