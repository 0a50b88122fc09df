/**
 * What was found in values of one field that come again and again (programs, users, folders), so that they are searched once.
 *
 * Who starts programs chooses values, so nothing here may make a value dearer than searching it, and memory is bounded: a
 * cache that mostly misses is asked about few values only, until it pays again; and a value is kept as a copy, because a
 * piece of a long text would keep all of it.
 */

/** Longer values hardly ever come again. */
const LONGEST = 1_024;
/** What one generation holds. A value that is not asked about while a whole generation passes is forgotten. */
const MOST_VALUES = 512;
const MOST_UNITS = 65_536;
/** A hit earns one, a miss costs one. */
const MOST_CREDIT = 64;
/** Without credit every so many values are asked about. */
const SELDOM = 64;

export class ValueCache {
  private young = new Map<string, readonly number[]>();
  private old = new Map<string, readonly number[]>();
  private units = 0;
  private credit = MOST_CREDIT;
  private skipped = 0;

  /** Whether to ask about the value, and to keep what is found in it after a miss. */
  wants(value: string): boolean {
    if (value.length > LONGEST) return false;
    if (this.credit > 0) return true;
    this.skipped = (this.skipped + 1) % SELDOM;
    return this.skipped === 0;
  }

  get(value: string): readonly number[] | undefined {
    const young = this.young.get(value);
    const known = young ?? this.old.get(value);
    if (known === undefined) {
      if (this.credit > 0) this.credit -= 1;
      return undefined;
    }
    if (this.credit < MOST_CREDIT) this.credit += 1;
    if (young === undefined) this.keep(value, known);
    return known;
  }

  keep(value: string, found: readonly number[]): void {
    if (this.young.size >= MOST_VALUES || this.units + value.length > MOST_UNITS) {
      this.old = this.young;
      this.young = new Map();
      this.units = 0;
    }
    this.young.set(copy(value), found);
    this.units += value.length;
  }
}

/** A text with memory of its own. */
function copy(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
