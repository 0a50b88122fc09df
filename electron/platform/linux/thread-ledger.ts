/**
 * When has a process ended? The connector tells the exit of each thread. Usually the leader's (whose id is the process's) is what counts,
 * but a leader may end first while other threads go on, and an exec from another thread ends the leader while the process lives. Both
 * would look like the end of a process that still runs. So extra threads are counted, and a leader's exit counts when the last one is gone.
 *
 * Counts can be off after loss; `overdue` lets the owner ask the system about processes that have waited long.
 */
import type { Pid } from '../contract.ts';

export class ThreadLedger {
  /** Threads beside the leader, only for processes that have some. */
  readonly #extra = new Map<Pid, number>();
  readonly #leaderGone = new Set<Pid>();

  threadStarted(process: Pid): void {
    this.#extra.set(process, (this.#extra.get(process) ?? 0) + 1);
  }

  /** From a look at the system: this process has so many threads in all. */
  prime(process: Pid, threads: number): void {
    if (threads > 1) this.#extra.set(process, threads - 1);
  }

  /** True when the process has ended with this thread. */
  threadEnded(process: Pid, thread: Pid): boolean {
    const extra = this.#extra.get(process) ?? 0;
    if (thread === process) {
      if (extra === 0) return true;
      this.#leaderGone.add(process);
      return false;
    }
    if (extra > 1) {
      this.#extra.set(process, extra - 1);
      return false;
    }
    this.#extra.delete(process);
    return this.#leaderGone.delete(process);
  }

  /** An exec ends all other threads; the process goes on under its id. */
  executed(process: Pid): void {
    this.#extra.delete(process);
    this.#leaderGone.delete(process);
  }

  /** Processes whose leader is gone and whose threads are believed to live. */
  get waiting(): ReadonlySet<Pid> {
    return this.#leaderGone;
  }

  forget(process: Pid): void {
    this.#extra.delete(process);
    this.#leaderGone.delete(process);
  }

  clear(): void {
    this.#extra.clear();
    this.#leaderGone.clear();
  }
}
