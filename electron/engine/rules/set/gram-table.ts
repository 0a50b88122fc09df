/**
 * Where literals could stand in a text. Of each literal three neighbouring units are chosen, its gram, as rare as can be had;
 * a text is searched by looking up each of its grams, and only where one is known are literals compared (`gram-search.ts`).
 * The price of a text hardly depends on how many literals there are, because few ordinary grams are chosen.
 *
 * Units are numbered with six bits, so a gram has 18: as many bits are 32 KB, which lie in a core's fastest memory.
 */
import { AT_BEGIN, AT_END, type LiteralList } from './literal-list.ts';
import { ORDINARY, ORDINARY_WORDS } from './rarity.ts';

/** Arrays of numbers only, so that a table can be made by one thread and handed to another. */
export interface GramTable {
  /** The units of all literals and the code of each. */
  readonly alphabet: Uint16Array;
  readonly codes: Uint8Array;
  /** Literals that every text has, and those that are one unit without an edge. */
  readonly everywhere: Uint32Array;
  readonly singles: Uint32Array;
  /** A bit for each slot: whether a candidate stands behind it. Slot of a gram: see `slotOf`. */
  readonly bits: Int32Array;
  readonly multiplier: number;
  readonly shift: number;
  /** By word of `bits`: how many bits are set in the words before, which numbers the slots that are set. */
  readonly ranks: Uint32Array;
  /** `CANDIDATE_SIZE` numbers each; that of a slot has the slot's number, further ones of the slot are chained to it. */
  readonly candidates: Int32Array;
  /** `LITERAL_SIZE` numbers each. */
  readonly literals: Int32Array;
  /** The texts of the literals. */
  readonly units: Uint16Array;
}

/** Of a candidate: which bits of the window tell, their value, its literal, the next candidate of the slot (0: none). */
export const CANDIDATE_SIZE = 4;
/** Of a literal: its number, where its text begins in `units` and how long it is, its edges, how many units lie between its begin and the end of its gram; `EXACT`. */
export const LITERAL_SIZE = 6;
/** The window tells all: nothing is left to compare. */
export const EXACT = 1;

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
export const GRAM_BITS = 3 * CODE_BITS;
export const GRAM = (1 << GRAM_BITS) - 1;
/** Bits for each gram in a small table, which is not as large as all grams. */
const ROOM = 32;
const FEWEST_BITS = 8;
const SCATTER = 0x9e3779b1;

export function slotOf(gram: number, multiplier: number, shift: number): number {
  return Math.imul(gram, multiplier) >>> shift;
}

