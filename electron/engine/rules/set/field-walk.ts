/** Tells which literals stand in the texts of one field. */
import type { FieldValue } from '../subject.ts';
import type { FieldPlan } from './field-plan.ts';
import { fold, HARD } from './fold.ts';
import { EDGE_BYTE, GramSearch, TOO_HARD, type UnitCodes } from './gram-search.ts';
import { EDGE, makeGramTable, OTHER, type GramTable } from './gram-table.ts';
import type { ValueCache } from './value-cache.ts';

/** Told each literal that stands in the text, at least once. */
export interface LiteralSink {
  found(literal: number): void;
}

const ASCII = 0x80;
const BYTE_VALUES = 0x100;

export class FieldWalk {
  private readonly plan: FieldPlan;
  private readonly table: () => GramTable;
  private readonly cache: ValueCache | null;
  private plain: PlainSearch | null = null;
  private closer: CloserLook | null = null;

  /** `cache`: for fields whose values come again. */
  constructor(plan: FieldPlan, table: () => GramTable, cache: ValueCache | null) {
    this.plan = plan;
    this.table = table;
    this.cache = cache;
  }

  find(text: string, sink: LiteralSink): void {
    if (this.recall(text, sink)) return;
    this.search(text);
    this.tell(sink);
  }

  /** As `find`, for values that are worth remembering; false, and nothing is told, for others. */
  recall(text: string, sink: LiteralSink): boolean {
    if (this.cache?.wants(text) !== true) return false;
    const known = this.cache.get(text) ?? this.learn(text, this.cache);
    for (const literal of known) sink.found(literal);
    return true;
  }

  private learn(text: string, cache: ValueCache): readonly number[] {
    this.search(text);
    const found = this.list();
    cache.keep(text, found);
    return found;
  }

  /** What is found stands in `plain`, and in `wide` of the closer look where there was one. */
  private search(text: string): void {
    const { search, codes } = (this.plain ??= plainSearch(this.table(), this.plan.wide.units));
    if (this.closer !== null) this.closer.wide.count = 0;
    if (search.search(text, codes)) return;
    this.closer ??= new CloserLook(this.plan, search);
    this.closer.search(text.toLowerCase());
  }

  private tell(sink: LiteralSink): void {
    if (this.plain !== null) tellAll(this.plain.search, sink);
    if (this.closer !== null) tellAll(this.closer.wide, sink);
  }

  private list(): readonly number[] {
    const found: number[] = [];
    this.tell({ found: (literal) => void found.push(literal) });
    return found;
  }
}

/** All texts of a value. */
export function walkOver(value: FieldValue, walk: FieldWalk, sink: LiteralSink): void {
  if (typeof value === 'string') walk.find(value, sink);
  else if (value === undefined || value === null) return;
  else if (typeof value === 'object') for (const text of value) walk.find(text, sink);
  else walk.find(String(value), sink);
}

interface PlainSearch {
  readonly search: GramSearch;
  readonly codes: UnitCodes;
}

function plainSearch(table: GramTable, wideUnits: Uint16Array): PlainSearch {
  const search = new GramSearch(table);
  return { search, codes: firstCodes(search, wideUnits) };
}

function tellAll({ found, count }: GramSearch, sink: LiteralSink): void {
  for (let at = 0; at < count; at += 1) sink.found(found[at] ?? 0);
}

/** For texts in lower case that have letters beyond ASCII of which rules speak, or whose lower case depends on more than one unit. */
class CloserLook {
  readonly wide: GramSearch;
  private readonly plain: GramSearch;
  private readonly plainCodes: UnitCodes;
  private readonly wideCodes: UnitCodes;

  constructor(plan: FieldPlan, plain: GramSearch) {
    this.plain = plain;
    this.plainCodes = { ascii: asciiCodes(plain), other: () => OTHER, lower: (unit) => unit };
    this.wide = new GramSearch(makeGramTable(plan.wide));
    const codes = this.wide.codes();
    this.wideCodes = { ascii: asciiCodes(this.wide), other: (unit) => codes.get(unit) ?? OTHER, lower: (unit) => unit };
  }

  search(lower: string): void {
    this.plain.search(lower, this.plainCodes);
    this.wide.search(lower, this.wideCodes);
  }
}

/** For any text: a letter whose lower case is an ASCII one counts as that (the Kelvin sign is a k). */
function firstCodes(plain: GramSearch, wideUnits: Uint16Array): UnitCodes {
  const ascii = asciiCodes(plain);
  for (let unit = 0x41; unit <= 0x5a; unit += 1) ascii[unit] = ascii[unit + 0x20] ?? OTHER;
  const wide = new Set(wideUnits);
  const other = (unit: number): number => {
    const folded = fold(unit);
    if (folded === HARD || (folded >= ASCII && wide.has(folded))) return TOO_HARD;
    return folded < ASCII ? (ascii[folded] ?? OTHER) : OTHER;
  };
  return { ascii, other, lower: fold };
}

function asciiCodes(search: GramSearch): Uint8Array {
  const ascii = new Uint8Array(BYTE_VALUES);
  ascii[EDGE_BYTE] = EDGE;
  for (const [unit, code] of search.codes()) if (unit < ASCII) ascii[unit] = code;
  return ascii;
}
