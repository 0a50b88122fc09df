/**
 * What readers of this folder throw when bytes make no sense. It never leaves the folder: who reads a chunk catches it at the
 * record and turns it into a problem with an offset. Anything else that is thrown is a bug.
 */
export class Damage extends Error {}

/** What one chunk may grow to. Its 64 KiB can name the same template and the same value again and again. */
export class Budget {
  #textBytes = 0;
  #steps = 0;

  /** Of 236 real files no chunk needed more than 340,000 bytes of text and 2,500 steps. */
  refill(): void {
    this.#textBytes = 2 << 20;
    this.#steps = 1 << 16;
  }

  get spent(): boolean {
    return this.#textBytes < 0 || this.#steps < 0;
  }

  spendText(count: number): void {
    this.#textBytes -= count;
    if (this.#textBytes < 0) throw new Damage('the chunk unfolds to more text than any real one');
  }

  spendStep(): void {
    this.#steps -= 1;
    if (this.#steps < 0) throw new Damage('the chunk unfolds to more parts than any real one');
  }
}
