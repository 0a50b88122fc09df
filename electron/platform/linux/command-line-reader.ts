/** One reading thread (command-line-thread.ts) and the memory it shares with this one: a batch is asked for, and its answer taken, without a message. */
import type { Pid } from '../contract.ts';
import { futexWait, futexWake } from '../ffi/libc.ts';
import { BOARD, CommandLineThread, type CommandLineSetup } from './command-line-thread.ts';
import { startOwnThread } from './own-thread.ts';

export const MOST_IN_BATCH = 512;
/** Longer lines are read another way. */
const LONGEST_LINE = 256 * 1024;
const GONE = -1;
const UNREADABLE = -2;

/** As the kernel shows it; in a buffer that all lines of the answer share. */
export type RawLine = Uint8Array | 'unreadable' | 'gone';

export class CommandLineReader {
  readonly #shared = new SharedArrayBuffer((BOARD.words + 2 * MOST_IN_BATCH) * 4 + LONGEST_LINE);
  readonly #control = new Int32Array(this.#shared, 0, BOARD.words);
  readonly #pids = new Int32Array(this.#shared, BOARD.words * 4, MOST_IN_BATCH);
  readonly #lengths = new Int32Array(this.#shared, (BOARD.words + MOST_IN_BATCH) * 4, MOST_IN_BATCH);
  readonly #lines = new Uint8Array(this.#shared, (BOARD.words + 2 * MOST_IN_BATCH) * 4);
  readonly #askedWord = this.#control.subarray(BOARD.asked, BOARD.asked + 1);
  readonly #answeredWord = this.#control.subarray(BOARD.answered, BOARD.answered + 1);
  #asked = 0;

  /** `onEnd`: the thread ended, mostly by itself (out of memory); what it was asked will not be answered. It may be called twice. */
  constructor(onEnd: () => void) {
    const setup: CommandLineSetup = { shared: this.#shared, board: BOARD, most: MOST_IN_BATCH, longest: LONGEST_LINE, codes: { gone: GONE, unreadable: UNREADABLE } };
    startOwnThread(CommandLineThread, setup, 4, () => { this.close(); }, onEnd);
  }

  /** At most `MOST_IN_BATCH`, and not before the last batch is answered. */
  ask(pids: readonly Pid[]): void {
    const control = this.#control;
    this.#pids.set(pids);
    Atomics.store(control, BOARD.count, pids.length);
    this.#asked = (this.#asked + 1) | 0;
    Atomics.store(control, BOARD.asked, this.#asked);
    futexWake(this.#askedWord);
  }

  /** Waits that long for it at most. Asleep, not spinning: while this thread holds a processor the other may not get one. */
  isAnswered(waitMs = 0): boolean {
    const answered = Atomics.load(this.#control, BOARD.answered);
    if (answered === this.#asked || waitMs === 0) return answered === this.#asked;
    futexWait(this.#answeredWord, answered, waitMs);
    return Atomics.load(this.#control, BOARD.answered) === this.#asked;
  }

  /** One for each process that was asked for, in order; fewer when they did not all fit. */
  take(): RawLine[] {
    const lengths = this.#lengths.slice(0, Atomics.load(this.#control, BOARD.done));
    // A copy: text decoders refuse shared memory, and the room is used again.
    const bytes = Buffer.from(this.#lines.subarray(0, lengths.reduce((sum, length) => sum + Math.max(length, 0), 0)));
    let at = 0;
    return Array.from(lengths, (length) => {
      if (length < 0) return length === GONE ? 'gone' : 'unreadable';
      at += length;
      return bytes.subarray(at - length, at);
    });
  }

  /** A thread that is held up in the kernel ends when that does. */
  close(): void {
    Atomics.store(this.#control, BOARD.ending, 1);
    Atomics.add(this.#control, BOARD.asked, 1);
    futexWake(this.#askedWord);
  }
}
