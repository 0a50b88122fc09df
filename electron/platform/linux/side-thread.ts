/**
 * The side thread (see side-reader.ts): copies strings of another process's memory into shared memory.
 *
 * It is started by `own-thread.ts`, so nothing from outside the class is there but the set-up. Only types may be shared with the rest of the file.
 */

import type { Scheduling } from '../ffi/libc.ts';
import type { MemoryWindow, ThreadCalls } from '../ffi/thread-calls.ts';

/** Words of the shared control block; the strings follow it. */
export const CONTROL = { asked: 0, answered: 1, tid: 2, what: 3, width: 4, firstLow: 5, firstHigh: 6, size: 7, outcome: 8, ready: 9, line: 10, ending: 11, placed: 12, words: 16 } as const;
/**
 * What is asked for: the string at an address, those a NULL-terminated array of pointers leads to, or the program call that a waiting
 * thread has made (the kernel's line of it, first among the strings) with its arguments. The thread is named first (`asked`), what is
 * wanted of it may come a little later (`placed`): waking up takes longer than finding that out.
 */
export const WHAT = { nothing: 0, text: 1, array: 2, call: 3 } as const;
/** `elsewhere`: not to be read here (see side-reader.ts). */
export const OUTCOME = { done: 0, elsewhere: 1, gone: 2 } as const;

export interface SideThreadSetup {
  readonly shared: SharedArrayBuffer;
  readonly pageSize: number;
  readonly control: typeof CONTROL;
  readonly what: typeof WHAT;
  readonly outcome: typeof OUTCOME;
  /** Exec calls by number: which field of the line is argv, and how wide its pointers are. */
  readonly execCalls: ReadonlyMap<number, { readonly field: number; readonly width: number }>;
  /** How a thread that has not gone to sleep yet is looked at again. */
  readonly looks: { readonly atOnce: number; readonly most: number; readonly napMs: number };
  /** Null: the one it was started with. */
  readonly scheduling: Scheduling | null;
}

export class SideThread {
  readonly setup: SideThreadSetup;
  readonly calls: ThreadCalls;
  readonly control: Int32Array;
  readonly placedWord: Int32Array;
  readonly strings: Uint8Array;
  readonly page: MemoryWindow[];
  /** Whose page each window holds. Any may hold any: pointers and strings lie in two or three, read in turn, and must not push each other out. */
  readonly pageNumber = [-1, -1, -1, -1];
  /** The window to be used next. */
  window = 0;
  readonly entry = Buffer.alloc(16);
  /** The page whose entry is in the second half of `entry`. */
  followed = -1;
  readonly pillow = new Int32Array(new SharedArrayBuffer(4));
  readonly line = Buffer.alloc(256);
  readonly path = Buffer.alloc(64);
  /** Halves of the last address that was read from the line. */
  low = 0;
  high = 0;
  tid = 0;
  map = -1;
  /** A call said that the thread has ended. */
  gone = false;
  /** What the present question opened. */
  readonly open: number[] = [];
  used = 0;

  constructor(setup: SideThreadSetup, calls: ThreadCalls) {
    this.setup = setup;
    this.calls = calls;
    this.control = new Int32Array(setup.shared, 0, setup.control.words);
    this.placedWord = this.control.subarray(setup.control.placed, setup.control.placed + 1);
    this.strings = new Uint8Array(setup.shared, setup.control.words * 4);
    this.page = this.pageNumber.map(() => calls.window(setup.pageSize));
  }

  /** Answers questions until the process ends. */
  serve(): void {
    const { control, calls } = this;
    const { asked, answered, outcome, ready, ending } = this.setup.control;
    const askedWord = control.subarray(asked, asked + 1);
    const answeredWord = control.subarray(answered, answered + 1);
    if (this.setup.scheduling !== null) calls.setScheduler(this.setup.scheduling);
    Atomics.store(control, ready, 1);
    let seen = 0;
    while (Atomics.load(control, ending) === 0) {
      // The kernel's own sleep: that of Atomics.wait has a lock around it, for which whoever is woken mostly has to sleep once more.
      calls.sleepWhile(askedWord, seen);
      const now = Atomics.load(control, asked);
      if (now === seen || Atomics.load(control, ending) !== 0) continue;
      seen = now;
      Atomics.store(control, outcome, this.answer(seen));
      Atomics.store(control, answered, seen);
      calls.wake(answeredWord);
      this.close();
    }
  }

