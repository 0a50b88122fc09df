/** Values of JSON as the texts that fields hold. */
import { noFields, type Fields } from '../fields.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The empty text for null; a list for a list; what has parts of its own as JSON. */
export function fieldValue(value: unknown): string | string[] {
  if (!Array.isArray(value)) return textOf(value);
  return value.length === 1 ? textOf(value[0]) : value.map(textOf);
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

/** All digits of a large number: `String` rounds them. */
export function wholeText(value: unknown): string {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value).toString() : textOf(value);
}

export function fieldsOf(object: JsonObject): Fields {
  const fields = noFields();
  for (const [name, value] of Object.entries(object)) fields[name] = fieldValue(value);
  return fields;
}

/**
 * Recorders count the values that the event itself leaves unnamed: `Data0`, `Data1` or `param1`, `param2`. Rules call them `Data`,
 * so they stand under that name too.
 */
export function addUnnamed(fields: Fields): Fields {
  if ('Data' in fields) return fields;
  const counted = Object.keys(fields)
    .map((name) => /^(?:Data|param)(\d{1,3})$/.exec(name))
    .filter((match) => match !== null)
    .sort((a, b) => Number(a[1]) - Number(b[1]));
  if (counted.length > 0) fields['Data'] = counted.flatMap(([name]) => fields[name] ?? []);
  return fields;
}

/** A number, or a text of digits; null for anything else. */
export function eventIdOf(value: unknown): number | null {
  if (typeof value === 'string') return /^\d{1,10}$/.test(value) ? Number(value) : null;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
