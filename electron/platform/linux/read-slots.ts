/**
 * Shares the few threads that may get stuck in a read among users, so that one user's unanswering file system can not take them all.
 *
 * A slot is taken before the read is handed to libuv's pool and given back when the read returns, however late. Pure
 * bookkeeping on one thread: no timers, no I/O.
 */

interface Waiter {
  readonly uid: number;
  readonly wake: () => void;
}

export class ReadSlots {
  readonly #total: number;
  readonly #perUser: number;
  readonly #taken = new Map<number, number>();
  readonly #waiters = new Set<Waiter>();
  #all = 0;

  constructor(total: number, perUser: number) {
    this.#total = total;
    this.#perUser = perUser;
  }

  /** Takes a slot at once, or returns false. */
  tryTake(uid: number): boolean {
    const mine = this.#taken.get(uid) ?? 0;
    if (this.#all >= this.#total || mine >= this.#perUser) return false;
    this.#taken.set(uid, mine + 1);
    this.#all += 1;
    return true;
  }

  /** Calls `wake` once, with the slot taken; the returned function gives up the wait (and does nothing after the wake). */
  whenFree(uid: number, wake: () => void): () => void {
    const waiter: Waiter = { uid, wake };
    this.#waiters.add(waiter);
    return () => { this.#waiters.delete(waiter); };
  }

  give(uid: number): void {
    const mine = this.#taken.get(uid) ?? 0;
    if (mine === 0) throw new Error(`a read slot of user ${uid} was given back twice`);
    if (mine === 1) this.#taken.delete(uid);
    else this.#taken.set(uid, mine - 1);
    this.#all -= 1;
    for (const waiter of this.#waiters) {
      if (!this.tryTake(waiter.uid)) continue;
      this.#waiters.delete(waiter);
      waiter.wake();
      return;
    }
  }
}
