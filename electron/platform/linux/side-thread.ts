/**
 * The side thread (see side-reader.ts): copies strings of another process's memory into shared memory.
 *
 * It is started from the source text of this class, so that no bundle has to know of a further file: all it uses stands inside the class,
 * and what it needs from outside comes in as data. Only types may be shared with the rest of the file.
 */

/** Words of the shared control block; the strings follow it. */
export const CONTROL = { asked: 0, answered: 1, tid: 2, what: 3, width: 4, firstLow: 5, firstHigh: 6, size: 7, outcome: 8, ready: 9, words: 16 } as const;
/** What is asked for: the string at an address, those a NULL-terminated array of pointers leads to, or so many bytes from an address on. */
export const WHAT = { text: 1, array: 2, bytes: 3 } as const;
/** `elsewhere`: not to be read here (see side-reader.ts). */
export const OUTCOME = { done: 0, elsewhere: 1, gone: 2 } as const;

export interface SideThreadSetup {
  readonly shared: SharedArrayBuffer;
  readonly pageSize: number;
  readonly control: typeof CONTROL;
  readonly what: typeof WHAT;
  readonly outcome: typeof OUTCOME;
}

export class SideThread {
  readonly setup: SideThreadSetup;
  readonly fs = process.getBuiltinModule('node:fs');
  readonly control: Int32Array;
  readonly strings: Uint8Array;
  readonly page: Buffer[];
  readonly pageNumber = [-1, -1, -1, -1];
  readonly entry = Buffer.alloc(8);
  memory = -1;
  map = -1;
  used = 0;

  constructor(setup: SideThreadSetup) {
    this.setup = setup;
    this.control = new Int32Array(setup.shared, 0, setup.control.words);
    this.strings = new Uint8Array(setup.shared, setup.control.words * 4);
    this.page = this.pageNumber.map(() => Buffer.alloc(setup.pageSize));
  }

  /** Waits for questions for the life of the process. */
  serve(): never {
    const { control } = this;
    const { asked, answered, outcome, ready } = this.setup.control;
    Atomics.store(control, ready, 1);
    let seen = 0;
    for (;;) {
      Atomics.wait(control, asked, seen);
      const now = Atomics.load(control, asked);
      if (now === seen) continue;
      seen = now;
      Atomics.store(control, outcome, this.answer());
      Atomics.store(control, answered, seen);
      Atomics.notify(control, answered);
    }
  }

  answer(): number {
    const { setup, fs } = this;
    const folder = `/proc/${Atomics.load(this.control, setup.control.tid)}`;
    this.used = 0;
    this.pageNumber.fill(-1);
    try {
      this.memory = fs.openSync(`${folder}/mem`, 'r');
      this.map = fs.openSync(`${folder}/pagemap`, 'r');
      if (!this.walk()) return setup.outcome.elsewhere;
      Atomics.store(this.control, setup.control.size, this.used);
      return setup.outcome.done;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' || code === 'ESRCH' ? setup.outcome.gone : setup.outcome.elsewhere;
    } finally {
      if (this.memory >= 0) fs.closeSync(this.memory);
      if (this.map >= 0) fs.closeSync(this.map);
      this.memory = -1;
      this.map = -1;
    }
  }

  walk(): boolean {
    const { control, setup } = this;
    const low = Atomics.load(control, setup.control.firstLow) >>> 0;
    const high = Atomics.load(control, setup.control.firstHigh) >>> 0;
    const what = Atomics.load(control, setup.control.what);
    if (what === setup.what.array) return this.copyArray(low, high, Atomics.load(control, setup.control.width));
    if (what === setup.what.text) return this.copyString(low, high);
    return this.copyBytes(low, high, Atomics.load(control, setup.control.size));
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

  copyBytes(low: number, high: number, size: number): boolean {
    const { pageSize } = this.setup;
    let number = this.numberOf(low, high);
    let offset = low % pageSize;
    for (let left = size; left > 0; number += 1, offset = 0) {
      const bytes = this.pageAt(number);
      const end = Math.min(pageSize, offset + left);
      if (bytes === null || !this.copy(bytes, offset, end)) return false;
      left -= end - offset;
    }
    return true;
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
    const slot = number % this.page.length;
    const bytes = this.page[slot];
    if (bytes === undefined) return null;
    if (this.pageNumber[slot] === number) return bytes;
    this.pageNumber[slot] = -1;
    const { pageSize } = this.setup;
    const position = number * pageSize;
    if (!Number.isSafeInteger(position)) return null;
    if (this.fs.readSync(this.map, this.entry, 0, 8, number * 8) < 8 || ((this.entry[7] ?? 0) & 0x80) === 0) return null;
    if (this.fs.readSync(this.memory, bytes, 0, pageSize, position) !== pageSize) return null;
    this.pageNumber[slot] = number;
    return bytes;
  }
}
