/**
 * A parsed document together with the way back to its text. The rule parser works on plain values, so the same code reads
 * a YAML file (places are `file:line:column`) and a definition inside a policy snapshot (places are key paths).
 */
import { RuleError } from './rule-error.ts';

export type KeyPath = readonly (string | number)[];

export interface RuleDocument {
  readonly value: unknown;
  /** Where the entry at this path stands, in words that a person can go to; with `at`, the character of its text that is meant. */
  where(path: KeyPath, at?: number): string;
}

/** A document that came without text, e.g. out of a policy snapshot. */
export function plainDocument(name: string, value: unknown): RuleDocument {
  return { value, where: (path) => (path.length === 0 ? name : `${name} at ${path.join('.')}`) };
}

/** The part of a document below `path`, as a document of its own; places still lead to the whole file. */
export function subDocument(document: RuleDocument, path: KeyPath): RuleDocument {
  return { value: valueAt(document.value, path), where: (below, at) => document.where([...path, ...below], at) };
}

export function valueAt(value: unknown, path: KeyPath): unknown {
  let current = value;
  for (const key of path) {
    if (Array.isArray(current) && typeof key === 'number') current = current[key];
    else if (isMap(current) && typeof key === 'string') current = Object.hasOwn(current, key) ? current[key] : undefined;
    else return undefined;
  }
  return current;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function refuse(document: RuleDocument, path: KeyPath, reason: string, at?: number): never {
  throw new RuleError(document.where(path, at), reason);
}
