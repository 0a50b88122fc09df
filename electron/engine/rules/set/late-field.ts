/**
 * Literals of one field that are looked for only when a rule asks. Most events raise few such questions, so each is answered
 * by itself, in the text in lower case; when they become many, the text is searched for all literals at once. Values that
 * come again are searched for all of them from the first, because what is found is remembered.
 */
import { asTexts, mapTexts, someText, type FieldValue, type Texts } from '../subject.ts';
import type { FieldPlan } from './field-plan.ts';
import { walkOver, type FieldWalk, type LiteralSink } from './field-walk.ts';
import { AT_BEGIN, AT_END, joinNumbers, type LiteralList } from './literal-list.ts';

/** As many answers cost about as much as one search for everything. That bounds what rules can make a text cost. */
const MOST_ANSWERS = 64;
/** An answer takes longer in a long text. */
const LONG = 8_192;
const MOST_ANSWERS_IN_LONG = 16;

export class LateField {
  private readonly walk: FieldWalk;
  private readonly lists: readonly LiteralList[];
  /** By place of the literal: its text, made when it is asked first, and its edges. */
  private readonly parts: (string | undefined)[];
  private readonly edges: Uint8Array;
  private texts: Texts = [];
  private lower: Texts = [];
  private left = 0;

  constructor(plan: FieldPlan, walk: FieldWalk) {
    this.walk = walk;
    this.lists = [plan.plain, plan.wide];
    this.edges = joinNumbers(Uint8Array, plan.plain.edges, plan.wide.edges);
    this.parts = new Array<undefined>(this.edges.length).fill(undefined);
  }

  /** Begins with the value of another event. False when all that stands in it has been told, so that there is nothing to ask. */
  begin(value: FieldValue, sink: LiteralSink): boolean {
    this.texts = asTexts(value) ?? [];
    if (!someText(this.texts, (text) => !this.walk.recall(text, sink))) return false;
    this.lower = mapTexts(this.texts, (text) => text.toLowerCase());
    this.left = someText(this.texts, (text) => text.length > LONG) ? MOST_ANSWERS_IN_LONG : MOST_ANSWERS;
    return true;
  }

  /** Whether a literal stands in the value, by its place among the literals of the field; null when it is time to search for all. */
  stands(place: number): boolean | null {
    if (this.left <= 0) return null;
    const part = (this.parts[place] ??= textOf(place, this.lists));
    const edges = this.edges[place] ?? 0;
    const { lower } = this;
    this.left -= typeof lower === 'string' ? 1 : lower.length;
    return typeof lower === 'string' ? standsIn(lower, part, edges) : lower.some((text) => standsIn(text, part, edges));
  }

  /** Tells all that stands in the value. */
  search(sink: LiteralSink): void {
    walkOver(this.texts, this.walk, sink);
  }
}

function textOf(place: number, [first, ...others]: readonly LiteralList[]): string {
  if (first === undefined) throw new Error('the field has no such literal');
  if (place >= first.ids.length) return textOf(place - first.ids.length, others);
  const units = first.units.subarray(first.ends[place - 1] ?? 0, first.ends[place]);
  // One by one: a literal can have more units than a call may have arguments.
  return Array.from(units, (unit) => String.fromCharCode(unit)).join('');
}

function standsIn(text: string, part: string, edges: number): boolean {
  switch (edges) {
    case AT_BEGIN | AT_END:
      return text === part;
    case AT_BEGIN:
      return text.startsWith(part);
    case AT_END:
      return text.endsWith(part);
    default:
      return text.includes(part);
  }
}
