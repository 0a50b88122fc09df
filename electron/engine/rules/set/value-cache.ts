/**
 * What was found in values of one field that come again and again (programs, users, folders), so that they are searched once.
 * A value has two places, found by its length and a few of its units, and is compared as a whole: that is quicker than
 * going through it once more to hash it.
 *
 * Who starts programs chooses values, so nothing here may make a value dearer than searching it, and memory is bounded: a
 * cache that mostly misses is asked about few values only, until it pays again; and a value is kept as a copy, because a
 * piece of a long text would keep all of it.
 */

import { ownText } from '../own-text.ts';

/** Longer values hardly ever come again. */
const LONGEST = 1_024;
const PLACES = 1_024;
/** Of all values that are kept; beyond it all are forgotten. */
const MOST_UNITS = 131_072;
/** A hit earns one, a miss costs one. */
const MOST_CREDIT = 64;
/** Without credit every so many values are asked about. */
const SELDOM = 64;

export class ValueCache {
  private readonly values: string[] = new Array<string>(PLACES).fill('');
  private readonly found: (readonly number[] | undefined)[] = new Array<undefined>(PLACES).fill(undefined);
  private units = 0;
  private credit: number;
  private skipped = 0;

  /** `isTrusted`: whether to expect that values come again before any has. */
  constructor(isTrusted: boolean) {
    this.credit = isTrusted ? MOST_CREDIT : 0;
  }

  /** Whether to ask about the value, and to keep what is found in it after a miss. */
  wants(value: string): boolean {
    if (value.length > LONGEST) return false;
    if (this.credit > 0) return true;
    this.skipped = (this.skipped + 1) % SELDOM;
    return this.skipped === 0;
  }

  get(value: string): readonly number[] | undefined {
    const place = placeOf(value);
    if (this.values[place] !== value && this.values[place ^ 1] === value) this.exchange(place, place ^ 1);
    const known = this.values[place] === value ? this.found[place] : undefined;
    this.credit = known === undefined ? Math.max(0, this.credit - 1) : Math.min(MOST_CREDIT, this.credit + 1);
    return known;
  }

  /** Takes the first of its places; what stood there, the last that was asked for, takes the second. */
  keep(value: string, found: readonly number[]): void {
    const place = placeOf(value);
    this.units += value.length - (this.values[place ^ 1] ?? '').length;
    if (this.units > MOST_UNITS) this.forgetAll(value.length);
    this.exchange(place, place ^ 1);
    this.values[place] = ownText(value);
    this.found[place] = found;
  }

  private exchange(one: number, other: number): void {
    [this.values[one], this.values[other]] = [this.values[other] ?? '', this.values[one] ?? ''];
    [this.found[one], this.found[other]] = [this.found[other], this.found[one]];
  }

  private forgetAll(units: number): void {
    this.values.fill('');
    this.found.fill(undefined);
    this.units = units;
  }
}

/** Values of one field differ in their length, near their end or somewhere between. */
function placeOf(value: string): number {
  const { length } = value;
  if (length === 0) return 0;
  let mixed = Math.imul(length, 31) + value.charCodeAt(length - 1);
  mixed = Math.imul(mixed, 31) + value.charCodeAt(length >> 1);
  mixed = Math.imul(mixed, 31) + value.charCodeAt(length - 1 - (length >> 3));
  return (Math.imul(mixed, 0x9e3779b1) >>> 22) & (PLACES - 1);
}
