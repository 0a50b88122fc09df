/** Bytes that come in pieces of any size, taken in pieces of the size one needs. */

export class ByteInput {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);
  #used = 0;
  #position = 0;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Bytes taken so far. */
  get position(): number {
    return this.#position;
  }

  /** Fills `target` from `start` to `end`; returns how far it got, which is less than `end` only where the input ends. */
  async fill(target: Buffer, start: number, end: number): Promise<number> {
    let at = start;
    while (at < end && (await this.#more())) {
      const count = Math.min(end - at, this.#piece.length - this.#used);
      target.set(this.#piece.subarray(this.#used, this.#used + count), at);
      this.#take(count);
      at += count;
    }
    return at;
  }

  /** Returns false when the input ended before. */
  async skip(count: number): Promise<boolean> {
    let left = count;
    while (left > 0 && (await this.#more())) {
      const passed = Math.min(left, this.#piece.length - this.#used);
      this.#take(passed);
      left -= passed;
    }
    return left === 0;
  }

  /** Lets go of what is behind the input. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  #take(count: number): void {
    this.#used += count;
    this.#position += count;
  }

  /** Makes sure that the piece has bytes left; false at the end. */
  async #more(): Promise<boolean> {
    while (this.#used >= this.#piece.length) {
      const next = await this.#pieces.next();
      if (next.done === true) return false;
      this.#piece = next.value;
      this.#used = 0;
    }
    return true;
  }
}
