/** Searches texts for the literals of a table: one look-up for each unit, and a comparison where the look-up says so. */
import { CANDIDATE_SIZE, CODE_BITS, EDGE, EXACT, GRAM, LITERAL_SIZE, OTHER, slotNumber, slotOf, WINDOW_MASK, type GramTable } from './gram-table.ts';
import { AT_BEGIN, AT_END } from './literal-list.ts';

const ASCII = 0x80;
/** Set in the code of a unit that is a literal by itself. */
export const SINGLE = 0x40;
/** Code of units at which a search stops: the text needs a closer look (see `field-walk.ts`). */
export const TOO_HARD = 0x80;
const PLAIN_CODE = 0x3f;
const NONE: readonly number[] = [];

/** How the units of a text are read. */
export interface UnitCodes {
  /** By unit below 0x80. */
  readonly ascii: Uint8Array;
  /** For the others: the code, and the lower case to compare. */
  other(unit: number): number;
  lower(unit: number): number;
}

const LOWER_ASCII = Uint8Array.from({ length: ASCII }, (_, unit) => (unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit));

export class GramSearch {
  /** Numbers of the literals found by the last search, each once: the first `count` entries. */
  readonly found: Uint32Array;
  count = 0;
  private readonly table: GramTable;
  /** By unit: the literals that it is. */
  private readonly asciiSingles: (readonly number[])[] = Array.from({ length: ASCII }, () => NONE);
  private readonly otherSingles = new Map<number, readonly number[]>();
  /** By literal: the search in which it was found. */
  private readonly seen: Uint32Array;
  private round = 0;
  /** Units whose mark as a literal was taken away until the search ends, because the literal is found. */
  private readonly unmarked = new Uint8Array(ASCII);
  private unmarkedCount = 0;

  constructor(table: GramTable) {
    this.table = table;
    const count = table.literals.length / LITERAL_SIZE;
    this.found = new Uint32Array(count);
    this.seen = new Uint32Array(count);
    for (const literal of table.singles) {
      const unit = table.units[table.literals[literal * LITERAL_SIZE + 1] ?? 0] ?? 0;
      const literals = [...this.singlesOf(unit), literal];
      if (unit < ASCII) this.asciiSingles[unit] = literals;
      else this.otherSingles.set(unit, literals);
    }
  }

  /** False when a unit is too hard; what was found before it has been found. */
  search(text: string, codes: UnitCodes): boolean {
    this.begin();
    const whole = this.scan(text, codes);
    for (let at = 0; at < this.unmarkedCount; at += 1) {
      const unit = this.unmarked[at] ?? 0;
      codes.ascii[unit] = (codes.ascii[unit] ?? OTHER) | SINGLE;
    }
    this.unmarkedCount = 0;
    return whole;
  }

  /** The code of each unit; units of which one is a literal are marked. */
  codes(): Map<number, number> {
    const { alphabet, codes } = this.table;
    return new Map(Array.from(alphabet, (unit, index) => [unit, (codes[index] ?? OTHER) | (this.singlesOf(unit).length > 0 ? SINGLE : 0)]));
  }

  private begin(): void {
    this.count = 0;
    this.round = (this.round + 1) >>> 0;
    if (this.round === 0) {
      this.seen.fill(0);
      this.round = 1;
    }
    for (const literal of this.table.everywhere) this.tell(literal);
  }

  private scan(text: string, codes: UnitCodes): boolean {
    const { bits, multiplier, shift } = this.table;
    const { ascii } = codes;
    const { length } = text;
    let window = EDGE;
    for (let at = 0; at < length; at += 1) {
      const unit = text.charCodeAt(at);
      let code = unit < ASCII ? (ascii[unit] ?? OTHER) : codes.other(unit);
      if (code > PLAIN_CODE) {
        if (code === TOO_HARD) return false;
        this.foundSingle(unit, codes);
        code &= PLAIN_CODE;
      }
      window = ((window << CODE_BITS) | code) & WINDOW_MASK;
      const slot = slotOf(window & GRAM, multiplier, shift);
      if (((bits[slot >>> 5] ?? 0) & (1 << slot)) !== 0) this.compareAll(slot, window, text, at, codes);
    }
    window = ((window << CODE_BITS) | EDGE) & WINDOW_MASK;
    const slot = slotOf(window & GRAM, multiplier, shift);
    if (((bits[slot >>> 5] ?? 0) & (1 << slot)) !== 0) this.compareAll(slot, window, text, length, codes);
    return true;
  }

  private singlesOf(lower: number): readonly number[] {
    return (lower < ASCII ? this.asciiSingles[lower] : this.otherSingles.get(lower)) ?? NONE;
  }

  private foundSingle(unit: number, codes: UnitCodes): void {
    const literals = this.singlesOf(unit < ASCII ? (LOWER_ASCII[unit] ?? 0) : codes.lower(unit));
    for (const literal of literals) if (this.seen[literal] !== this.round) this.tell(literal);
    if (unit >= ASCII) return;
    codes.ascii[unit] = (codes.ascii[unit] ?? OTHER) & PLAIN_CODE;
    this.unmarked[this.unmarkedCount] = unit;
    this.unmarkedCount += 1;
  }

  /** `last`: where the last unit of the gram stands; behind the text for its end. */
  private compareAll(slot: number, window: number, text: string, last: number, codes: UnitCodes): void {
    const { bits, ranks, candidates } = this.table;
    let at = slotNumber(bits, ranks, slot);
    do {
      const record = at * CANDIDATE_SIZE;
      if ((window & (candidates[record] ?? 0)) === candidates[record + 1]) {
        const literal = candidates[record + 2] ?? 0;
        if (this.seen[literal] !== this.round && this.stands(literal, text, last, codes)) this.tell(literal);
      }
      at = candidates[record + 3] ?? 0;
    } while (at !== 0);
  }

  private stands(literal: number, text: string, last: number, codes: UnitCodes): boolean {
    const { literals, units } = this.table;
    const record = literal * LITERAL_SIZE;
    if (literals[record + 5] === EXACT) return true;
    const from = literals[record + 1] ?? 0;
    const length = literals[record + 2] ?? 0;
    const edges = literals[record + 3] ?? 0;
    const begin = last - (literals[record + 4] ?? 0);
    if (begin < 0 || begin + length > text.length) return false;
    if ((edges & AT_BEGIN) !== 0 && begin !== 0) return false;
    if ((edges & AT_END) !== 0 && begin + length !== text.length) return false;
    for (let at = 0; at < length; at += 1) {
      const unit = text.charCodeAt(begin + at);
      if ((unit < ASCII ? LOWER_ASCII[unit] : codes.lower(unit)) !== units[from + at]) return false;
    }
    return true;
  }

  private tell(literal: number): void {
    this.seen[literal] = this.round;
    this.found[this.count] = this.table.literals[literal * LITERAL_SIZE] ?? 0;
    this.count += 1;
  }
}