  answer(question: number): number {
    const { outcome, what, control } = this.setup;
    this.startAfresh();
    this.map = this.openFile('pagemap');
    this.waitForPlace(question);
    const wanted = Atomics.load(this.control, control.what);
    if (wanted === what.nothing) return outcome.done;
    if (wanted === what.call && !this.findCall()) return this.gone ? outcome.gone : outcome.done;
    if (this.map < 0 || !this.walk()) return this.gone ? outcome.gone : outcome.elsewhere;
    Atomics.store(this.control, control.size, this.used);
    return outcome.done;
  }

  /** Who asked is at work on it and does not wait for anybody meanwhile. */
  waitForPlace(question: number): void {
    const { placed, ending } = this.setup.control;
    for (let now = Atomics.load(this.control, placed); now !== question; now = Atomics.load(this.control, placed)) {
      if (Atomics.load(this.control, ending) !== 0) return;
      this.calls.sleepWhile(this.placedWord, now);
    }
  }

  startAfresh(): void {
    const { control } = this.setup;
    this.tid = Atomics.load(this.control, control.tid);
    this.used = 0;
    this.gone = false;
    this.followed = -1;
    this.pageNumber.fill(-1);
    Atomics.store(this.control, control.line, 0);
  }

  /** After the answer: somebody waits for that, and nobody for this. */
  close(): void {
    for (const fd of this.open.splice(0)) this.calls.close(fd);
  }

  /** Of the thread that is asked about. */
  openFile(name: string): number {
    this.path.write(`/proc/${this.tid}/${name}\0`, 'latin1');
    const fd = this.told(this.calls.open(this.path));
    if (fd >= 0) this.open.push(fd);
    return fd;
  }

  /** Notes when it says that the thread has ended. */
  told(outcome: number): number {
    if (this.calls.saysGone(outcome)) this.gone = true;
    return outcome;
  }

  /** The kernel's line of the call goes before the strings. False when it is none with arguments: then the line says all. */
  findCall(): boolean {
    const { control, setup, line } = this;
    const size = this.readLine();
    if (size <= 0) return false;
    this.copy(line, 0, size);
    Atomics.store(control, setup.control.line, size);
    Atomics.store(control, setup.control.size, this.used);
    const call = setup.execCalls.get(this.numberOfCall());
    if (call === undefined) return false;
    this.hexadecimalAt(this.fieldAt(call.field));
    // A 32-bit call has no more than the lower half.
    if (call.width === 4) this.high = 0;
    Atomics.store(control, setup.control.firstLow, this.low);
    Atomics.store(control, setup.control.firstHigh, this.high);
    Atomics.store(control, setup.control.width, call.width);
    return this.low !== 0 || this.high !== 0;
  }

