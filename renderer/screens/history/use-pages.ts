/** Pages of a search, loaded as they are scrolled to. A new question drops the answers to an older one. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { HistoryFilter, HistoryLine } from '../../../shared/history/search.ts';
import type { Failure } from '../../../shared/result.ts';
import { useShared } from '../../api/app-state.ts';
import { useBridge } from '../../api/bridge.ts';

const PAGE = 100;

export interface Pages {
  readonly lines: readonly HistoryLine[];
  readonly total: { readonly exact: number | null; readonly atLeast: number } | null;
  readonly busy: boolean;
  readonly failure: Failure | null;
  readonly more: () => void;
  readonly retry: () => void;
}

interface Held {
  readonly lines: readonly HistoryLine[];
  readonly cursor: string | null;
  readonly total: Pages['total'];
}

const NONE: Held = { lines: [], cursor: null, total: null };

export function usePages(filter: HistoryFilter, revision: string | null): Pages {
  const bridge = useBridge();
  const [held, setHeld] = useState(NONE);
  const [busy, setBusy] = useState(true);
  const [failure, setFailure] = useState<Failure | null>(null);
  const turn = useRef(0);
  const key = JSON.stringify(filter);
  const load = useCallback(
    async (cursor: string | null) => {
      const mine = (turn.current += 1);
      setBusy(true);
      const answer = await bridge.engine('historySearch', { filter: JSON.parse(key) as HistoryFilter, limit: PAGE, cursor });
      if (mine !== turn.current) return;
      setBusy(false);
      setFailure(answer.ok ? null : answer.error);
      if (!answer.ok) return;
      const { lines, total, totalAtLeast } = answer.value;
      setHeld((before) => (cursor === null ? { lines, cursor: answer.value.cursor, total: { exact: total, atLeast: totalAtLeast } } : { ...before, lines: [...before.lines, ...lines], cursor: answer.value.cursor }));
    },
    [bridge, key],
  );
  const connected = useShared().state.connection === 'connected';
  useEffect(() => {
    if (connected) void load(null);
  }, [load, revision, connected]);
  const more = useCallback(() => {
    if (held.cursor !== null && !busy) void load(held.cursor);
  }, [held.cursor, busy, load]);
  return { lines: held.lines, total: held.total, busy, failure, more, retry: () => void load(null) };
}
