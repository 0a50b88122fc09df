/** The fields of a record while it is put together. */

export type Fields = Record<string, string | string[]>;

/**
 * Objects of this have no names but those they are given, so a file may call a field `constructor` or `__proto__`. Unlike what
 * `Object.create(null)` makes they keep their shape, which records of one kind share: quicker to build and to read.
 */
const Empty = function (): void {
  // Nothing is there at first.
} as unknown as new () => Fields;
(Empty as { prototype: unknown }).prototype = Object.create(null);

export function noFields(): Fields {
  return new Empty();
}

/** Adds a value; several of one name become a list, a list of one its value. */
export function putField(fields: Fields, name: string, value: string | string[]): void {
  const added = typeof value !== 'string' && value.length === 1 ? (value[0] ?? '') : value;
  const before = fields[name];
  if (before === undefined) fields[name] = added;
  else if (typeof before === 'string') fields[name] = [before].concat(added);
  else if (typeof added === 'string') before.push(added);
  else for (const each of added) before.push(each);
}