  /** The line is read byte by byte: somebody waits, and texts cost more here than all the rest of it. -1 when it begins with no number. */
  numberOfCall(): number {
    let at = 0;
    let value = 0;
    for (let byte = this.line[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = this.line[at] ?? 0) {
      value = value * 10 + byte - 0x30;
      at += 1;
    }
    return at === 0 ? -1 : value;
  }

  /** Where a field begins; blanks part them. */
  fieldAt(field: number): number {
    let at = 0;
    for (let left = field; left > 0; left -= 1) at = this.line.indexOf(0x20, at) + 1;
    return at;
  }

  /** `0x` and at most 16 digits, as the two halves of an address. */
  hexadecimalAt(start: number): void {
    this.low = 0;
    this.high = 0;
    for (let at = start + 2; ; at += 1) {
      const byte = this.line[at] ?? 0;
      const digit = byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : byte - 0x30;
      if (digit < 0 || digit > 15) return;
      this.high = (this.high << 4) | (this.low >>> 28);
      this.low = (this.low << 4) | digit;
    }
  }

  /** Until it says no longer that the thread is running, or it was looked at often enough. */
  readLine(): number {
    const { calls, line, setup } = this;
    const fd = this.openFile('syscall');
    if (fd < 0) return 0;
    for (let look = 1; ; look += 1) {
      const size = this.told(calls.readAt(fd, line, line.length, 0));
      if (size <= 0 || line[0] !== 0x72 || look >= setup.looks.most) return size;
      if (look >= setup.looks.atOnce) Atomics.wait(this.pillow, 0, 0, setup.looks.napMs);
    }
  }

  walk(): boolean {
    const { control, setup } = this;
    const low = Atomics.load(control, setup.control.firstLow) >>> 0;
    const high = Atomics.load(control, setup.control.firstHigh) >>> 0;
    const what = Atomics.load(control, setup.control.what);
    if (what === setup.what.array || what === setup.what.call) return this.copyArray(low, high, Atomics.load(control, setup.control.width));
    return this.copyString(low, high);
  }

  copyArray(low: number, high: number, width: number): boolean {
    const { pageSize } = this.setup;
    let number = this.numberOf(low, high);
    let offset = low % pageSize;
    if (offset % width !== 0) return false; // a pointer could lie across two pages
    for (;;) {
      const bytes = this.pageAt(number);
      if (bytes === null) return false;
      const stringLow = bytes.readUInt32LE(offset);
      const stringHigh = width === 8 ? bytes.readUInt32LE(offset + 4) : 0;
      if (stringLow === 0 && stringHigh === 0) return true;
      if (!this.copyString(stringLow, stringHigh)) return false;
      offset = (offset + width) % pageSize;
      if (offset === 0) number += 1;
    }
  }

  /** With its NUL byte. */
  copyString(low: number, high: number): boolean {
    const { pageSize } = this.setup;
    let number = this.numberOf(low, high);
    let offset = low % pageSize;
    for (;;) {
      const bytes = this.pageAt(number);
      if (bytes === null) return false;
      const found = bytes.indexOf(0, offset);
      if (!this.copy(bytes, offset, found === -1 ? pageSize : found + 1)) return false;
      if (found !== -1) return true;
      number += 1;
      offset = 0;
    }
  }

  copy(bytes: Buffer, start: number, end: number): boolean {
    if (this.used + end - start > this.strings.length) return false;
    this.strings.set(bytes.subarray(start, end), this.used);
    this.used += end - start;
    return true;
  }

  /** Page numbers are exact: 2^64 / 4096 is 2^52. */
  numberOf(low: number, high: number): number {
    return high * (2 ** 32 / this.setup.pageSize) + Math.floor(low / this.setup.pageSize);
  }

  /** A page that is present (pagemap: bit 63), so that reading it fetches nothing from anywhere; null for any other. */
  pageAt(number: number): Buffer | null {
    const kept = this.pageNumber.indexOf(number);
    const at = kept === -1 ? this.window : kept;
    const window = this.page[at];
    if (window === undefined) return null;
    if (kept !== -1) return window.to;
    this.pageNumber[at] = -1;
    const { pageSize } = this.setup;
    const position = number * pageSize;
    if (!Number.isSafeInteger(position)) return null;
    if (!this.isPresent(number)) return null;
    if (this.told(this.calls.readMemory(this.tid, position, window)) !== pageSize) return null;
    this.pageNumber[at] = number;
    this.window = (at + 1) % this.page.length;
    return window.to;
  }

  /** Strings mostly lie in the page behind their pointers, so its entry is read along. */
  isPresent(number: number): boolean {
    const { entry } = this;
    if (this.followed === number) return ((entry[15] ?? 0) & 0x80) !== 0;
    const size = this.told(this.calls.readAt(this.map, entry, 16, number * 8));
    this.followed = size === 16 ? number + 1 : -1;
    return size >= 8 && ((entry[7] ?? 0) & 0x80) !== 0;
  }
}
