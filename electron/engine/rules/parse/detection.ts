/** The blocks of `detection`: a map is AND, a list is OR, and each key tests one field. */
import { isMap, refuse, type KeyPath, type RuleDocument } from '../document.ts';
import type { FieldTest, Search } from '../model.ts';
import { checkRegex } from '../regex/check.ts';
import { parseModifiers, type Modifiers } from './modifiers.ts';
import { parsePattern } from './pattern.ts';

type Scalar = string | number | boolean | null;

/** One named block: a map, or a list of maps. */
export function parseSelection(document: RuleDocument, path: KeyPath): Search {
  return parseBlock(document, path, valueOf(document, path), 0);
}

function parseBlock(document: RuleDocument, path: KeyPath, value: unknown, depth: number): Search {
  if (isMap(value)) return parseMap(document, path, value);
  if (Array.isArray(value)) {
    if (value.length === 0) refuse(document, path, 'the list is empty');
    if (depth > 0) refuse(document, path, 'a list inside a list has no meaning here');
    return group('any', value.map((entry, index) => parseBlock(document, [...path, index], entry, depth + 1)));
  }
  return refuse(document, path, 'a word without a field (keyword) can not be tested on these events; name the field');
}

function parseMap(document: RuleDocument, path: KeyPath, map: Readonly<Record<string, unknown>>): Search {
  const keys = Object.keys(map);
  if (keys.length === 0) refuse(document, path, 'the map is empty');
  return group('all', keys.map((key) => parseEntry(document, [...path, key], key, map[key])));
}

function parseEntry(document: RuleDocument, path: KeyPath, key: string, value: unknown): Search {
  const [field = '', ...names] = key.split('|');
  if (field === '') refuse(document, path, 'a test without a field (keyword) can not be made on these events; name the field');
  const modifiers = parseModifiers(names);
  if (typeof modifiers === 'string') refuse(document, path, modifiers);
  const values = scalars(document, path, value);
  const tests = testsFor(document, path, modifiers, values);
  const search = group(
    modifiers.every ? 'all' : 'any',
    tests.map((test): Search => ({ type: 'field', field, test })),
  );
  return modifiers.negated ? { type: 'not', of: search } : search;
}

function testsFor(document: RuleDocument, path: KeyPath, modifiers: Modifiers, values: readonly Scalar[]): FieldTest[] {
  if (modifiers.exists) return [existsTest(document, path, values)];
  if (modifiers.compare !== null) return compareTests(document, path, modifiers, values);
  if (modifiers.regexFlags !== null) return [regexTest(document, path, modifiers, values)];
  if (modifiers.fieldref) return [fieldrefTest(document, path, modifiers, values)];
  return textTests(document, path, modifiers, values);
}

function textTests(document: RuleDocument, path: KeyPath, modifiers: Modifiers, values: readonly Scalar[]): FieldTest[] {
  const texts = values.filter((value) => value !== null);
  const tests: FieldTest[] = [];
  if (texts.length < values.length) {
    if (modifiers.anchor !== 'whole') refuse(document, path, 'null can only be compared as a whole');
    tests.push({ kind: 'null' });
  }
  if (texts.length > 0) {
    const patterns = texts.map((text) => parsePattern(String(text), modifiers.anchor, modifiers.windash));
    tests.push({ kind: 'text', every: modifiers.every, cased: modifiers.cased, patterns });
  }
  return tests;
}

function regexTest(document: RuleDocument, path: KeyPath, modifiers: Modifiers, values: readonly Scalar[]): FieldTest {
  const flags = modifiers.regexFlags ?? '';
  const patterns = values.map((value) => {
    if (typeof value !== 'string') return refuse(document, path, 'a regular expression must be text');
    const problem = checkRegex(value, flags);
    if (problem !== null) refuse(document, path, problem);
    return { source: value, flags };
  });
  return { kind: 'regex', every: modifiers.every, patterns };
}

function compareTests(document: RuleDocument, path: KeyPath, modifiers: Modifiers, values: readonly Scalar[]): FieldTest[] {
  const op = modifiers.compare ?? 'lt';
  return values.map((value) => {
    const bound = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof bound !== 'number' || !Number.isFinite(bound)) return refuse(document, path, `"${op}" compares with a number`);
    return { kind: 'compare', op, bound };
  });
}

function existsTest(document: RuleDocument, path: KeyPath, values: readonly Scalar[]): FieldTest {
  const [expected] = values;
  if (values.length !== 1 || typeof expected !== 'boolean') return refuse(document, path, '"exists" is answered with true or false');
  return { kind: 'exists', expected };
}

function fieldrefTest(document: RuleDocument, path: KeyPath, modifiers: Modifiers, values: readonly Scalar[]): FieldTest {
  const fields = values.map((value) => (typeof value === 'string' && value !== '' ? value : refuse(document, path, '"fieldref" names a field')));
  return { kind: 'fieldref', every: modifiers.every, cased: modifiers.cased, anchor: modifiers.anchor, fields };
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

function group(type: 'all' | 'any', of: readonly Search[]): Search {
  const [only] = of;
  return of.length === 1 && only ? only : { type, of };
}

function valueOf(document: RuleDocument, path: KeyPath): unknown {
  let current: unknown = document.value;
  for (const key of path) current = isMap(current) ? current[key] : undefined;
  return current;
}
