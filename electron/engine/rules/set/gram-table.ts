/**
 * Where literals could stand in a text. Of each literal neighbouring grams of four units are chosen, as rare as can be had; of a
 * text every second gram is looked up, or fewer where all literals are long, and only where one is known are literals
 * compared (`gram-search.ts`). The price of a text hardly depends on how many literals there are, because few ordinary
 * grams are chosen. Literals of one or two units are looked for where the rarer unit stands.
 *
 * What is looked up for every gram is a map of bits of at most 32 KB, which lies in a core's fastest memory; the rest does not,
 * so each look-up that the map spares is worth more than many steps.
 */
import { AT_BEGIN, AT_END, type LiteralList } from './literal-list.ts';
import { ORDINARY, ORDINARY_WORDS } from './rarity.ts';

/** Arrays of numbers only, so that a table can be made by one thread and handed to another. */
export interface GramTable {
  /** The units of all literals and the code of each. */
  readonly alphabet: Uint16Array;
  readonly codes: Uint8Array;
  /** Grams of a text are looked up that many units apart. */
  readonly stride: number;
  /** Literals that every text has, and those that only the empty one has. */
  readonly everywhere: Uint32Array;
  readonly empty: Uint32Array;
  /** Literals of one or two units, an edge counting as one; and of each the unit where it is looked for. */
  readonly short: Uint32Array;
  readonly shortUnits: Uint16Array;
  /** A bit for each slot: whether a candidate stands behind it. Slot of a gram: see `slotOf`. */
  readonly bits: Int32Array;
  readonly shift: number;
  /**
   * Two numbers by word of `bits`: how many bits are set in the words before, which numbers the slots that are set; and a bit for
   * each gram behind the word, by another part of its hash, which tells most other grams that have one of these slots.
   */
  readonly ranks: Int32Array;
  /** `CANDIDATE_SIZE` numbers each; that of a slot has the slot's number, further ones of the slot are chained to it. */
  readonly candidates: Int32Array;
  /** `LITERAL_SIZE` numbers each. */
  readonly literals: Int32Array;
  /** The texts of the literals. */
  readonly units: Uint16Array;
}

/**
 * Of a candidate: which bits of the window tell, their value, its literal, how far before the last unit of the window the text
 * of the literal begins (or `EXACT`), the next candidate of the slot (0: none).
 */
export const CANDIDATE_SIZE = 5;
/** The window tells all: nothing is left to compare. */
export const EXACT = -1;
/** Of a literal: its number, where its text begins in `units` and how long it is, its edges. */
export const LITERAL_SIZE = 4;

/** Code of the units that no literal has. */
export const OTHER = 0;
/** Code of both edges of a text, which literals can contain. */
export const EDGE = 1;
const FIRST_CODE = 2;
export const CODE_BITS = 6;
const CODES = 1 << CODE_BITS;
const UNITS = 0x10000;
/** The rarest units share codes: comparing tells them apart. */
const OWN_CODES = 54;
const SHARED_CODES = CODES - FIRST_CODE - OWN_CODES;

/** What is known of the text when a gram is looked up: the last five units. */
const WINDOW = 5;
export const WINDOW_MASK = (1 << (WINDOW * CODE_BITS)) - 1;
const GRAM_UNITS = 4;
export const GRAM = (1 << (GRAM_UNITS * CODE_BITS)) - 1;
/** Bits for each gram: many in a small table, which then hardly ever leads to a look in vain, fewer in a large one; and the size at which tables stop to grow. */
const WIDE_ROOM = 64;
const WIDE_BITS = 13;
const ROOM = 8;
const FEWEST_BITS = 8;
const MOST_BITS = 18;
/** Literals of any length can be placed behind every second gram; for fewer grams each literal must be longer. */
export const LEAST_STRIDE = 2;
const MOST_STRIDE = 8;
/** With more literals it is worth more that they stand behind rare grams, of which a long row of neighbours has few. */
const FEW = 256;
const SHORT = 2;
const SCATTER = 0x9e3779b1;
/** Bits of the number of a bit in a word. */
const BIT_NUMBER = 5;

export function slotOf(gram: number, shift: number): number {
  return Math.imul(gram, SCATTER) >>> shift;
}

/** The bit of a gram in the second number of its word. */
export function secondBit(gram: number, shift: number): number {
  return 1 << (Math.imul(gram, SCATTER) >>> (shift - BIT_NUMBER));
}

