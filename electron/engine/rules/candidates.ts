/**
 * A first sieve over many rules: most of them can only match when one field has one of a few base names (`Image` is a
 * shell, `ParentImage` is an office program). Two look-ups say which rules are worth asking about an event.
 *
 * A second sieve asks those once with nothing but these fields, the rest counting as unread: a rule that is clear by that is clear whatever
 * the rest is. The same programs start again and again, so what is left for the same values is kept.
 */
import { NOT_READ, type NotRead } from '../../../shared/start/facts.ts';
import type { CompiledRule } from './compile/compile.ts';
import { evaluate } from './evaluate.ts';
import { Subject, type FieldTable, type FieldValue } from './subject.ts';

/** Lists kept for values. Starters choose these: a text longer than most paths is asked about anew each time. */
const MOST_KEPT = 1_024;
const LONGEST_KEPT = 512;

/** Classes of a field's value beside the names that rules know. */
const OTHER_NAME = 0;
/** Not read, or a list: no rule behind this field can be left out. */
const ANY_NAME = 1;
const FIRST_NAME = 2;

/** One field to sieve by. */
interface Sieve {
  readonly slot: number;
  /** The class of each base name that a rule knows. */
  readonly classes: ReadonlyMap<string, number>;
  /** By class: rules behind this sieve that it lets pass. */
  readonly passing: readonly (readonly number[])[];
}

export class Candidates {
  private readonly sieves: readonly Sieve[];
  /** Rules to ask about each event. */
  private readonly always: readonly number[];
  private readonly table: FieldTable;
  private readonly rules: readonly CompiledRule[];
  /** By the classes of all fields: there are only as many as the rules have names. */
  private readonly byClasses = new Map<number, readonly number[]>();
  /** By the values of all fields. */
  private readonly byValues = new Map<string, readonly number[]>();

  /** `fields`: those to sieve by, in order of preference. */
  constructor(table: FieldTable, fields: readonly string[], rules: readonly CompiledRule[]) {
    this.table = table;
    this.rules = rules;
    const slots = fields.map((field) => table.slot(field));
    const byName = slots.map(() => new Map<string, number[]>());
    const behind = slots.map((): number[] => []);
    const always: number[] = [];
    for (const [index, { plan }] of rules.entries()) {
      const limits = slots.map((slot) => plan.baseNames(slot));
      const at = limits.findIndex((names) => names !== null);
      if (at < 0) always.push(index);
      else behind[at]?.push(index);
      for (const name of limits[at] ?? []) byName[at]?.set(name, [...(byName[at].get(name) ?? []), index]);
    }
    this.always = always;
    this.sieves = slots.map((slot, at) => toSieve(slot, byName[at] ?? new Map<string, number[]>(), behind[at] ?? []));
  }

  /** The rules that can match the event, in their order. */
  of(subject: Subject): readonly number[] {
    const values = this.valuesOf(subject);
    if (values === null) return this.byNames(subject);
    const known = this.byValues.get(values);
    if (known !== undefined) return known;
    const alone = this.alone(subject);
    const list = this.byNames(subject).filter((index) => this.canMatch(index, alone));
    this.keep(values, list);
    return list;
  }

  private canMatch(index: number, alone: Subject): boolean {
    const rule = this.rules[index];
    return rule !== undefined && evaluate(rule, alone).outcome !== 'clear';
  }

  /** The event with all but the fields to sieve by unread. */
  private alone(subject: Subject): Subject {
    const known = new Map<string | undefined, FieldValue | NotRead>(this.sieves.map(({ slot }) => [this.table.names[slot], subject.value(slot)]));
    return new Subject(this.table, { read: (field) => (known.has(field) ? known.get(field) : NOT_READ), all: () => NOT_READ });
  }

  private keep(values: string, list: readonly number[]): void {
    this.byValues.set(values, list);
    for (const oldest of this.byValues.keys()) {
      if (this.byValues.size <= MOST_KEPT) return;
      this.byValues.delete(oldest);
    }
  }

  /** All fields as one text, in which the kind of a value shows; null when one is not read, a list, or long. */
  private valuesOf(subject: Subject): string | null {
    let values = '';
    for (const { slot } of this.sieves) {
      const value = subject.value(slot);
      if (value !== undefined && (typeof value !== 'string' || value.length > LONGEST_KEPT)) return null;
      values += value === undefined ? '-' : `${value.length}=${value}`;
    }
    return values;
  }

  private byNames(subject: Subject): readonly number[] {
    let key = 0;
    for (const sieve of this.sieves) key = key * (FIRST_NAME + sieve.classes.size) + classOf(sieve, subject);
    const known = this.byClasses.get(key);
    if (known !== undefined) return known;
    const list = [...this.always, ...this.sieves.flatMap((sieve) => sieve.passing[classOf(sieve, subject)] ?? [])].sort((a, b) => a - b);
    this.byClasses.set(key, list);
    return list;
  }
}

function toSieve(slot: number, byName: ReadonlyMap<string, readonly number[]>, behind: readonly number[]): Sieve {
  const names = [...byName.keys()];
  return { slot, classes: new Map(names.map((name, at) => [name, FIRST_NAME + at])), passing: [[], behind, ...byName.values()] };
}

function classOf(sieve: Sieve, subject: Subject): number {
  if (subject.isUnread(sieve.slot)) return ANY_NAME;
  const base = subject.base(sieve.slot);
  if (typeof base === 'object') return ANY_NAME;
  return sieve.classes.get(base ?? '') ?? OTHER_NAME;
}
