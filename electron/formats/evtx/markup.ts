/**
 * Reads the elements of a template definition, or of a fragment without one, into a small tree. That happens once for each
 * template of a chunk; records are read by the plan made of it (plan.ts).
 */
import { MORE, Token, ValueType } from './binxml.ts';
import type { Cursor } from './cursor.ts';
import { Damage, type Budget } from './damage.ts';
import type { Names } from './names.ts';
import { utf16, type TextBytes } from './text.ts';

/** Where a value of the instance is put in. `optional`: what encloses it is left out when there is no value. */
export interface Hole {
  readonly index: number;
  readonly optional: boolean;
}

export interface Attribute {
  readonly name: string;
  readonly parts: readonly Part[];
}

export interface Element {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly content: readonly Content[];
}

export type Part = string | Hole;
export type Content = Part | Element;

/** Windows nests a handful. */
const DEEPEST = 64;
const ENTITIES: ReadonlyMap<string, string> = new Map([['lt', '<'], ['gt', '>'], ['amp', '&'], ['quot', '"'], ['apos', "'"]]);

export function isElement(content: Content): content is Element {
  return typeof content === 'object' && 'content' in content;
}

export class MarkupReader {
  readonly #chunk: TextBytes;
  readonly #names: Names;
  readonly #budget: Budget;

  constructor(chunk: TextBytes, names: Names, budget: Budget) {
    this.#chunk = chunk;
    this.#names = names;
    this.#budget = budget;
  }

  /**
   * The cursor stands on an element's token. Elements of a template carry a dependency id, others do not; `dependencyIds` says
   * what is likely here, the names tell what is true.
   */
  element(cursor: Cursor, dependencyIds: boolean, depth = 0): Element {
    if (depth > DEEPEST) throw new Damage(`elements are nested more than ${DEEPEST} deep`);
    this.#budget.spendStep();
    const token = cursor.u8();
    if (this.#hasDependencyId(cursor, dependencyIds)) cursor.skip(2);
    cursor.skip(4);
    const name = this.#names.read(cursor);
    const attributes = (token & MORE) === 0 ? [] : this.#attributes(cursor);
    return { name, attributes, content: this.#content(cursor, dependencyIds, depth) };
  }

  #hasDependencyId(cursor: Cursor, likely: boolean): boolean {
    return this.#nameFollows(cursor, likely ? 6 : 4) === this.#nameFollows(cursor, likely ? 4 : 6) ? likely : this.#nameFollows(cursor, 6);
  }

  /** Whether the pointer `distance` bytes on leads to a name. */
  #nameFollows(cursor: Cursor, distance: number): boolean {
    const at = cursor.position + distance;
    return at + 4 <= cursor.end && this.#names.isName(cursor.view.getUint32(at, true));
  }

  #attributes(cursor: Cursor): Attribute[] {
    cursor.skip(4);
    const found: Attribute[] = [];
    while ((cursor.peek() & ~MORE) === Token.attribute) {
      this.#budget.spendStep();
      cursor.skip(1);
      const name = this.#names.read(cursor);
      found.push({ name, parts: this.#attributeParts(cursor) });
    }
    return found;
  }

  #attributeParts(cursor: Cursor): Part[] {
    const parts: Part[] = [];
    for (;;) {
      const part = this.#part(cursor, cursor.peek());
      if (part === null) return parts;
      add(parts, part);
    }
  }

  /** Up to and with the element's end. */
  #content(cursor: Cursor, dependencyIds: boolean, depth: number): Content[] {
    const found: Content[] = [];
    const opening = cursor.u8();
    if (opening === Token.closeEmptyElement) return found;
    if (opening !== Token.closeStartElement) throw new Damage(`token ${opening} stands where an element should begin its content`);
    for (;;) {
      const token = cursor.peek();
      if (token === Token.endElement) {
        cursor.skip(1);
        return found;
      }
      if ((token & ~MORE) === Token.openStartElement) found.push(this.element(cursor, dependencyIds, depth + 1));
      else add(found, this.#partOrInstruction(cursor, token));
    }
  }

  #partOrInstruction(cursor: Cursor, token: number): Part {
    const part = this.#part(cursor, token);
    if (part !== null) return part;
    if (!this.skipInstruction(cursor, token)) throw new Damage(`token ${token} stands inside an element`);
    return '';
  }

  /** Processing instructions say nothing about the event. True when one was passed. */
  skipInstruction(cursor: Cursor, token: number): boolean {
    if (token !== Token.instructionTarget && token !== Token.instructionData) return false;
    cursor.skip(1);
    if (token === Token.instructionTarget) this.#names.read(cursor);
    else cursor.skip(cursor.u16() * 2);
    return true;
  }

  /** Null, and nothing passed, when the token begins no text. */
  #part(cursor: Cursor, token: number): Part | null {
    switch (token & ~MORE) {
      case Token.value:
        cursor.skip(1);
        return this.#literal(cursor);
      case Token.cdata:
        cursor.skip(1);
        return this.#characters(cursor);
      case Token.characterReference:
        cursor.skip(1);
        return String.fromCharCode(cursor.u16());
      case Token.entityReference:
        cursor.skip(1);
        return this.#entity(cursor);
      case Token.substitution:
      case Token.optionalSubstitution:
        return this.#hole(cursor);
      default:
        return null;
    }
  }

  #literal(cursor: Cursor): string {
    const type = cursor.u8();
    if (type !== ValueType.string) throw new Damage(`a literal of type ${type} stands in a template, where only texts can be`);
    return this.#characters(cursor);
  }

  #characters(cursor: Cursor): string {
    this.#budget.spendStep();
    const size = cursor.u16() * 2;
    this.#budget.spendText(size);
    return utf16(this.#chunk, cursor.skip(size), size);
  }

  #entity(cursor: Cursor): string {
    const name = this.#names.read(cursor);
    return ENTITIES.get(name) ?? `&${name};`;
  }

  #hole(cursor: Cursor): Hole {
    this.#budget.spendStep();
    const optional = cursor.u8() === Token.optionalSubstitution;
    const index = cursor.u16();
    // The type the template expects; what the instance really holds stands with its value.
    cursor.skip(1);
    return { index, optional };
  }
}

/** Texts that follow each other become one. */
function add(parts: Content[], part: Part): void {
  if (part === '') return;
  const last = parts.at(-1);
  if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
  else parts.push(part);
}
