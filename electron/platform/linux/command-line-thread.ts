/**
 * The thread that reads command lines in batches (see command-line-batch.ts), into memory it shares with who asks: a message there and back
 * costs more than reading a line does.
 *
 * It is started by `own-thread.ts`, so nothing from outside the class is there but the set-up. Only types may be shared with the rest of the file.
 */

import type { ThreadCalls } from '../ffi/thread-calls.ts';

/** Words of the shared control block. Behind it: the processes asked for, the length of each line, the lines. */
export const BOARD = { asked: 0, answered: 1, count: 2, done: 3, ending: 4, words: 5 } as const;

export interface CommandLineSetup {
  readonly shared: SharedArrayBuffer;
  readonly board: typeof BOARD;
  /** Processes that fit on the board. */
  readonly most: number;
  /** Bytes of the longest line that is read here. */
  readonly longest: number;
  /** In place of a length: the process has ended; the line is longer, or not readable. */
  readonly codes: { readonly gone: number; readonly unreadable: number };
}

export class CommandLineThread {
  readonly setup: CommandLineSetup;
  readonly calls: ThreadCalls;
  readonly control: Int32Array;
  readonly pids: Int32Array;
  readonly lengths: Int32Array;
  readonly lines: Uint8Array;
  readonly room: Buffer;

  constructor(setup: CommandLineSetup, calls: ThreadCalls) {
    const { shared, board, most, longest } = setup;
    this.setup = setup;
    this.calls = calls;
    this.control = new Int32Array(shared, 0, board.words);
    this.pids = new Int32Array(shared, board.words * 4, most);
    this.lengths = new Int32Array(shared, (board.words + most) * 4, most);
    this.lines = new Uint8Array(shared, (board.words + 2 * most) * 4);
    this.room = Buffer.alloc(longest);
  }

  /** Answers batches until it is told to end. */
  serve(): void {
    const { control, calls } = this;
    const { asked, answered, count, done, ending } = this.setup.board;
    const askedWord = control.subarray(asked, asked + 1);
    const answeredWord = control.subarray(answered, answered + 1);
    let seen = 0;
    while (Atomics.load(control, ending) === 0) {
      // The kernel's own sleep, as in side-thread.ts.
      calls.sleepWhile(askedWord, seen);
      const now = Atomics.load(control, asked);
      if (now === seen || Atomics.load(control, ending) !== 0) continue;
      seen = now;
      Atomics.store(control, done, this.readAll(Atomics.load(control, count)));
      Atomics.store(control, answered, seen);
      calls.wake(answeredWord);
    }
  }

  /** How many were read before the room for lines was full. */
  readAll(count: number): number {
    let used = 0;
    for (let index = 0; index < count; index += 1) {
      const length = this.read(this.pids[index] ?? 0);
      if (used + length > this.lines.length) return index;
      this.lengths[index] = length;
      if (length <= 0) continue;
      this.lines.set(this.room.subarray(0, length), used);
      used += length;
    }
    return count;
  }

  /** Into the room; the length, or why not. */
  read(pid: number): number {
    const fd = this.calls.open(Buffer.from(`/proc/${pid}/cmdline\0`, 'latin1'));
    if (fd < 0) return this.code(fd);
    const length = this.readOpened(fd);
    this.calls.close(fd);
    return length;
  }

  readOpened(fd: number): number {
    const { calls, room } = this;
    for (let length = 0; ; ) {
      // Most lines are short; the kernel copies no more than there is.
      const size = calls.readAt(fd, length === 0 ? room : room.subarray(length), Math.min(room.length - length, length === 0 ? 4096 : room.length), length);
      if (size < 0) return this.code(size);
      length += size;
      if (length === room.length) return this.setup.codes.unreadable;
      // The kernel gives less than it was asked for only at the end.
      if (size === 0 || length < 4096) return length;
    }
  }

  code(problem: number): number {
    return this.calls.saysGone(problem) ? this.setup.codes.gone : this.setup.codes.unreadable;
  }
}
