/**
 * Quick reads of another process's memory that can not hold up this thread: a side thread does them, and this one waits at most a
 * millisecond for it.
 *
 * Why not on this thread: each of these reads takes the other process's memory map lock, and a program can have that lock held for ever
 * (one of its threads maps a FUSE file, page of which another read keeps locked; a test does it). The side thread is then lost until the
 * file server answers or dies, and everything is read through `isolated-read.ts`, which shares its threads fairly among users. So that
 * this stays rare, the side thread touches only pages that are present (/proc/<tid>/pagemap, Documentation/admin-guide/mm/pagemap.rst);
 * what first had to be fetched from a file or from swap, or is large, is left to the pool too. Present pages of files count: constants of
 * a program are everyday arguments ("sh", "-c"), and the pool tripled the time of their decisions.
 *
 * The wait costs some 30 µs more than reading here, the pool 60 µs more and sometimes milliseconds. `begin` hides the wait behind other work.
 *
 * A thread that is stuck in the kernel makes an orderly exit wait for it: end the process with SIGKILL when `isSideThreadStuck`.
 */
import { constants } from 'node:os';
import type { Pid } from '../contract.ts';
import { futexWait, futexWake, PAGE_SIZE } from '../ffi/libc.ts';
import { CALL_LOOKS, EXEC_CALL_FORMS } from './exec-call.ts';
import { startOwnThread } from './own-thread.ts';
import { readingPriority } from './real-time.ts';
import { CONTROL, OUTCOME, SideThread, WHAT, type SideThreadSetup } from './side-thread.ts';

/** For the strings of one answer; more is read through the pool. */
const ROOM = 256 * 1024;
const LONGEST_WAIT_MS = 1;
/** After the thread ended by itself (out of memory): not at once again. */
const RESTART_PAUSE_MS = 1_000;
/** On a busy machine the thread may have to wait for a processor for long; one that waits in the kernel never comes back. */
const STUCK_AFTER_MS = 1_000;

export interface SideQuestion {
  readonly tid: Pid;
  readonly what: 'text' | 'array';
  readonly address: bigint;
  /** Of a pointer in an array: 4 or 8. */
  readonly size: number;
}

/** The program call a waiting thread has made, and its arguments. */
export interface CallQuestion {
  readonly tid: Pid;
  readonly what: 'call';
}

export interface CallAnswer {
  /** As in /proc/<tid>/syscall; "running" for a thread that did not go to sleep. */
  readonly line: string;
  /** Each with its NUL byte. */
  readonly strings: Buffer | 'elsewhere' | 'gone';
}

type Question = SideQuestion | CallQuestion;

let reader: SideReader | null = null;
let startedAtMs = -Infinity;

/** Starts the side thread ahead of the first question; until it is up, answers are `elsewhere`. */
export function prepareSideThread(): void {
  if (reader !== null || performance.now() - startedAtMs < RESTART_PAUSE_MS) return;
  startedAtMs = performance.now();
  reader = new SideReader(() => { reader = null; });
}

/** Whether the side thread has kept a question for long: then it waits in the kernel for someone who may never answer. */
export function isSideThreadStuck(): boolean {
  return reader?.isStuck() ?? false;
}

/**
 * Asks without waiting; `readBeside` with the very object that `find` gave then takes the answer. An equal one asks anew: memory may have changed.
 * `find` runs at once and must not wait; the side thread wakes up meanwhile. Null: nothing is to be read.
 */
export function beginBeside(tid: Pid, find: () => Question | null): void {
  prepareSideThread();
  if (reader?.begin(tid, find) !== true) find();
}

/** The strings that were asked for, each with its NUL byte, or `elsewhere`: read it through the pool. */
export function readBeside(question: SideQuestion): Buffer | 'elsewhere' | 'gone' {
  prepareSideThread();
  return reader === null ? 'elsewhere' : reader.read(question);
}

/** The answer to a question that was begun. */
export function readCallBeside(question: CallQuestion): CallAnswer | 'elsewhere' | 'gone' {
  return reader === null ? 'elsewhere' : reader.readCall(question);
}

/** Exec calls of this machine: which field of the line is argv, and how wide its pointers are. */
export const EXEC_CALLS = new Map([...(process.arch === 'arm64' ? EXEC_CALL_FORMS.arm64 : EXEC_CALL_FORMS.x64)].map(([number, { at, compat32 }]) => [number, { field: at ? 3 : 2, width: compat32 ? 4 : 8 }]));

class SideReader {
  readonly #shared = new SharedArrayBuffer(CONTROL.words * 4 + ROOM);
  readonly #control = new Int32Array(this.#shared, 0, CONTROL.words);
  readonly #askedWord = this.#control.subarray(CONTROL.asked, CONTROL.asked + 1);
  readonly #placedWord = this.#control.subarray(CONTROL.placed, CONTROL.placed + 1);
  readonly #answeredWord = this.#control.subarray(CONTROL.answered, CONTROL.answered + 1);
  readonly #strings = new Uint8Array(this.#shared, CONTROL.words * 4);
  #asked = 0;
  #askedAtMs = 0;
  #waitedFor = 0;
  /** Whose answer nobody has taken yet. */
  #question: Question | null = null;

