/** What the values of one key ask for, with its modifiers. Knows no document, so that placeholders can be filled later. */
import { parseNetwork } from '../ip-address.ts';
import type { CidrNetwork, FieldTest, PatternToken, RegexPattern, Scalar, TextPattern } from '../model.ts';
import { checkRegex } from '../regex/check.ts';
import { encodeValue } from './encoding.ts';
import type { Modifiers } from './modifiers.ts';
import { joinTokens, parsePattern, spellings } from './pattern.ts';

/** Of one value: two dashes. */
const MOST_SPELLINGS = 25;
/** Of all values of one key: encodings and dashes make several of each. */
const MOST_FORMS = 10_000;

/** Thrown by the builders below; `index` is the value that is wrong, null when no single one is. */
export class ValueError extends Error {
  readonly index: number | null;

  constructor(index: number | null, reason: string) {
    super(reason);
    this.index = index;
  }
}

/** The tests that the values stand for: one of them has to hold, or each of them when the modifiers say `all`. */
export function buildTests(modifiers: Modifiers, values: readonly Scalar[]): readonly FieldTest[] {
  if (modifiers.exists) return [existsTest(values)];
  if (modifiers.timePart !== null) return timeTests(modifiers, modifiers.timePart, values);
  if (modifiers.compare !== null) return compareTests(modifiers.compare, values);
  if (modifiers.regexFlags !== null) return [regexTest(modifiers.regexFlags, modifiers.every, values)];
  if (modifiers.cidr) return [{ kind: 'cidr', every: modifiers.every, networks: values.map(network) }];
  if (modifiers.fieldref) return [fieldrefTest(modifiers, values)];
  return textTests(modifiers, values);
}

function textTests(modifiers: Modifiers, values: readonly Scalar[]): FieldTest[] {
  const { every, cased } = modifiers;
  const tests: FieldTest[] = [];
  const nullAt = values.indexOf(null);
  if (nullAt >= 0) {
    if (modifiers.anchor !== 'whole' || modifiers.encodings.length > 0) throw new ValueError(nullAt, 'null can only be compared as a whole');
    tests.push({ kind: 'null' });
  }
  let left = MOST_FORMS + values.length;
  const forms = values.flatMap((value, index) => {
    const found = value === null ? [] : [textForms(modifiers, value, index)];
    left -= found[0]?.length ?? 0;
    if (left < 0) throw new ValueError(index, `the values before this one stand for more than ${MOST_FORMS} forms already`);
    return found;
  });
  if (forms.length === 0) return tests;
  // Of the forms that an encoding gives one value, one is enough, also when every value is asked for.
  if (every && forms.some((one) => one.length > 1)) return [...tests, ...forms.map((patterns): FieldTest => ({ kind: 'text', every: false, cased, patterns }))];
  return [...tests, { kind: 'text', every, cased, patterns: forms.flat() }];
}

function textForms(modifiers: Modifiers, value: string | number | boolean, index: number): readonly TextPattern[] {
  const text = String(value);
  if (modifiers.encodings.length === 0) return [parsePattern(text, modifiers.anchor, modifiers.windash)];
  const before = parsePattern('', modifiers.anchor, false).tokens;
  return encodedForms(modifiers, text, index).map((tokens) => ({
    shown: `${text} (${modifiers.encodings.join(', ')})`,
    tokens: joinTokens([...(modifiers.anchor === 'start' ? [] : before), ...tokens, ...(modifiers.anchor === 'end' ? [] : before)]),
  }));
}

function encodedForms({ windash, encodings }: Modifiers, text: string, index: number): readonly (readonly PatternToken[])[] {
  const spelled = spellings(parsePattern(text, 'whole', windash).tokens, MOST_SPELLINGS);
  if (spelled === null) throw new ValueError(index, `an encoded value with windash may have ${MOST_SPELLINGS} spellings`);
  return spelled.flatMap((tokens) => {
    const encoded = encodeValue(tokens, encodings);
    if (typeof encoded === 'string') throw new ValueError(index, encoded);
    return encoded;
  });
}

function regexTest(flags: string, every: boolean, values: readonly Scalar[]): FieldTest {
  const patterns = values.map((value, index): RegexPattern => {
    const source = typeof value === 'number' ? String(value) : value;
    if (typeof source !== 'string') throw new ValueError(index, 'a regular expression must be text');
    const problem = checkRegex(source, flags);
    if (problem !== null) throw new ValueError(index, problem);
    return { source, flags };
  });
  return { kind: 'regex', every, patterns };
}

function network(value: Scalar, index: number): CidrNetwork {
  const parsed = typeof value === 'string' ? parseNetwork(value) : 'a network is written as text';
  if (typeof parsed === 'string') throw new ValueError(index, parsed);
  return parsed;
}

function compareTests(op: NonNullable<Modifiers['compare']>, values: readonly Scalar[]): FieldTest[] {
  return values.map((value, index) => ({ kind: 'compare', op, bound: number(value, index, `"${op}" compares with a number`) }));
}

function timeTests(modifiers: Modifiers, part: NonNullable<Modifiers['timePart']>, values: readonly Scalar[]): FieldTest[] {
  return values.map((value, index) => ({ kind: 'time', part, op: modifiers.compare ?? 'eq', bound: number(value, index, `"${part}" is compared with a number`) }));
}

function number(value: Scalar, index: number, reason: string): number {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof found !== 'number' || !Number.isFinite(found)) throw new ValueError(index, reason);
  return found;
}

function existsTest(values: readonly Scalar[]): FieldTest {
  const [expected] = values;
  if (values.length !== 1 || typeof expected !== 'boolean') throw new ValueError(null, '"exists" is answered with true or false');
  return { kind: 'exists', expected };
}

function fieldrefTest({ every, cased, anchor }: Modifiers, values: readonly Scalar[]): FieldTest {
  const fields = values.map((value, index) => {
    if (typeof value !== 'string' || value === '') throw new ValueError(index, '"fieldref" names a field');
    return value;
  });
  return { kind: 'fieldref', every, cased, anchor, fields };
}
