/** Searches texts for the literals of a table: one look-up for every second unit or fewer, and a comparison where it says so. */
import { CANDIDATE_SIZE, CODE_BITS, EDGE, EXACT, GRAM, LEAST_STRIDE, LITERAL_SIZE, OTHER, secondBit, slotNumber, slotOf, WINDOW_MASK, type GramTable } from './gram-table.ts';
import { AT_BEGIN, AT_END } from './literal-list.ts';

const ASCII = 0x80;
/** Set in the code of a unit where short literals are looked for. */
export const SHORT = 0x40;
/** Code of units at which a search stops: the text needs a closer look (see `field-walk.ts`). */
export const TOO_HARD = 0x80;
const PLAIN_CODE = 0x3f;
const NONE: readonly number[] = [];

/**
 * Texts of ASCII, nearly all, are read as bytes: a call for each unit is what a search takes longest for. In front of them
 * stand bytes of no unit and one for the edge, behind them one for the edge and one of no unit. One text is searched at a time.
 */
const BEFORE = 4;
const LONGEST = 16_384;
/** A unit beyond ASCII has more bytes than units, so room for three times the units shows that a text has none. */
const BYTES = new Uint8Array(BEFORE + 3 * LONGEST + 2);
const TEXT_BYTES = BYTES.subarray(BEFORE);
const NO_BYTE = 0x80;
export const EDGE_BYTE = 0xff;
const ENCODER = new TextEncoder();
BYTES.fill(NO_BYTE, 0, BEFORE - 1);
BYTES[BEFORE - 1] = EDGE_BYTE;

/** How the units of a text are read. */
export interface UnitCodes {
  /** By byte: units below 0x80, and `EDGE_BYTE`. */
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
  /** By unit in lower case: the short literals that are looked for where it stands. */
  private readonly asciiShort: (readonly number[])[] = Array.from({ length: ASCII }, () => NONE);
  private readonly otherShort = new Map<number, readonly number[]>();
  /** By literal: the search in which it was found. */
  private readonly seen: Uint32Array;
  private round = 0;
  /** Units whose mark was taken away until the search ends, because all short literals that stand there are found. */
  private readonly unmarked = new Uint8Array(ASCII);
  private unmarkedCount = 0;

  constructor(table: GramTable) {
    this.table = table;
    const count = table.literals.length / LITERAL_SIZE;
    this.found = new Uint32Array(count);
    this.seen = new Uint32Array(count);
    for (const [index, literal] of table.short.entries()) {
      const unit = table.shortUnits[index] ?? 0;
      const literals = [...this.shortOf(unit), literal];
      if (unit < ASCII) this.asciiShort[unit] = literals;
      else this.otherShort.set(unit, literals);
    }
  }

  /** False when a unit is too hard; what was found before it has been found. */
  search(text: string, codes: UnitCodes): boolean {
    this.begin(text);
    const whole = this.scan(text, codes);
    for (let at = 0; at < this.unmarkedCount; at += 1) {
      const unit = this.unmarked[at] ?? 0;
      codes.ascii[unit] = (codes.ascii[unit] ?? OTHER) | SHORT;
    }
    this.unmarkedCount = 0;
    return whole;
  }

  /** The code of each unit; units where short literals are looked for are marked. */
  codes(): Map<number, number> {
    const { alphabet, codes } = this.table;
    return new Map(Array.from(alphabet, (unit, index) => [unit, (codes[index] ?? OTHER) | (this.shortOf(unit).length > 0 ? SHORT : 0)]));
  }

  private begin(text: string): void {
    this.count = 0;
    this.round = (this.round + 1) >>> 0;
    if (this.round === 0) {
      this.seen.fill(0);
      this.round = 1;
    }
    for (const literal of this.table.everywhere) this.tell(literal);
    if (text === '') for (const literal of this.table.empty) this.tell(literal);
  }

  private scan(text: string, codes: UnitCodes): boolean {
    if (text.length > LONGEST || ENCODER.encodeInto(text, TEXT_BYTES).written !== text.length) return this.scanUnits(text, codes);
    const end = BEFORE + text.length;
    BYTES[end] = EDGE_BYTE;
    BYTES[end + 1] = NO_BYTE;
    if (this.table.stride === LEAST_STRIDE) this.scanPairs(text, codes);
    else this.scanGrams(text, codes);
    return true;
  }

  /** Every unit is looked at, because short literals can stand there. */
  private scanPairs(text: string, codes: UnitCodes): void {
    const { bits, shift } = this.table;
    const { ascii } = codes;
    const end = BEFORE + text.length + 1;
    let window = EDGE;
    for (let at = BEFORE + 1; at <= end; at += 2) {
      let first = ascii[BYTES[at - 1] ?? 0] ?? OTHER;
      let second = ascii[BYTES[at] ?? 0] ?? OTHER;
      if ((first | second) > PLAIN_CODE) {
        if (first > PLAIN_CODE) this.lookForShort(text, at - 1 - BEFORE, codes);
        if (second > PLAIN_CODE) this.lookForShort(text, at - BEFORE, codes);
        first &= PLAIN_CODE;
        second &= PLAIN_CODE;
      }
      window = ((window << (2 * CODE_BITS)) | (first << CODE_BITS) | second) & WINDOW_MASK;
      const slot = slotOf(window & GRAM, shift);
      if (((bits[slot >>> 5] ?? 0) & (1 << slot)) !== 0) this.compareAll(slot, window, text, at - BEFORE, codes);
    }
  }