  constructor(onEnd: () => void) {
    const setup: SideThreadSetup = { shared: this.#shared, pageSize: PAGE_SIZE, control: CONTROL, what: WHAT, outcome: OUTCOME, execCalls: EXEC_CALLS, looks: CALL_LOOKS, scheduling: readingPriority() };
    startOwnThread(SideThread, setup, 2, () => { this.#end(); }, onEnd);
  }

  #end(): void {
    Atomics.store(this.#control, CONTROL.ending, 1);
    Atomics.add(this.#control, CONTROL.asked, 1);
    futexWake(this.#askedWord);
    futexWake(this.#placedWord);
  }

  isStuck(): boolean {
    return !this.#isAnswered() && performance.now() - this.#askedAtMs > STUCK_AFTER_MS;
  }

  /** False when the thread can not be asked now: it is not up yet, or still at another question. */
  begin(tid: Pid, find: () => Question | null): boolean {
    const control = this.#control;
    if (!this.#isAnswered() || Atomics.load(control, CONTROL.ready) === 0) return false;
    Atomics.store(control, CONTROL.tid, tid);
    this.#question = null;
    this.#askedAtMs = performance.now();
    this.#asked = (this.#asked + 1) | 0;
    Atomics.store(control, CONTROL.asked, this.#asked);
    futexWake(this.#askedWord);
    try {
      this.#question = find();
    } finally {
      this.#place(this.#question);
    }
    return true;
  }

  #place(question: Question | null): void {
    const control = this.#control;
    Atomics.store(control, CONTROL.what, question === null ? WHAT.nothing : WHAT[question.what]);
    if (question !== null && question.what !== 'call') this.#placeAddress(question);
    Atomics.store(control, CONTROL.placed, this.#asked);
    futexWake(this.#placedWord);
  }

  #placeAddress({ size, address }: SideQuestion): void {
    const control = this.#control;
    Atomics.store(control, CONTROL.width, size);
    Atomics.store(control, CONTROL.firstLow, Number(BigInt.asIntN(32, address)));
    Atomics.store(control, CONTROL.firstHigh, Number(BigInt.asIntN(32, address >> 32n)));
  }

  /** Only of a question that was begun and not overtaken by another. */
  readCall(question: CallQuestion): CallAnswer | 'elsewhere' | 'gone' {
    if (this.#question !== question) return 'elsewhere';
    this.#waitForAnswer();
    this.#question = null;
    if (!this.#isAnswered()) return 'elsewhere';
    const size = Atomics.load(this.#control, CONTROL.line);
    if (size === 0) return Atomics.load(this.#control, CONTROL.outcome) === OUTCOME.gone ? 'gone' : 'elsewhere';
    const line = Buffer.from(this.#strings.subarray(0, size)).toString('latin1');
    return { line, strings: this.#answer(size) };
  }

  read(question: SideQuestion): Buffer | 'elsewhere' | 'gone' {
    if (this.#question !== question) {
      this.#waitForAnswer(); // of a question whose answer nobody wants any more
      this.begin(question.tid, () => question);
      if (this.#question !== question) return 'elsewhere'; // not up yet, or stuck
    }
    this.#waitForAnswer();
    this.#question = null;
    return this.#isAnswered() ? this.#answer() : 'elsewhere';
  }

  /**
   * Asleep, not looking again and again: that keeps the side thread off a processor, and who starts programs beside it.
   * Not for a question that was already waited for in vain: one stuck thread costs one wait, not one for each start.
   */
  #waitForAnswer(): void {
    if (this.#isAnswered() || this.#waitedFor === this.#asked) return;
    this.#waitedFor = this.#asked;
    const end = performance.now() + LONGEST_WAIT_MS;
    for (let left = LONGEST_WAIT_MS; left > 0; left = end - performance.now()) {
      const outcome = futexWait(this.#answeredWord, (this.#asked - 1) | 0, left);
      if (this.#isAnswered() || outcome !== -constants.errno.EINTR) return;
    }
  }

  #isAnswered(): boolean {
    return Atomics.load(this.#control, CONTROL.answered) === this.#asked;
  }

  #answer(from = 0): Buffer | 'elsewhere' | 'gone' {
    const outcome = Atomics.load(this.#control, CONTROL.outcome);
    if (outcome === OUTCOME.gone) return 'gone';
    if (outcome !== OUTCOME.done) return 'elsewhere';
    // A copy: text decoders refuse shared memory, and the room is used again.
    return Buffer.from(this.#strings.subarray(from, Atomics.load(this.#control, CONTROL.size)));
  }
}
