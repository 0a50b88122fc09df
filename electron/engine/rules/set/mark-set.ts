/**
 * Which of many numbered things an event has, a bit each: the few hundred bytes stay in a core's fastest memory, where a number
 * for each (say, of the event) would have to be waited for. What has been marked is remembered, so that emptying costs as little.
 */
const WORD_BITS = 5;

export class MarkSet {
  /** By number: bit `number & 31` of word `number >>> 5`. */
  readonly words: Int32Array;
  /** The words that are not zero: the first `used` entries. */
  private readonly touched: Uint32Array;
  private used = 0;

  constructor(size: number) {
    this.words = new Int32Array(wordOf(size) + 1);
    this.touched = new Uint32Array(this.words.length);
  }

  has(number: number): boolean {
    return ((this.words[wordOf(number)] ?? 0) & maskOf(number)) !== 0;
  }

  /** False when it was marked already. */
  add(number: number): boolean {
    const at = wordOf(number);
    const word = this.words[at] ?? 0;
    const mask = maskOf(number);
    if ((word & mask) !== 0) return false;
    if (word === 0) this.touched[this.used++] = at;
    this.words[at] = word | mask;
    return true;
  }

  clear(): void {
    for (let at = 0; at < this.used; at += 1) this.words[this.touched[at] ?? 0] = 0;
    this.used = 0;
  }
}

export function wordOf(number: number): number {
  return number >>> WORD_BITS;
}

export function maskOf(number: number): number {
  return 1 << number;
}