/** Bits set in a word. */
export function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export function makeGramTable(list: LiteralList): GramTable {
  const { alphabet, codes } = encodeUnits(list);
  const codeOf = new Uint8Array(UNITS);
  for (const [index, unit] of alphabet.entries()) codeOf[unit] = codes[index] ?? OTHER;
  const words = spell(list, codeOf);
  const stride = strideOf(words);
  const placed = placeAll(words, list, stride, new GramRarity(words));
  const bitCount = bitsFor(placed.grams.length);
  const shift = 32 - bitCount;
  const { everywhere, empty, short, shortUnits, literals } = placed;
  return {
    alphabet,
    codes,
    stride,
    everywhere: Uint32Array.from(everywhere),
    empty: Uint32Array.from(empty),
    short: Uint32Array.from(short),
    shortUnits: Uint16Array.from(shortUnits),
    shift,
    ...sortIntoSlots(placed, shift, 1 << bitCount),
    literals,
    units: list.units,
  };
}

function bitsFor(grams: number): number {
  const bits = (room: number): number => Math.max(FEWEST_BITS, Math.ceil(Math.log2(grams * room + 1)));
  return Math.min(MOST_BITS, Math.max(bits(ROOM), Math.min(WIDE_BITS, bits(WIDE_ROOM))));
}

/** The frequent units first. */
function encodeUnits(list: LiteralList): Pick<GramTable, 'alphabet' | 'codes'> {
  const counts = new Uint32Array(UNITS);
  for (const unit of list.units) counts[unit] = (counts[unit] ?? 0) + 1;
  const units: number[] = [];
  for (let unit = 0; unit < UNITS; unit += 1) if ((counts[unit] ?? 0) > 0) units.push(unit);
  const alphabet = Uint16Array.from(units.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b));
  return { alphabet, codes: Uint8Array.from(alphabet, (_, index) => FIRST_CODE + (index < OWN_CODES ? index : OWN_CODES + (index % SHARED_CODES))) };
}

/** Literals in codes, edges among them, one behind the other. */
interface Words {
  readonly codes: Uint8Array;
  readonly ends: Uint32Array;
  readonly codeOf: Uint8Array;
}

function spell(list: LiteralList, codeOf: Uint8Array): Words {
  const codes = new Uint8Array(list.units.length + 2 * list.ends.length);
  const ends = new Uint32Array(list.ends.length);
  let to = 0;
  let from = 0;
  for (const [index, end] of list.ends.entries()) {
    const edges = list.edges[index] ?? 0;
    if ((edges & AT_BEGIN) !== 0) codes[to++] = EDGE;
    for (; from < end; from += 1) codes[to++] = codeOf[list.units[from] ?? 0] ?? OTHER;
    if ((edges & AT_END) !== 0) codes[to++] = EDGE;
    ends[index] = to;
  }
  return { codes, ends, codeOf };
}

function strideOf({ ends }: Words): number {
  if (ends.length > FEW) return LEAST_STRIDE;
  const shortest = ends.reduce((least, end, literal) => Math.min(least, end - (ends[literal - 1] ?? 0)), Infinity);
  return Math.max(LEAST_STRIDE, Math.min(MOST_STRIDE, shortest - GRAM_UNITS + 1));
}

interface Placed {
  readonly everywhere: number[];
  readonly empty: number[];
  readonly short: number[];
  readonly shortUnits: number[];
  readonly literals: Int32Array;
  /** By candidate. */
  readonly grams: number[];
  readonly masks: number[];
  readonly values: number[];
  readonly of: number[];
  readonly before: number[];
}

/** A literal, where its codes begin and end, how many of the first are the edge of a text, and whether each code is one unit's own. */
interface Word {
  readonly literal: number;
  readonly begin: number;
  readonly end: number;
  readonly edge: number;
  readonly isTold: boolean;
}

function placeAll(words: Words, list: LiteralList, stride: number, rarity: GramRarity): Placed {
  const placed: Placed = { everywhere: [], empty: [], short: [], shortUnits: [], literals: new Int32Array(LITERAL_SIZE * list.ids.length), grams: [], masks: [], values: [], of: [], before: [] };
  for (const [literal, end] of words.ends.entries()) {
    const begin = words.ends[literal - 1] ?? 0;
    const textBegin = list.ends[literal - 1] ?? 0;
    const units = (list.ends[literal] ?? 0) - textBegin;
    const edges = list.edges[literal] ?? 0;
    placed.literals.set([list.ids[literal] ?? 0, textBegin, units, edges], literal * LITERAL_SIZE);
    if (end - begin > SHORT) placeOne(placed, { literal, begin, end, edge: edges & AT_BEGIN, isTold: !sharesCode(words.codes, begin, end) }, words.codes, stride, rarity);
    else placeShort(placed, literal, list.units.subarray(textBegin, textBegin + units), edges, rarity);
  }
  return placed;
}

