/**
 * Reads that may never return (another process's memory can lie behind FUSE, swap or a userfaultfd handler), kept away from the thread
 * on which others wait: they run in libuv's thread pool, each with a deadline.
 *
 * Nothing can call such a read back: it ends when the file server answers or dies. So it keeps its thread, its
 * descriptor and its slot until then, and the number of slots is bounded (pool size less two, half of them for one user).
 * When they are used up, further reads are "late" at once. `stuckReads` tells the owner, who may prefer a fresh process. Who starts
 * the process gives it a larger UV_THREADPOOL_SIZE than 4 (set from within, it comes too late under Node 20), and ends it with
 * SIGKILL when reads are stuck, because an orderly exit waits for the pool's threads.
 */
import { close, openSync, read } from 'node:fs';
import type { Pid } from '../contract.ts';
import { fairDeadline } from './fair-deadline.ts';
import { readUid } from './proc.ts';
import { ReadSlots } from './read-slots.ts';

export interface ReadRequest {
  readonly position: number | bigint | null;
  readonly size: number;
}

/** Asks for reads, ends with its result. Null: that place is not readable. The bytes stay valid. */
export type ReadWork<T> = Generator<ReadRequest, T, Uint8Array | null>;

const DEFAULT_POOL = 4;
let slots: ReadSlots | null = null;
let stuck = 0;

/** How many reads may be under way, or stuck, at one time. */
export function readSlotCount(): number {
  const poolSize = Number(process.env['UV_THREADPOOL_SIZE'] ?? DEFAULT_POOL) || DEFAULT_POOL;
  return Math.max(1, poolSize - 2);
}

function sharedSlots(): ReadSlots {
  const total = readSlotCount();
  slots ??= new ReadSlots(total, Math.max(1, Math.floor(total / 2)));
  return slots;
}

/** Reads that are past their deadline and have not returned. */
export function stuckReads(): number {
  return stuck;
}

/** Runs `work` on the file of a process. Resolves within `deadlineMs` (see fair-deadline.ts) whatever happens; never rejects for a process's doing. */
export function readIsolated<T>(pid: Pid, file: 'mem' | 'cmdline', deadlineMs: number, work: ReadWork<T>): Promise<T | 'late' | 'gone'> {
  const uid = readUid(pid);
  if (uid === null) return Promise.resolve('gone');
  return new Promise((resolve, reject) => {
    new Run(`/proc/${pid}/${file}`, uid, work, resolve, reject).begin(deadlineMs);
  });
}

class Run<T> {
  readonly #slots = sharedSlots();
  readonly #path: string;
  readonly #uid: number;
  readonly #work: ReadWork<T>;
  readonly #resolve: (outcome: T | 'late' | 'gone') => void;
  readonly #reject: (bug: unknown) => void;
  #fd = -1;
  #callOff: () => void = () => undefined;
  #giveUpWaiting: () => void = () => undefined;
  #settled = false;
  #stuck = false;

  constructor(path: string, uid: number, work: ReadWork<T>, resolve: (outcome: T | 'late' | 'gone') => void, reject: (bug: unknown) => void) {
    this.#path = path;
    this.#uid = uid;
    this.#work = work;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(deadlineMs: number): void {
    this.#callOff = fairDeadline(deadlineMs, () => { this.#late(); });
    if (this.#slots.tryTake(this.#uid)) this.#open();
    else this.#giveUpWaiting = this.#slots.whenFree(this.#uid, () => { this.#open(); });
  }

  #open(): void {
    try {
      this.#fd = openSync(this.#path, 'r');
    } catch (error) {
      this.#finish(isGone(error) ? 'gone' : 'late'); // no descriptor or no right: can not be read in time
      return;
    }
    this.#advance(null, true);
  }

  #advance(bytes: Uint8Array | null, first: boolean): void {
    try {
      const step = first ? this.#work.next() : this.#work.next(bytes);
      if (step.done === true) this.#finish(step.value);
      else this.#read(step.value);
    } catch (bug) {
      this.#settled = true;
      this.#release();
      this.#reject(bug);
    }
  }

  #read(request: ReadRequest): void {
    const buffer = Buffer.allocUnsafeSlow(request.size);
    read(this.#fd, buffer, 0, request.size, request.position, (error, size) => {
      if (this.#settled) {
        this.#release();
        return;
      }
      if (error !== null && isGone(error)) this.#finish('gone');
      else this.#advance(error === null ? buffer.subarray(0, size) : null, false);
    });
  }

  #late(): void {
    this.#settled = true;
    if (this.#fd >= 0) {
      this.#stuck = true;
      stuck += 1;
    }
    this.#giveUpWaiting();
    this.#resolve('late');
  }

  #finish(outcome: T | 'late' | 'gone'): void {
    this.#settled = true;
    this.#release();
    this.#resolve(outcome);
  }

  /** Only once no read of this run is under way. */
  #release(): void {
    this.#callOff();
    if (this.#stuck) stuck -= 1;
    if (this.#fd >= 0) closeQuietly(this.#fd);
    this.#slots.give(this.#uid);
  }
}

/** ENOENT: no such process; ESRCH: it ended while its file was open. */
function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ESRCH';
}

function closeQuietly(fd: number): void {
  // Asynchronous: the last reference to a memory map may be dropped here, and taking that map down can take long.
  close(fd, () => undefined);
}
