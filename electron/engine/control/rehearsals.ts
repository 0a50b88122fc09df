/**
 * Who is rehearsing. None of a rehearsing process's ancestors is ever acted on, so that a look-alike can not take the
 * terminal of the person who asked with it. It protects ancestors only: what the rehearsal starts is judged like
 * anything else, or rehearsing would be a way around every rule. For the same reason only a caller with rights shields its
 * ancestors: malware could otherwise call itself a rehearsal to keep its parent alive.
 */
import { fail, ok, type Result } from '../../../shared/result.ts';

interface Rehearsal {
  readonly pid: number;
  readonly uid: number;
  readonly mayChange: boolean;
  readonly untilMs: number;
}

const LONGEST_MS = 10 * 60_000;
const MOST = 16;

export class Rehearsals {
  private readonly running = new Map<string, Rehearsal>();

  begin(token: string, caller: { readonly pid: number; readonly uid: number; readonly mayChange: boolean }, nowMs: number): Result<void> {
    this.expire(nowMs);
    if (this.running.size >= MOST) return fail('too-many', 'Too many rehearsals run at once: wait until one has ended.');
    const { pid, uid, mayChange } = caller;
    this.running.set(token, { pid, uid, mayChange, untilMs: nowMs + LONGEST_MS });
    return ok(undefined);
  }

  /** Only who began it can end it early. */
  end(token: string, caller: { readonly uid: number }): void {
    if (this.running.get(token)?.uid === caller.uid) this.running.delete(token);
  }

  /** Processes whose ancestors are not acted on. */
  pids(nowMs: number): number[] {
    this.expire(nowMs);
    return [...this.running.values()].filter(({ mayChange }) => mayChange).map(({ pid }) => pid);
  }

  private expire(nowMs: number): void {
    for (const [token, { untilMs }] of this.running) if (untilMs <= nowMs) this.running.delete(token);
  }
}
