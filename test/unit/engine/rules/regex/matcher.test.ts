import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRegex } from '../../../../../electron/engine/rules/regex/check.ts';
import { RegexMatcher } from '../../../../../electron/engine/rules/regex/matcher.ts';

const atom = fc.constantFrom('a', 'b', 'C', '.', String.raw`\d`, String.raw`\w`, String.raw`\W`, '[ab]', '[^a]', '[a-c1]', String.raw`[\d_]`, String.raw`\b`, String.raw`\B`, '^', '$', String.raw`\.`, String.raw`\s`, 'x', '-', String.raw`\x61`);
const expression: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    atom,
    fc.tuple(tie('node'), tie('node')).map(([left, right]) => left + right),
    fc.tuple(tie('node'), tie('node')).map(([left, right]) => `(?:${left}|${right})`),
    fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?', '+?')).map(([inner, times]) => `(?:${inner}|z)${times}`),
  ),
})).node;
const text = fc.array(fc.constantFrom('a', 'b', 'c', 'C', '1', ' ', '.', '\n', 'x', '-', 'z', 'é', '_'), { maxLength: 14 }).map((letters) => letters.join(''));

it('finds what JavaScript finds', () => {
  fc.assert(
    fc.property(expression, text, fc.constantFrom('', 'i', 'm', 's', 'im', 'is'), (source, value, flags) => {
      expect(new RegexMatcher(source, flags).test(value)).toBe(new RegExp(source, flags).test(value));
    }),
    { numRuns: 4000 },
  );
});

describe('checkRegex', () => {
  it.each([
    ['(a', /never closed/],
    ['a)', /closing bracket/],
    ['[a', /never closed/],
    ['*a', /nothing stands before/],
    ['a**', /two quantifiers/],
    ['a{3,1}', /out of order/],
    ['a{2000}', /more than 1000/],
    ['(?:a{500}){500}', /too large/],
    ['(?=a)', /look-around/],
    ['(?<!a)b', /look-around/],
    [String.raw`(a)\1`, /back-references/],
    ['a++', /possessive/],
    [String.raw`\p{L}`, /not supported/],
    [String.raw`\x6`, /hexadecimal/],
    ['[z-a]', /out of order/],
    ['a\\', /backslash/],
    [`${'('.repeat(80)}a${')'.repeat(80)}`, /groups inside/],
    ['a'.repeat(3000), /longer than/],
  ])('refuses %s', (source, reason) => {
    expect(checkRegex(source, '')).toMatch(reason);
  });

  it('accepts names of groups, a flag at the front and lazy quantifiers', () => {
    expect(checkRegex('(?i)(?<name>a+?)b??', '')).toBeNull();
    expect(new RegexMatcher('(?i)abc', '').test('xABC')).toBe(true);
  });
});

it('takes time in proportion to the text, whatever the expression', () => {
  const evil = ['(?:a+)+$b', '(?:a|a)*b', '(?:a*)*b', '.*.*.*.*=b', '(?:a?){30}a{30}b', '(?:[a-z]+\\d?)+!'];
  const timeFor = (matcher: RegexMatcher, length: number): number => {
    const value = 'a'.repeat(length);
    const start = performance.now();
    expect(matcher.test(value)).toBe(false);
    return performance.now() - start;
  };
  for (const source of evil) {
    const matcher = new RegexMatcher(source, '');
    timeFor(matcher, 1000);
    // Backtracking would take longer than the age of the universe here.
    expect(timeFor(matcher, 200_000), source).toBeLessThan(200);
  }
});

it('stays within its table when an expression has very many states', () => {
  const matcher = new RegexMatcher('(?:a|b)*a(?:a|b){14}c', '');
  let value = '';
  for (let step = 0; step < 60_000; step += 1) value += (step * 2654435761) % 7 < 3 ? 'a' : 'b';
  expect(matcher.test(value)).toBe(false);
  expect(matcher.test(`${value}a${'b'.repeat(14)}c`)).toBe(true);
});
