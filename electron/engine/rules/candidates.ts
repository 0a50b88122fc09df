/**
 * A first sieve over many rules: most of them can only match when one field has one of a few base names (`Image` is a
 * shell, `ParentImage` is an office program). Two look-ups say which rules are worth asking about an event.
 */
import type { CompiledRule } from './compile/compile.ts';
import type { FieldTable, Subject } from './subject.ts';

export class Candidates {
  private readonly slots: readonly number[];
  /** By slot: base name to the rules that it lets pass. */
  private readonly byName: readonly ReadonlyMap<string, readonly number[]>[];
  /** Rules to ask about each event. */
  private readonly always: readonly number[];
  /** By slot: all rules behind that sieve, for events whose field is not read or is a list. */
  private readonly behind: readonly (readonly number[])[];
  private readonly count: number;

  /** `fields`: those to sieve by, in order of preference. */
  constructor(table: FieldTable, fields: readonly string[], rules: readonly CompiledRule[]) {
    this.slots = fields.map((field) => table.slot(field));
    this.count = rules.length;
    const byName = fields.map(() => new Map<string, number[]>());
    const behind = fields.map((): number[] => []);
    const always: number[] = [];
    for (const [index, { plan }] of rules.entries()) {
      const limits = this.slots.map((slot) => plan.baseNames(slot));
      const sieve = limits.findIndex((names) => names !== null);
      if (sieve < 0) always.push(index);
      else behind[sieve]?.push(index);
      for (const name of limits[sieve] ?? []) byName[sieve]?.set(name, [...(byName[sieve].get(name) ?? []), index]);
    }
    this.byName = byName;
    this.behind = behind;
    this.always = always;
  }

  /** One mark per rule: 1 when the rule can match the event. */
  of(subject: Subject): Uint8Array {
    const marks = new Uint8Array(this.count);
    for (const index of this.always) marks[index] = 1;
    for (const [at, slot] of this.slots.entries()) {
      const base = subject.isUnread(slot) ? undefined : subject.base(slot);
      const passing = subject.isUnread(slot) || typeof base === 'object' ? this.behind[at] : this.byName[at]?.get(base ?? '');
      for (const index of passing ?? []) marks[index] = 1;
    }
    return marks;
  }
}
