/** Reads one record's binary XML into an event: finds the template's plan, then takes only the values that the plan names. */
import { noFields, putField, type Fields } from '../fields.ts';
import { headerOf } from '../header.ts';
import type { EventRecord } from '../record.ts';
import { MORE, Token, ValueType } from './binxml.ts';
import { Cursor } from './cursor.ts';
import { Budget, Damage } from './damage.ts';
import { Instance } from './instance.ts';
import type { Hole, Part } from './markup.ts';
import { Place, type Step, type SystemProperty } from './plan.ts';
import { Templates } from './templates.ts';
import type { TextBytes } from './text.ts';
import { valueCost, valueText } from './values.ts';

/** Windows uses two: the event around its data. */
const DEEPEST = 16;
const FRAGMENT_HEADER_BYTES = 4;

type Rendered = string | string[];

export class EventReader {
  readonly #chunk: TextBytes;
  readonly #budget: Budget;
  readonly #templates: Templates;
  /** One for each depth, used again for each record. */
  readonly #instances: Instance[] = [];
  #system: Partial<Record<SystemProperty, string>> = {};
  #fields: Fields = {};

  /** `chunk`: bytes that the caller fills with one chunk after the other. */
  constructor(chunk: TextBytes) {
    this.#chunk = chunk;
    this.#budget = new Budget();
    this.#templates = new Templates(chunk, this.#budget);
  }

  /** Another chunk is in the bytes now. */
  forget(): void {
    this.#budget.refill();
    this.#templates.forget();
  }

  /** Whether the chunk asked for more than any real one; nothing more can be read of it. */
  get exhausted(): boolean {
    return this.#budget.spent;
  }

  /** Binary XML from `start` to `end`; throws Damage. */
  read(start: number, end: number, writtenAt: string): EventRecord {
    this.#system = {};
    const fields = noFields();
    this.#fields = fields;
    this.#fragment(new Cursor(this.#chunk.view, start, end), Place.document, 0);
    const { provider = '', channel = '', computer = '', eventId = '', time = '', level = '', keywords = '', writerPid = '' } = this.#system;
    if (!/^\d{1,10}$/.test(eventId)) throw new Damage('it holds no event with a number as EventID');
    return { provider, channel, eventId: Number(eventId), computer, header: headerOf(level, keywords, writerPid), time: time === '' ? writtenAt : time, group: null, fields };
  }

  #fragment(cursor: Cursor, place: Place, depth: number): void {
    if (depth > DEEPEST) throw new Damage(`values are nested more than ${DEEPEST} deep`);
    while (!cursor.atEnd) {
      const token = cursor.peek();
      if (token === Token.endOfStream) return;
      if (token === Token.fragmentHeader) cursor.skip(FRAGMENT_HEADER_BYTES);
      else if (token === Token.templateInstance) this.#templateInstance(cursor, place, depth);
      else if ((token & ~MORE) === Token.openStartElement) this.#bareElement(cursor, place, depth);
      else if (!this.#templates.skipInstruction(cursor, token)) throw new Damage(`token ${token} stands where an element should begin`);
    }
  }

  #templateInstance(cursor: Cursor, place: Place, depth: number): void {
    this.#budget.spendStep();
    cursor.skip(1);
    const plan = this.#templates.ofInstance(cursor, place);
    const instance = this.#instanceAt(depth);
    instance.read(cursor);
    this.#run(plan, instance, depth);
  }

  #bareElement(cursor: Cursor, place: Place, depth: number): void {
    const instance = this.#instanceAt(depth);
    instance.empty();
    this.#run(this.#templates.ofElement(cursor, place), instance, depth);
  }

  #instanceAt(depth: number): Instance {
    return (this.#instances[depth] ??= new Instance());
  }

  #run(plan: readonly Step[], instance: Instance, depth: number): void {
    for (const step of plan) {
      this.#budget.spendStep();
      switch (step.kind) {
        case 'value':
          this.#putField(step.name, this.#hole(step.hole, instance, depth));
          break;
        case 'field':
          this.#putField(step.name, this.#rendered(step.parts, instance, depth));
          break;
        case 'system':
          this.#system[step.property] ??= flat(this.#rendered(step.parts, instance, depth));
          break;
        case 'named-field':
          this.#putNamed(step, instance, depth);
          break;
        case 'nested':
          this.#nested(step, instance, depth);
      }
    }
  }

  /** An attribute with several values repeats its element; one without a value is not there. */
  #putNamed(step: Step & { readonly kind: 'named-field' }, instance: Instance, depth: number): void {
    const name = this.#rendered(step.nameParts, instance, depth) ?? step.name;
    const value = this.#rendered(step.parts, instance, depth);
    for (const each of typeof name === 'string' ? [name] : name) this.#putField(each === '' ? step.name : each, value);
  }

  #nested(step: Step & { readonly kind: 'nested' }, instance: Instance, depth: number): void {
    const { index, place } = step;
    if (this.#typeOf(index, instance) === ValueType.binXml) this.#binXml(index, instance, place, depth);
    else if (place >= Place.eventData) this.#putField(step.name, this.#value(index, instance));
  }

  #binXml(index: number, instance: Instance, place: Place, depth: number): void {
    const start = instance.offsets[index] ?? 0;
    this.#fragment(new Cursor(this.#chunk.view, start, start + (instance.sizes[index] ?? 0)), place, depth + 1);
  }

  #typeOf(index: number, instance: Instance): number {
    return index < instance.count ? (instance.types[index] ?? ValueType.null) : ValueType.null;
  }

  /** Null: an optional hole without a value, so that what is around it is not there. */
  #rendered(parts: readonly Part[], instance: Instance, depth: number): Rendered | null {
    const only = parts[0];
    if (parts.length === 1 && only !== undefined) return this.#part(only, instance, depth);
    let text: Rendered | null = '';
    for (const part of parts) {
      const next = this.#part(part, instance, depth);
      if (next === null) return null;
      text = joined(text, next);
      this.#budget.spendText(lengthOf(text));
    }
    return text;
  }

  #part(part: Part, instance: Instance, depth: number): Rendered | null {
    return typeof part === 'string' ? part : this.#hole(part, instance, depth);
  }

  #hole(hole: Hole, instance: Instance, depth: number): Rendered | null {
    const type = this.#typeOf(hole.index, instance);
    if (type === ValueType.null) return hole.optional ? null : '';
    if (type !== ValueType.binXml) return this.#value(hole.index, instance);
    this.#binXml(hole.index, instance, Place.leaves, depth);
    return null;
  }

  #value(index: number, instance: Instance): Rendered | null {
    const type = this.#typeOf(index, instance);
    if (type === ValueType.null) return null;
    const size = instance.sizes[index] ?? 0;
    this.#budget.spendText(valueCost(type, size));
    return valueText(this.#chunk, type, instance.offsets[index] ?? 0, size);
  }

  #putField(name: string, value: Rendered | null): void {
    if (value !== null) putField(this.#fields, name, value);
  }
}

function flat(value: Rendered | null): string {
  return typeof value === 'string' ? value : (value ?? []).join(', ');
}

/** A list repeats what stands around it (MS-EVEN6 2.2.12.2). */
function joined(before: Rendered, next: Rendered): Rendered {
  if (before === '') return next;
  if (typeof before !== 'string') return before.map((each) => each + flat(next));
  return typeof next === 'string' ? before + next : next.map((each) => before + each);
}

function lengthOf(text: Rendered): number {
  return typeof text === 'string' ? text.length : text.reduce((sum, each) => sum + each.length, 0);
}
