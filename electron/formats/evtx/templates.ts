/** The template definitions of one chunk, each made into a plan when it is first used. */
import { Token } from './binxml.ts';
import { Cursor } from './cursor.ts';
import { Damage, type Budget } from './damage.ts';
import { MarkupReader, type Element } from './markup.ts';
import { Names } from './names.ts';
import { planFor, type Place, type Step } from './plan.ts';
import type { TextBytes } from './text.ts';

/** Next in the chain (4), GUID (16), size of what follows (4). */
const HEAD_BYTES = 24;
const FRAGMENT_HEADER_BYTES = 4;
/** A chunk is smaller than this, and a place is a digit. */
const PLACES = 8;

export class Templates {
  readonly #chunk: TextBytes;
  readonly #names: Names;
  readonly #markup: MarkupReader;
  readonly #plans = new Map<number, readonly Step[]>();

  constructor(chunk: TextBytes, budget: Budget) {
    this.#chunk = chunk;
    this.#names = new Names(chunk);
    this.#markup = new MarkupReader(chunk, this.#names, budget);
  }

  /** Another chunk is in the bytes now. */
  forget(): void {
    this.#names.forget();
    this.#plans.clear();
  }

  /** The cursor stands behind the token of a template instance, and is moved to the instance's values. */
  ofInstance(cursor: Cursor, place: Place): readonly Step[] {
    cursor.skip(5);
    const offset = cursor.u32();
    if (offset === cursor.position) {
      const head = cursor.skip(HEAD_BYTES);
      cursor.skip(cursor.view.getUint32(head + HEAD_BYTES - 4, true));
    }
    const key = offset * PLACES + place;
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    const plan = planFor(this.#definition(offset), place);
    this.#plans.set(key, plan);
    return plan;
  }

  /** An element that stands in a record or value without a template. */
  ofElement(cursor: Cursor, place: Place): readonly Step[] {
    return planFor([this.#markup.element(cursor, false)], place);
  }

  skipInstruction(cursor: Cursor, token: number): boolean {
    return this.#markup.skipInstruction(cursor, token);
  }

  #definition(offset: number): Element[] {
    const { view } = this.#chunk;
    if (offset + HEAD_BYTES > view.byteLength) throw new Damage(`a template is said to be at ${offset}, outside its chunk`);
    const size = view.getUint32(offset + HEAD_BYTES - 4, true);
    const start = offset + HEAD_BYTES;
    if (size > view.byteLength - start) throw new Damage(`the template at ${offset} leaves its chunk`);
    const cursor = new Cursor(view, start, start + size);
    const found: Element[] = [];
    while (!cursor.atEnd && cursor.peek() !== Token.endOfStream) {
      if (cursor.peek() === Token.fragmentHeader) cursor.skip(FRAGMENT_HEADER_BYTES);
      else if (!this.#markup.skipInstruction(cursor, cursor.peek())) found.push(this.#markup.element(cursor, true));
    }
    return found;
  }
}
