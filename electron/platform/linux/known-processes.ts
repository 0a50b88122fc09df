/**
 * Start time and parent of processes that are asked about again and again (a shell, a build tool), without reading their whole stat each
 * time: a descriptor of a file below /proc/<pid> stays bound to its process, so a read of it says whether that process is still there,
 * and its id not another's. A twelfth of the cost of the stat.
 *
 * The parent is only as fresh as the first look: a process whose parent ended since has another one. So nothing is kept for long.
 */
import type { Pid } from '../contract.ts';
import { closeNow, openReadOnly, readAt } from '../ffi/libc.ts';
import { readStat, type ThreadedStat } from './proc.ts';

/** Each holds a descriptor, and those are for starts that wait. */
const MOST = 4;
const KEEP_NS = 1_000_000_000n;
const answer = Buffer.alloc(16);

interface Known {
  readonly fd: number;
  readonly stat: ThreadedStat;
  readonly untilNs: bigint;
}

export class KnownProcesses {
  readonly #known = new Map<Pid, Known>();

  /** Null when it is gone. Of the rest of the stat only what does not change in a second may be used. */
  stat(pid: Pid): ThreadedStat | null {
    const known = this.#known.get(pid);
    if (known !== undefined) {
      if (known.untilNs > process.hrtime.bigint() && readAt(known.fd, answer, answer.length, 0) > 0) return known.stat;
      this.#forget(pid, known);
    }
    return this.#look(pid);
  }

  /** Bound before it is looked at: if the stat is another process's, the descriptor is dead already. */
  #look(pid: Pid): ThreadedStat | null {
    const fd = openReadOnly(Buffer.from(`/proc/${pid}/oom_score_adj\0`, 'latin1'));
    const stat = readStat(pid);
    if (fd < 0) return stat;
    if (stat === null || readAt(fd, answer, answer.length, 0) <= 0) closeNow(fd);
    else this.#remember(pid, { fd, stat, untilNs: process.hrtime.bigint() + KEEP_NS });
    return stat;
  }

  #remember(pid: Pid, known: Known): void {
    this.#known.set(pid, known);
    for (const [oldest, one] of this.#known) {
      if (this.#known.size <= MOST) return;
      this.#forget(oldest, one);
    }
  }

  #forget(pid: Pid, known: Known): void {
    closeNow(known.fd);
    this.#known.delete(pid);
  }
}