/** Bits set in a word. */
export function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export function makeGramTable(list: LiteralList, rarity = new GramRarity()): GramTable {
  const { alphabet, codes } = encodeUnits(list);
  const codeOf = new Uint8Array(UNITS);
  for (const [index, unit] of alphabet.entries()) codeOf[unit] = codes[index] ?? OTHER;
  const words = spell(list, codeOf);
  const placed = placeAll(words, list, rarity);
  const bitCount = Math.min(GRAM_BITS, Math.max(FEWEST_BITS, Math.ceil(Math.log2(placed.grams.length * ROOM + 1))));
  const isWhole = bitCount === GRAM_BITS;
  const hash = { multiplier: isWhole ? 1 : SCATTER, shift: isWhole ? 0 : 32 - bitCount };
  const slots = Uint32Array.from(placed.grams, (gram) => slotOf(gram, hash.multiplier, hash.shift));
  const { everywhere, singles, literals } = placed;
  return { alphabet, codes, everywhere: Uint32Array.from(everywhere), singles: Uint32Array.from(singles), ...hash, ...sortIntoSlots(slots, placed, 1 << bitCount), literals, units: list.units };
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

interface Placed {
  readonly everywhere: number[];
  readonly singles: number[];
  readonly literals: Int32Array;
  /** By candidate. */
  readonly grams: number[];
  readonly masks: number[];
  readonly values: number[];
  readonly of: number[];
}

function placeAll(words: Words, list: LiteralList, rarity: GramRarity): Placed {
  const placed: Placed = { everywhere: [], singles: [], literals: new Int32Array(LITERAL_SIZE * list.ids.length), grams: [], masks: [], values: [], of: [] };
  rarity.learn(words);
  for (const [literal, end] of words.ends.entries()) {
    const begin = words.ends[literal - 1] ?? 0;
    const textBegin = list.ends[literal - 1] ?? 0;
    const units = (list.ends[literal] ?? 0) - textBegin;
    const edges = list.edges[literal] ?? 0;
    const last = end - begin > WINDOW ? rarity.choose(begin + WINDOW - 1, end) : end - 1;
    const isExact = end - begin <= WINDOW && !sharesCode(words.codes, begin, end);
    const facts = [list.ids[literal] ?? 0, textBegin, units, edges, last - begin - (edges & AT_BEGIN), isExact ? EXACT : 0];
    for (let at = 0; at < LITERAL_SIZE; at += 1) placed.literals[literal * LITERAL_SIZE + at] = facts[at] ?? 0;
    if (end - begin < 2) (units === 0 ? placed.everywhere : placed.singles).push(literal);
    else putCandidates(placed, literal, windowAt(words.codes, begin, last), Math.min(WINDOW, last - begin + 1));
  }
  return placed;
}

/** Two units stand behind all grams that end with them. */
function putCandidates(placed: Placed, literal: number, value: number, known: number): void {
  const grams = known > 2 ? [value & GRAM] : Array.from({ length: CODES }, (_, first) => (first << (2 * CODE_BITS)) | value);
  for (const gram of grams) {
    placed.grams.push(gram);
    placed.masks.push((1 << (known * CODE_BITS)) - 1);
    placed.values.push(value);
    placed.of.push(literal);
  }
}

function sharesCode(codes: Uint8Array, begin: number, end: number): boolean {
  for (let at = begin; at < end; at += 1) if ((codes[at] ?? 0) >= FIRST_CODE + OWN_CODES) return true;
  return false;
}

/** The units of a literal that lie in the window when its last one is at a place. */
function windowAt(codes: Uint8Array, begin: number, last: number): number {
  let value = 0;
  for (let at = Math.max(begin, last - WINDOW + 1); at <= last; at += 1) value = (value << CODE_BITS) | (codes[at] ?? 0);
  return value;
}

/** The gram whose last unit stands at a place. */
function gramAt(codes: Uint8Array, last: number): number {
  return ((codes[last - 2] ?? 0) << (2 * CODE_BITS)) | ((codes[last - 1] ?? 0) << CODE_BITS) | (codes[last] ?? 0);
}

/** How often ordinary texts are expected to have a gram. Literals say how such texts are written, and ordinary values even more. */
const ORDINARY_WEIGHT = 20;

/** Serves one table after the other: it is large. */
export class GramRarity {
  private codes: Uint8Array = new Uint8Array(0);
  private readonly counts = new Uint16Array(GRAM + 1);
  private readonly chosen = new Uint16Array(GRAM + 1);

  learn(words: Words): void {
    this.codes = words.codes;
    this.counts.fill(0);
    this.chosen.fill(0);
    for (const [literal, end] of words.ends.entries()) this.count(words.codes, words.ends[literal - 1] ?? 0, end, 1);
    for (const text of [...ORDINARY, ...ORDINARY_WORDS]) {
      const codes = Uint8Array.from({ length: text.length }, (_, at) => words.codeOf[text.charCodeAt(at)] ?? OTHER);
      this.count(codes, 0, codes.length, ORDINARY_WEIGHT);
    }
  }

  /** Where the rarest of some grams ends; one that other literals have chosen already counts for more. */
  choose(first: number, end: number): number {
    let best = first;
    let least = Infinity;
    for (let last = first; last < end; last += 1) {
      const gram = gramAt(this.codes, last);
      const weight = (this.counts[gram] ?? 0) * (1 + (this.chosen[gram] ?? 0));
      if (weight >= least) continue;
      least = weight;
      best = last;
    }
    const gram = gramAt(this.codes, best);
    this.chosen[gram] = (this.chosen[gram] ?? 0) + 1;
    return best;
  }

  private count(codes: Uint8Array, begin: number, end: number, weight: number): void {
    for (let last = begin + 2; last < end; last += 1) {
      const gram = gramAt(codes, last);
      this.counts[gram] = (this.counts[gram] ?? 0) + weight;
    }
  }
}

function sortIntoSlots(slots: Uint32Array, placed: Placed, size: number): Pick<GramTable, 'bits' | 'ranks' | 'candidates'> {
  const bits = new Int32Array(size >>> 5);
  for (const slot of slots) bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) | (1 << slot);
  const ranks = new Uint32Array(bits.length);
  let used = 0;
  for (const [index, word] of bits.entries()) {
    ranks[index] = used;
    used += countBits(word);
  }
  const candidates = new Int32Array(CANDIDATE_SIZE * (used + slots.length));
  const isTaken = new Uint8Array(used);
  let free = used;
  for (const [index, slot] of slots.entries()) {
    const number = slotNumber(bits, ranks, slot);
    const first = number * CANDIDATE_SIZE;
    const to = isTaken[number] === 0 ? number : free++;
    const record = [placed.masks[index] ?? 0, placed.values[index] ?? 0, placed.of[index] ?? 0, to === number ? 0 : (candidates[first + CANDIDATE_SIZE - 1] ?? 0)];
    for (let at = 0; at < CANDIDATE_SIZE; at += 1) candidates[to * CANDIDATE_SIZE + at] = record[at] ?? 0;
    if (to !== number) candidates[first + CANDIDATE_SIZE - 1] = to;
    isTaken[number] = 1;
  }
  return { bits, ranks, candidates: candidates.slice(0, free * CANDIDATE_SIZE) };
}

/** The number of a slot that is set. */
export function slotNumber(bits: Int32Array, ranks: Uint32Array, slot: number): number {
  const word = bits[slot >>> 5] ?? 0;
  return (ranks[slot >>> 5] ?? 0) + countBits(word & ((1 << (slot & 31)) - 1));
}
