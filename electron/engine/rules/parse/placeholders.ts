/** `%name%` in a value behind the modifier `expand`; `\%` is a plain percent sign there. */
import type { Scalar } from '../model.ts';

const MARK = /\\%|%([^%\s\\](?:[^%\\\r\n]*[^%\s\\])?)%/g;

export function placeholdersIn(value: Scalar): readonly string[] {
  if (typeof value !== 'string') return [];
  return [...value.matchAll(MARK)].flatMap(([, name]) => name ?? []);
}

/** The value when it has no placeholder. */
export function literalValue(value: Scalar): Scalar {
  return typeof value === 'string' ? value.replaceAll('\\%', '%') : value;
}

/** The value once for each combination of list entries; null when there would be more than `limit`. */
export function fillValue(value: Scalar, lists: ReadonlyMap<string, readonly string[]>, limit: number): readonly Scalar[] | null {
  if (typeof value !== 'string') return [value];
  let filled = [''];
  let from = 0;
  for (const found of value.matchAll(MARK)) {
    const before = value.slice(from, found.index);
    const choices = found[1] === undefined ? ['%'] : (lists.get(found[1]) ?? []);
    if (filled.length * choices.length > limit) return null;
    filled = filled.flatMap((text) => choices.map((choice) => text + before + choice));
    from = found.index + found[0].length;
  }
  return filled.map((text) => text + value.slice(from));
}
