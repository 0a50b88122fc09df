/** Judgements of the sentinel that wait for the exec news of the same start. Bounded in number and age. */
import type { StartRecord } from '../../../shared/link/messages.ts';
import { BoundedQueue } from '../core/bounded-queue.ts';

interface Shelved {
  readonly pid: number;
  readonly record: StartRecord;
  readonly untilNs: bigint;
  taken: boolean;
}

const MOST = 8_192;
/** Records without a start of their own (a script's interpreter, a failed exec) are normal and fall off the shelf. */
const KEEP_NS = 2_000_000_000n;

export class RecordShelf {
  private readonly byPid = new Map<number, Shelved[]>();
  private readonly inOrder = new BoundedQueue<Shelved>(MOST);

  put(pid: number, record: StartRecord, nowNs: bigint): void {
    this.expire(nowNs);
    const shelved: Shelved = { pid, record, untilNs: nowNs + KEEP_NS, taken: false };
    if (!this.inOrder.push(shelved)) {
      this.dropOldest();
      this.inOrder.push(shelved);
    }
    const same = this.byPid.get(pid);
    if (same === undefined) this.byPid.set(pid, [shelved]);
    else same.push(shelved);
  }

  /** Oldest first. */
  of(pid: number): readonly StartRecord[] {
    return this.byPid.get(pid)?.map(({ record }) => record) ?? [];
  }

  /** Takes this record and the older ones of its process: they belong to starts that are over. */
  takeThrough(pid: number, record: StartRecord): void {
    const same = this.byPid.get(pid) ?? [];
    const end = same.findIndex((shelved) => shelved.record === record) + 1;
    for (const shelved of same.splice(0, end)) shelved.taken = true;
    if (same.length === 0) this.byPid.delete(pid);
  }

  expire(nowNs: bigint): void {
    for (let oldest = this.inOrder.peek(); oldest !== undefined && (oldest.taken || oldest.untilNs <= nowNs); oldest = this.inOrder.peek()) this.dropOldest();
  }

  private dropOldest(): void {
    const oldest = this.inOrder.shift();
    if (oldest === undefined || oldest.taken) return;
    const same = this.byPid.get(oldest.pid);
    same?.splice(same.indexOf(oldest), 1);
    if (same?.length === 0) this.byPid.delete(oldest.pid);
  }
}
