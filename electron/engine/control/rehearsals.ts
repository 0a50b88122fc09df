/**
 * Who is rehearsing. None of a rehearsing process's ancestors is ever acted on, so that a look-alike can not take the
 * terminal of the person who asked with it. It protects ancestors only: what the rehearsal starts is judged like
 * anything else, or rehearsing would be a way around every rule. For the same reason only a caller with rights shields its
 * ancestors: malware could otherwise call itself a rehearsal to keep its parent alive.
 */
import { fail, ok, type Result } from '../../../shared/result.ts';

export interface RehearsalShield {
  addRehearsal(token: string, pid: number): boolean;
  endRehearsal(token: string): void;
}

const LONGEST_MS = 10 * 60_000;
const MOST = 16;

export class Rehearsals {
  private readonly shield: RehearsalShield;
  private readonly running = new Map<string, { readonly uid: number; readonly untilMs: number }>();

  constructor(shield: RehearsalShield) {
    this.shield = shield;
  }

  begin(token: string, caller: { readonly pid: number; readonly uid: number; readonly mayChange: boolean }, nowMs: number): Result<void> {
    for (const [old, { untilMs }] of this.running) if (untilMs <= nowMs) this.forget(old);
    if (this.running.size >= MOST) return fail('too-many', 'Too many rehearsals run at once: wait until one has ended.');
    this.running.set(token, { uid: caller.uid, untilMs: nowMs + LONGEST_MS });
    if (caller.mayChange) this.shield.addRehearsal(token, caller.pid);
    return ok(undefined);
  }

  /** Only who began it can end it early. */
  end(token: string, caller: { readonly uid: number }): void {
    if (this.running.get(token)?.uid === caller.uid) this.forget(token);
  }

  private forget(token: string): void {
    this.running.delete(token);
    this.shield.endRehearsal(token);
  }
}
