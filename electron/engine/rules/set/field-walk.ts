/** Tells which literals stand in the texts of one field. */
import type { FieldPlan } from './field-plan.ts';
import { fold, HARD } from './fold.ts';
import { GramSearch, TOO_HARD, type UnitCodes } from './gram-search.ts';
import { makeGramTable, OTHER, type GramTable } from './gram-table.ts';
import { ValueCache } from './value-cache.ts';

/** Told each literal that stands in the text, at least once. */
export interface LiteralSink {
  found(literal: number): void;
}

const ASCII = 0x80;

export class FieldWalk {
  private readonly plan: FieldPlan;
  private readonly plain: GramSearch;
  private readonly codes: UnitCodes;
  private readonly cache: ValueCache | null;
  private closer: CloserLook | null = null;

  /** `comesAgain`: whether values are worth remembering. */
  constructor(plan: FieldPlan, table: GramTable, comesAgain: boolean) {
    this.plan = plan;
    this.plain = new GramSearch(table);
    this.codes = firstCodes(this.plain, plan.wide.units);
    this.cache = comesAgain ? new ValueCache() : null;
  }

  find(text: string, sink: LiteralSink): void {
    if (this.cache?.wants(text) !== true) {
      this.search(text);
      this.tell(sink);
      return;
    }
    const known = this.cache.get(text);
    if (known === undefined) {
      this.search(text);
      this.cache.keep(text, this.list());
      this.tell(sink);
      return;
    }
    for (const literal of known) sink.found(literal);
  }

  /** What is found stands in `plain`, and in `wide` of the closer look where there was one. */
  private search(text: string): void {
    if (this.closer !== null) this.closer.wide.count = 0;
    if (this.plain.search(text, this.codes)) return;
    this.closer ??= new CloserLook(this.plan, this.plain);
    this.closer.search(text.toLowerCase());
  }

  private tell(sink: LiteralSink): void {
    tellAll(this.plain, sink);
    if (this.closer !== null) tellAll(this.closer.wide, sink);
  }

  private list(): readonly number[] {
    const found: number[] = [];
    this.tell({ found: (literal) => void found.push(literal) });
    return found;
  }
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
  const ascii = new Uint8Array(ASCII);
  for (const [unit, code] of search.codes()) if (unit < ASCII) ascii[unit] = code;
  return ascii;
}
