/**
 * Who is rehearsing. None of a rehearsing process's ancestors is ever acted on, so that a look-alike can not take the
 * terminal of the person who asked with it. It protects ancestors only: what the rehearsal starts is judged like
 * anything else, or rehearsing would be a way around every rule. For the same reason only a caller with rights shields its
 * ancestors: malware could otherwise call itself a rehearsal to keep its parent alive.
 */
import type { Scheduler } from '../core/scheduler.ts';

export interface RehearsalShield {
  addRehearsal(token: string, pid: number): boolean;
  endRehearsal(token: string): void;
}

const LONGEST_MS = 10 * 60_000;
/** Of one account: whoever begins more ends his own oldest, and never takes another's place. */
const MOST_PER_ACCOUNT = 4;

export class Rehearsals {
  private readonly shield: RehearsalShield;
  private readonly scheduler: Scheduler;
  /** By token, oldest first. */
  private readonly running = new Map<string, { readonly uid: number; readonly callOff: () => void }>();

  constructor(shield: RehearsalShield, scheduler: Scheduler) {
    this.shield = shield;
    this.scheduler = scheduler;
  }

  begin(token: string, caller: { readonly pid: number; readonly uid: number; readonly mayChange: boolean }): void {
    const own = [...this.running].filter(([, { uid }]) => uid === caller.uid);
    for (const [oldest] of own.slice(0, Math.max(0, own.length + 1 - MOST_PER_ACCOUNT))) this.forget(oldest);
    this.running.set(token, { uid: caller.uid, callOff: this.scheduler.after(LONGEST_MS, () => this.forget(token)) });
    if (caller.mayChange) this.shield.addRehearsal(token, caller.pid);
  }

  /** Only who began it can end it early. */
  end(token: string, caller: { readonly uid: number }): void {
    if (this.running.get(token)?.uid === caller.uid) this.forget(token);
  }

  private forget(token: string): void {
    this.running.get(token)?.callOff();
    this.running.delete(token);
    this.shield.endRehearsal(token);
  }
}