function placeShort(placed: Placed, literal: number, units: Uint16Array, edges: number, rarity: GramRarity): void {
  const [first, second] = units;
  if (first === undefined) {
    (edges === AT_BEGIN + AT_END ? placed.empty : placed.everywhere).push(literal);
    return;
  }
  placed.short.push(literal);
  placed.shortUnits.push(second === undefined ? first : rarity.rarerUnit(first, second));
}

/** Behind so many neighbouring grams that one of them is looked up wherever the literal stands. */
function placeOne(placed: Placed, word: Word, codes: Uint8Array, stride: number, rarity: GramRarity): void {
  const { begin, end } = word;
  const size = end - begin;
  if (size >= GRAM_UNITS + stride - 1) {
    const known = size >= WINDOW + stride - 1 ? WINDOW : GRAM_UNITS;
    const first = rarity.choose(begin + known - 1, end - stride, stride);
    for (let last = first; last < first + stride; last += 1) put(placed, word, codes, last, gramAt(codes, last));
    return;
  }
  // Three or four units, and every second gram: what stands before the first three, or behind them where there are no more, may be anything.
  const three = ((codes[begin] ?? 0) << (2 * CODE_BITS)) | ((codes[begin + 1] ?? 0) << CODE_BITS) | (codes[begin + 2] ?? 0);
  for (let code = 0; code < CODES; code += 1) put(placed, word, codes, begin + 2, (code << (3 * CODE_BITS)) | three);
  if (size === GRAM_UNITS) put(placed, word, codes, begin + 3, gramAt(codes, begin + 3));
  else for (let code = 0; code < CODES; code += 1) put(placed, word, codes, begin + 3, (three << CODE_BITS) | code);
}

/** `last`: where the gram ends, which may be behind the literal. */
function put(placed: Placed, { literal, begin, end, edge, isTold }: Word, codes: Uint8Array, last: number, gram: number): void {
  let mask = 0;
  let value = 0;
  for (let at = Math.max(begin, last - WINDOW + 1); at <= last && at < end; at += 1) {
    const shift = (last - at) * CODE_BITS;
    mask |= (CODES - 1) << shift;
    value |= (codes[at] ?? 0) << shift;
  }
  const isExact = isTold && last >= end - 1 && last - begin < WINDOW;
  placed.grams.push(gram);
  placed.masks.push(mask);
  placed.values.push(value);
  placed.of.push(literal);
  placed.before.push(isExact ? EXACT : last - begin - edge);
}

function sharesCode(codes: Uint8Array, begin: number, end: number): boolean {
  for (let at = begin; at < end; at += 1) if ((codes[at] ?? 0) >= FIRST_CODE + OWN_CODES) return true;
  return false;
}

/** The gram whose last unit stands at a place. */
function gramAt(codes: Uint8Array, last: number): number {
  return ((codes[last - 3] ?? 0) << (3 * CODE_BITS)) | ((codes[last - 2] ?? 0) << (2 * CODE_BITS)) | ((codes[last - 1] ?? 0) << CODE_BITS) | (codes[last] ?? 0);
}

/** How often ordinary texts are expected to have a gram. Literals say how such texts are written, and ordinary values even more. */
const ORDINARY_WEIGHT = 20;

const TRIPLES = 1 << (3 * CODE_BITS);
const PAIRS = 1 << (2 * CODE_BITS);

/** Grams of four are too many to be counted, so they are judged by those of three and two in them. */
class GramRarity {
  private readonly codes: Uint8Array;
  private readonly codeOf: Uint8Array;
  private readonly triples = new Uint16Array(TRIPLES);
  private readonly pairs = new Uint32Array(PAIRS);
  private readonly units = new Uint32Array(CODES);
  private readonly chosen = new Uint16Array(1 << MOST_BITS);

