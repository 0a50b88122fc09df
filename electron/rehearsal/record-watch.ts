/** Waits, for a short time, until the record says what was done about a process. */
import { setTimeout as delay } from 'node:timers/promises';
import type { CallInput, CallName, CallOutput } from '../../shared/control/calls.ts';
import type { HistoryEntry } from '../../shared/history/entry.ts';
import { ok, type Result } from '../../shared/result.ts';
import { isOfRule } from './outcome.ts';

/** What a rehearsal needs of the engine: its calls. */
export interface RehearsalEngine {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>;
}

export interface Watched {
  readonly pid: number;
  readonly ruleId: string;
  /** When the behaviour began: an older entry of this id belongs to a process that had the id before. */
  readonly sinceMs: number;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

const POLL_MS = 50;
const MOST_ENTRIES = 50;

/** All entries about this process: as soon as one is of the meant rule, or what there is after the wait. */
export async function entriesAbout(engine: RehearsalEngine, watched: Watched): Promise<Result<readonly HistoryEntry[]>> {
  const end = performance.now() + watched.waitMs;
  for (;;) {
    const answer = await engine.call('history', { pid: watched.pid, sinceMs: watched.sinceMs, limit: MOST_ENTRIES });
    if (!answer.ok) return answer;
    const { entries } = answer.value;
    const complete = entries.some((entry) => isOfRule(entry, watched.ruleId));
    if (complete || performance.now() >= end || watched.signal.aborted) return ok(entries);
    await delay(POLL_MS);
  }
}
