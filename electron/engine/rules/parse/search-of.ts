/** From a key with its modifiers and values to what it asks of an event. */
import type { FieldTest, KeywordTest, Scalar, Search } from '../model.ts';
import type { Modifiers } from './modifiers.ts';
import { literalValue, placeholdersIn } from './placeholders.ts';
import { buildTests, ValueError } from './values.ts';

/** `field` null: the values may stand in any field. Throws `ValueError`. */
export function searchOf(field: string | null, modifiers: Modifiers, names: readonly string[], values: readonly Scalar[]): Search {
  const inner = field === null ? keywordSearch(modifiers, names, values) : fieldSearch(field, modifiers, names, values);
  return modifiers.negated ? { type: 'not', of: inner } : inner;
}

function fieldSearch(field: string, modifiers: Modifiers, names: readonly string[], values: readonly Scalar[]): Search {
  const tests = testsOf(modifiers, names, values);
  return group(
    modifiers.every ? 'all' : 'any',
    tests.map((test): Search => ({ type: 'field', field, test })),
  );
}

/** Words are looked for anywhere in a value unless the modifiers say otherwise; with `all` each may stand in another value. */
function keywordSearch(modifiers: Modifiers, names: readonly string[], values: readonly Scalar[]): Search {
  const nullAt = values.indexOf(null);
  if (nullAt >= 0) throw new ValueError(nullAt, 'null needs a field');
  const whole = modifiers.anchor === 'whole' && modifiers.regexFlags === null && !modifiers.cidr;
  const loose: Modifiers = { ...modifiers, every: false, anchor: whole ? 'inside' : modifiers.anchor };
  const parts = modifiers.every ? values.map((value) => [value]) : [values];
  const tests = parts.flatMap((part) => testsOf(loose, names, part));
  return group(
    modifiers.every ? 'all' : 'any',
    tests.map((test): Search => ({ type: 'keyword', test: keywordTest(test) })),
  );
}

function keywordTest(test: FieldTest): KeywordTest {
  if (test.kind === 'text' || test.kind === 'regex' || test.kind === 'cidr' || test.kind === 'unfilled') return test;
  throw new ValueError(null, 'exists, fieldref, comparisons and parts of a date need a field');
}

function testsOf(modifiers: Modifiers, names: readonly string[], values: readonly Scalar[]): readonly FieldTest[] {
  if (!modifiers.expand) return buildTests(modifiers, values);
  const placeholders = [...new Set(values.flatMap(placeholdersIn))];
  return placeholders.length === 0 ? buildTests(modifiers, values.map(literalValue)) : [{ kind: 'unfilled', modifiers: names, values, placeholders }];
}

export function group(type: 'all' | 'any', of: readonly Search[]): Search {
  const [only] = of;
  return of.length === 1 && only ? only : { type, of };
}