  constructor({ codes, ends, codeOf }: Words) {
    this.codes = codes;
    this.codeOf = codeOf;
    for (const [literal, end] of ends.entries()) this.count(codes, ends[literal - 1] ?? 0, end, 1);
    for (const text of [...ORDINARY, ...ORDINARY_WORDS]) {
      const ordinary = Uint8Array.from({ length: text.length }, (_, at) => codeOf[text.charCodeAt(at)] ?? OTHER);
      this.count(ordinary, 0, ordinary.length, ORDINARY_WEIGHT);
    }
  }

  /** Where the rarest neighbours of some grams begin, the last begin among them; one that other literals have chosen already counts for more. */
  choose(first: number, last: number, neighbours: number): number {
    let best = first;
    let least = Infinity;
    for (let at = first; at <= last; at += 1) {
      const weight = this.weigh(at, neighbours);
      if (weight >= least) continue;
      least = weight;
      best = at;
    }
    for (let at = best; at < best + neighbours; at += 1) {
      const slot = slotOf(gramAt(this.codes, at), 32 - MOST_BITS);
      this.chosen[slot] = (this.chosen[slot] ?? 0) + 1;
    }
    return best;
  }

  /** The one of two units that ordinary texts have more seldom. */
  rarerUnit(one: number, other: number): number {
    const count = (unit: number): number => this.units[this.codeOf[unit] ?? OTHER] ?? 0;
    return count(other) < count(one) ? other : one;
  }

  private weigh(first: number, neighbours: number): number {
    let weight = 0;
    for (let at = first; at < first + neighbours; at += 1) {
      const gram = gramAt(this.codes, at);
      const expected = ((this.triples[gram >>> CODE_BITS] ?? 0) * (this.triples[gram & (TRIPLES - 1)] ?? 0)) / (this.pairs[(gram >>> CODE_BITS) & (PAIRS - 1)] ?? 1);
      weight += expected * (1 + (this.chosen[slotOf(gram, 32 - MOST_BITS)] ?? 0));
    }
    return weight;
  }

  private count(codes: Uint8Array, begin: number, end: number, weight: number): void {
    let triple = 0;
    for (let at = begin; at < end; at += 1) {
      const code = codes[at] ?? OTHER;
      triple = ((triple << CODE_BITS) | code) & (TRIPLES - 1);
      const pair = triple & (PAIRS - 1);
      this.units[code] = (this.units[code] ?? 0) + weight;
      if (at > begin) this.pairs[pair] = (this.pairs[pair] ?? 0) + weight;
      if (at > begin + 1) this.triples[triple] = (this.triples[triple] ?? 0) + weight;
    }
  }
}

function sortIntoSlots(placed: Placed, shift: number, size: number): Pick<GramTable, 'bits' | 'ranks' | 'candidates'> {
  const slots = Uint32Array.from(placed.grams, (gram) => slotOf(gram, shift));
  const bits = new Int32Array(size >>> 5);
  for (const slot of slots) bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) | (1 << slot);
  const ranks = new Int32Array(2 * bits.length);
  let used = 0;
  for (const [index, word] of bits.entries()) {
    ranks[2 * index] = used;
    used += countBits(word);
  }
  for (const [index, gram] of placed.grams.entries()) {
    const second = 2 * ((slots[index] ?? 0) >>> 5) + 1;
    ranks[second] = (ranks[second] ?? 0) | secondBit(gram, shift);
  }
  const candidates = new Int32Array(CANDIDATE_SIZE * (used + slots.length));
  const isTaken = new Uint8Array(used);
  let free = used;
  for (const [index, slot] of slots.entries()) {
    const number = slotNumber(bits, ranks, slot);
    const first = number * CANDIDATE_SIZE;
    const to = isTaken[number] === 0 ? number : free++;
    const record = [placed.masks[index] ?? 0, placed.values[index] ?? 0, placed.of[index] ?? 0, placed.before[index] ?? 0, to === number ? 0 : (candidates[first + CANDIDATE_SIZE - 1] ?? 0)];
    for (let at = 0; at < CANDIDATE_SIZE; at += 1) candidates[to * CANDIDATE_SIZE + at] = record[at] ?? 0;
    if (to !== number) candidates[first + CANDIDATE_SIZE - 1] = to;
    isTaken[number] = 1;
  }
  return { bits, ranks, candidates: candidates.slice(0, free * CANDIDATE_SIZE) };
}

/** The number of a slot that is set. */
export function slotNumber(bits: Int32Array, ranks: Int32Array, slot: number): number {
  const word = bits[slot >>> 5] ?? 0;
  return (ranks[2 * (slot >>> 5)] ?? 0) + countBits(word & ((1 << (slot & 31)) - 1));
}
