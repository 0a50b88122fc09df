/** An event as rules of many packs see it: what kind it is, in Sigma's words, and its fields under Sysmon's and Sigma's names. */
import type { LogSource } from '../model.ts';
import type { FieldSource, FieldValue } from '../subject.ts';

export interface RuleEvent {
  /** Lower case; each part null where the event has none. A rule fits when each part it names is the same here. */
  readonly logsource: LogSource;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** What the fields are called, where `fields` does not list them itself because they are read when they are asked for. */
  readonly names?: readonly string[];
}

/** What every object has is no field of an event. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

export function readField(event: RuleEvent, name: string): FieldValue {
  const value = event.fields[name];
  // Nothing that is inherited is a text, and looking that up takes longer than reading one.
  if (typeof value === 'string' || !INHERITED.has(name) || Object.hasOwn(event.fields, name)) return value;
  return undefined;
}

/** The fields of an event for tests of one field (`read`) and of any field (`all`). */
export function sourceOf(event: RuleEvent): FieldSource & { all(): readonly string[] } {
  return { read: (field) => readField(event, field), all: () => fieldValues(event).flatMap(textsOf) };
}

export function fieldNames({ fields, names }: RuleEvent): readonly string[] {
  return names ?? Object.keys(fields);
}

/** In the order of the names. Reading them one by one by name takes several times as long where they are simply there. */
export function fieldValues({ fields, names }: RuleEvent): readonly FieldValue[] {
  return names === undefined ? Object.values(fields) : names.map((name) => fields[name]);
}

function textsOf(value: FieldValue): readonly string[] {
  if (value === undefined || value === null) return [];
  return typeof value === 'object' ? value : [String(value)];
}
