import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../../../electron/engine/rules/model.ts';
import { ConditionError, parseCondition, printCondition } from '../../../../../electron/engine/rules/parse/condition.ts';

const a: Condition = { op: 'selection', name: 'a' };
const b: Condition = { op: 'selection', name: 'b' };
const c: Condition = { op: 'selection', name: 'c' };

describe('parseCondition', () => {
  it.each<[string, Condition]>([
    ['a', a],
    ['a or b and c', { op: 'or', of: [a, { op: 'and', of: [b, c] }] }],
    ['not a and b', { op: 'and', of: [{ op: 'not', of: a }, b] }],
    ['not (a or b)', { op: 'not', of: { op: 'or', of: [a, b] } }],
    ['not not a', a],
    ['a and not 1 of x_*', { op: 'and', of: [a, { op: 'not', of: { op: 'of', quantifier: 'any', pattern: 'x_*' } }] }],
    ['any of them', { op: 'of', quantifier: 'any', pattern: null }],
    ['all of them', { op: 'of', quantifier: 'all', pattern: null }],
    ['(a)or(b)', { op: 'or', of: [a, b] }],
    ['A AND b', { op: 'and', of: [{ op: 'selection', name: 'A' }, b] }],
  ])('%s', (text, expected) => {
    expect(parseCondition(text)).toEqual(expected);
  });

  it.each([
    ['', /empty/],
    ['a or', /ends too early/],
    ['(a', /character 1 .* never closed/],
    ['a b', /unexpected "b" at character 3/],
    ['a)', /unexpected "\)"/],
    ['not', /ends too early/],
    ['or a', /"or" at character 1/],
    ['2 of x*', /"2 of" is not known/],
    ['all of', /names no selection/],
    ['a | count() > 5', /aggregation/],
    [`${'('.repeat(100)}a${')'.repeat(100)}`, /brackets/],
  ])('refuses %s', (text, reason) => {
    expect(() => parseCondition(text)).toThrow(ConditionError);
    expect(() => parseCondition(text)).toThrow(reason);
  });
});

const name = fc.constantFrom('a', 'b', 'sel_1', 'filter_x', '_own', 'x-1');
const condition: fc.Arbitrary<Condition> = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ op: fc.constant('selection' as const), name }),
    fc.record({ op: fc.constant('of' as const), quantifier: fc.constantFrom('any' as const, 'all' as const), pattern: fc.option(fc.constantFrom('x*', 'filter_*', 'a')) }),
    fc.record({ op: fc.constant('not' as const), of: tie('any') }),
    fc.record({ op: fc.constantFrom('and' as const, 'or' as const), of: fc.array(tie('any'), { minLength: 2, maxLength: 3 }) }),
  ),
})).any;

it('parses what it prints to a condition that means and prints the same', () => {
  fc.assert(
    fc.property(condition, (original) => {
      const text = printCondition(original);
      const parsed = parseCondition(text);
      expect(printCondition(parsed)).toBe(printCondition(parseCondition(printCondition(parsed))));
      expect(meaning(parsed)).toEqual(meaning(original));
    }),
    { numRuns: 2000 },
  );
});

/** Truth over all assignments of the names that occur, `of` terms standing for themselves. */
function meaning(of: Condition): boolean[] {
  const terms = ['a', 'b', 'sel_1', 'filter_x', '_own', 'x-1', 'any x*', 'any filter_*', 'any a', 'any null', 'all x*', 'all filter_*', 'all a', 'all null'];
  const values: boolean[] = [];
  for (let sample = 0; sample < 64; sample += 1) {
    const truth = new Map(terms.map((term, index) => [term, ((sample * 2654435761) >>> (index % 31)) % 2 === 1]));
    values.push(evaluate(of, truth));
  }
  return values;
}

function evaluate(of: Condition, truth: ReadonlyMap<string, boolean>): boolean {
  switch (of.op) {
    case 'selection':
      return truth.get(of.name) === true;
    case 'of':
      return truth.get(`${of.quantifier} ${of.pattern}`) === true;
    case 'not':
      return !evaluate(of.of, truth);
    case 'and':
      return of.of.every((part) => evaluate(part, truth));
    case 'or':
      return of.of.some((part) => evaluate(part, truth));
  }
}
