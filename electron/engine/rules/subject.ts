/**
 * One event as the evaluator sees it: fields are read at most once, lower-cased at most once and cut to their base name at
 * most once, however many rules ask for them.
 */
import { NOT_READ, type NotRead } from '../../../shared/start/facts.ts';

/** `undefined`: the event has no such field. `null`: it has, and it is empty of meaning. A list matches when one entry does. */
export type FieldValue = string | number | boolean | null | undefined | readonly string[];

export interface FieldSource {
  /** `NOT_READ`: known only after work that the caller decides about. Asked at most once per subject. */
  read(field: string): FieldValue | NotRead;
  /** The texts of all fields, for tests that name none. A source without it has nothing for them to match. */
  all?(): readonly string[] | NotRead;
}

/** Stands for a field in the table, and has all texts of the event as its value. No key of a rule can name it. */
export const EVERY_FIELD = '';

/** Field names as small numbers; one table serves all rules that are evaluated together. */
export class FieldTable {
  private readonly slots = new Map<string, number>();
  readonly names: string[] = [];

  slot(name: string): number {
    const known = this.slots.get(name);
    if (known !== undefined) return known;
    this.slots.set(name, this.names.length);
    this.names.push(name);
    return this.names.length - 1;
  }
}

export type Texts = string | readonly string[];

export class Subject {
  readonly fields: FieldTable;
  private readonly source: FieldSource;
  private readonly values: (FieldValue | NotRead)[] = [];
  private readonly asked: boolean[] = [];
  /** The slots that are asked, which are few of all. */
  private readonly used: number[] = [];
  private readonly plain: (Texts | undefined)[] = [];
  private readonly lowered: (Texts | undefined)[] = [];
  private readonly bases: (Texts | undefined)[] = [];

  constructor(fields: FieldTable, source: FieldSource) {
    this.fields = fields;
    this.source = source;
  }

  /** The source gives another event from now on. */
  forget(): void {
    for (const slot of this.used) {
      this.asked[slot] = false;
      this.plain[slot] = undefined;
      this.lowered[slot] = undefined;
      this.bases[slot] = undefined;
    }
    this.used.length = 0;
  }

  value(slot: number): FieldValue | NotRead {
    if (this.asked[slot] === true) return this.values[slot];
    this.asked[slot] = true;
    this.used.push(slot);
    const name = this.fields.names[slot] ?? EVERY_FIELD;
    const value = name === EVERY_FIELD ? this.source.all?.() : this.source.read(name);
    this.values[slot] = value;
    return value;
  }

  isUnread(slot: number): boolean {
    return this.value(slot) === NOT_READ;
  }

  /** The value as text in its own case; undefined when there is none (absent or null). Only for fields that are read. */
  text(slot: number): Texts | undefined {
    return (this.plain[slot] ??= asTexts(this.value(slot)));
  }

  lower(slot: number): Texts | undefined {
    const known = this.lowered[slot];
    if (known !== undefined) return known;
    const text = this.text(slot);
    if (text === undefined) return undefined;
    return (this.lowered[slot] = mapTexts(text, (one) => one.toLowerCase()));
  }

  /** What follows the last slash, in lower case, with the slash (`/bash`); the empty text when there is no slash. */
  base(slot: number): Texts | undefined {
    const known = this.bases[slot];
    if (known !== undefined) return known;
    const text = this.lower(slot);
    if (text === undefined) return undefined;
    return (this.bases[slot] = mapTexts(text, (one) => (one.includes('/') ? one.slice(one.lastIndexOf('/')) : '')));
  }
}

/** Undefined when there is none (absent, null or not read). */
export function asTexts(value: FieldValue | NotRead): Texts | undefined {
  if (value === undefined || value === null || value === NOT_READ) return undefined;
  if (typeof value === 'string' || typeof value === 'object') return value;
  return String(value);
}

export function mapTexts(texts: Texts, change: (text: string) => string): Texts {
  return typeof texts === 'string' ? change(texts) : texts.map(change);
}

/** True when the text, or one text of the list, passes. */
export function someText(texts: Texts, test: (text: string) => boolean): boolean {
  return typeof texts === 'string' ? test(texts) : texts.some(test);
}
