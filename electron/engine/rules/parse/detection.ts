/** The blocks of `detection`: a map is AND, a list is OR, each key tests one field, a word without a key any field. */
import { isMap, refuse, valueAt, type KeyPath, type RuleDocument } from '../document.ts';
import type { Scalar, Search } from '../model.ts';
import { parseModifiers } from './modifiers.ts';
import { group, searchOf } from './search-of.ts';
import { ValueError } from './values.ts';

/** One named block: a map, a word, or a list of maps and words. */
export function parseSelection(document: RuleDocument, path: KeyPath): Search {
  const value = valueAt(document.value, path);
  if (isMap(value)) return parseMap(document, path, value);
  if (!Array.isArray(value)) return parseWords(document, path, [scalar(document, path, value)]);
  return parseList(document, path, value);
}

function parseList(document: RuleDocument, path: KeyPath, list: readonly unknown[]): Search {
  if (list.length === 0) refuse(document, path, 'the list is empty');
  const words: Scalar[] = [];
  const maps: Search[] = [];
  for (const [index, entry] of list.entries()) {
    const place = [...path, index];
    if (isMap(entry)) maps.push(parseMap(document, place, entry));
    else if (Array.isArray(entry)) refuse(document, place, 'a list inside a list has no meaning here');
    else words.push(scalar(document, place, entry));
  }
  return group('any', words.length === 0 ? maps : [parseWords(document, path, words), ...maps]);
}

function parseWords(document: RuleDocument, path: KeyPath, words: readonly Scalar[]): Search {
  return { ...build(document, path, '', words), written: { key: null, value: words } };
}

function parseMap(document: RuleDocument, path: KeyPath, map: Readonly<Record<string, unknown>>): Search {
  const keys = Object.keys(map);
  if (keys.length === 0) refuse(document, path, 'the map is empty');
  return group('all', keys.map((key) => parseEntry(document, [...path, key], key, map[key])));
}

function parseEntry(document: RuleDocument, path: KeyPath, key: string, value: unknown): Search {
  const values = scalars(document, path, value);
  return { ...build(document, path, key, values), written: { key, value: Array.isArray(value) ? values : (values[0] ?? null) } };
}

function build(document: RuleDocument, path: KeyPath, key: string, values: readonly Scalar[]): Search {
  const [field = '', ...names] = key.split('|');
  const modifiers = parseModifiers(names);
  if (typeof modifiers === 'string') refuse(document, path, modifiers);
  try {
    return searchOf(field === '' ? null : field, modifiers, names, values);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return refuse(document, error.index !== null && values.length > 1 ? [...path, error.index] : path, error.message);
  }
}

function scalars(document: RuleDocument, path: KeyPath, value: unknown): Scalar[] {
  if (!Array.isArray(value)) return [scalar(document, path, value)];
  if (value.length === 0) refuse(document, path, 'the list is empty');
  return value.map((entry, index) => scalar(document, [...path, index], entry));
}

function scalar(document: RuleDocument, path: KeyPath, value: unknown): Scalar {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return refuse(document, path, 'a field is compared with text, a number, true, false or null');
}