  /** No literal is so short that every unit must be looked at. */
  private scanGrams(text: string, codes: UnitCodes): void {
    const { bits, shift, stride } = this.table;
    const { ascii } = codes;
    const end = BEFORE + text.length;
    for (let at = BEFORE + 2; at <= end; at += stride) {
      const gram = ((ascii[BYTES[at - 3] ?? 0] ?? OTHER) << (3 * CODE_BITS)) | ((ascii[BYTES[at - 2] ?? 0] ?? OTHER) << (2 * CODE_BITS)) | ((ascii[BYTES[at - 1] ?? 0] ?? OTHER) << CODE_BITS) | (ascii[BYTES[at] ?? 0] ?? OTHER);
      const slot = slotOf(gram, shift);
      if (((bits[slot >>> 5] ?? 0) & (1 << slot)) === 0) continue;
      const window = ((ascii[BYTES[at - 4] ?? 0] ?? OTHER) << (4 * CODE_BITS)) | gram;
      this.compareAll(slot, window, text, at - BEFORE, codes);
    }
  }

  /** The same for texts that are no bytes. */
  private scanUnits(text: string, codes: UnitCodes): boolean {
    const { bits, shift, stride } = this.table;
    const { length } = text;
    let window = EDGE;
    let next = stride === LEAST_STRIDE ? 1 : 2;
    for (let at = 0; at <= length + 1; at += 1) {
      let code = at < length ? codeOf(text.charCodeAt(at), codes) : at === length ? EDGE : OTHER;
      if (code > PLAIN_CODE) {
        if (code === TOO_HARD) return false;
        this.lookForShort(text, at, codes);
        code &= PLAIN_CODE;
      }
      window = ((window << CODE_BITS) | code) & WINDOW_MASK;
      if (at !== next) continue;
      next += stride;
      const slot = slotOf(window & GRAM, shift);
      if (((bits[slot >>> 5] ?? 0) & (1 << slot)) !== 0) this.compareAll(slot, window, text, at, codes);
    }
    return true;
  }

  private shortOf(lower: number): readonly number[] {
    return (lower < ASCII ? this.asciiShort[lower] : this.otherShort.get(lower)) ?? NONE;
  }

  private lookForShort(text: string, at: number, codes: UnitCodes): void {
    const unit = text.charCodeAt(at);
    const lower = lowerOf(unit, codes);
    let missing = 0;
    for (const literal of this.shortOf(lower)) {
      if (this.seen[literal] === this.round) continue;
      const { literals, units } = this.table;
      const isSecond = units[literals[literal * LITERAL_SIZE + 1] ?? 0] !== lower;
      if (this.stands(literal, text, isSecond ? at - 1 : at, codes)) this.tell(literal);
      else missing += 1;
    }
    if (missing > 0 || unit >= ASCII) return;
    codes.ascii[unit] = (codes.ascii[unit] ?? OTHER) & PLAIN_CODE;
    this.unmarked[this.unmarkedCount] = unit;
    this.unmarkedCount += 1;
  }

  /** `last`: where the last unit of the window stands; behind the text for its end and what follows it. */
  private compareAll(slot: number, window: number, text: string, last: number, codes: UnitCodes): void {
    const { bits, ranks, candidates, shift } = this.table;
    if (((ranks[2 * (slot >>> 5) + 1] ?? 0) & secondBit(window & GRAM, shift)) === 0) return;
    let at = slotNumber(bits, ranks, slot);
    do {
      const record = at * CANDIDATE_SIZE;
      if ((window & (candidates[record] ?? 0)) === candidates[record + 1]) {
        const literal = candidates[record + 2] ?? 0;
        const before = candidates[record + 3] ?? 0;
        if (this.seen[literal] !== this.round && (before === EXACT || this.stands(literal, text, last - before, codes))) this.tell(literal);
      }
      at = candidates[record + 4] ?? 0;
    } while (at !== 0);
  }

  private stands(literal: number, text: string, begin: number, codes: UnitCodes): boolean {
    const { literals, units } = this.table;
    const record = literal * LITERAL_SIZE;
    const from = literals[record + 1] ?? 0;
    const length = literals[record + 2] ?? 0;
    const edges = literals[record + 3] ?? 0;
    if (begin < 0 || begin + length > text.length) return false;
    if ((edges & AT_BEGIN) !== 0 && begin !== 0) return false;
    if ((edges & AT_END) !== 0 && begin + length !== text.length) return false;
    for (let at = 0; at < length; at += 1) {
      const unit = text.charCodeAt(begin + at);
      if (lowerOf(unit, codes) !== units[from + at]) return false;
    }
    return true;
  }

  private tell(literal: number): void {
    this.seen[literal] = this.round;
    this.found[this.count] = this.table.literals[literal * LITERAL_SIZE] ?? 0;
    this.count += 1;
  }
}

function lowerOf(unit: number, codes: UnitCodes): number {
  return unit < ASCII ? (LOWER_ASCII[unit] ?? 0) : codes.lower(unit);
}

function codeOf(unit: number, codes: UnitCodes): number {
  return unit < ASCII ? (codes.ascii[unit] ?? OTHER) : codes.other(unit);
}
