import { expect, it } from 'vitest';
import { wildcardMatcher } from '../../../../../electron/engine/rules/compile/wildcard.ts';
import { parsePattern } from '../../../../../electron/engine/rules/parse/pattern.ts';

it.each([
  ['*????x*', 'abcdx'],
  ['*a?b*', 'axb'],
  ['*?MARK*', 'xMARK'],
  ['*a?b?c?d?e?f?g?h*', 'a1b2c3d4e5f6g7h'],
])('finds %s behind a lot of padding', (pattern, wanted) => {
  const matches = wildcardMatcher(parsePattern(pattern, 'whole', false).tokens);
  for (const filler of ['a', 'b', 'x', ' ']) expect(matches(filler.repeat(200_000) + wanted)).toBe(true);
  expect(matches('y'.repeat(200_000))).toBe(false);
});

it('finds an option behind a lot of padding, whatever its dash', () => {
  for (const value of ['-foo', ' -foo', '-a -b -c -d']) {
    const matches = wildcardMatcher(parsePattern(value, 'inside', true).tokens);
    for (const filler of ['a', ' ', '-']) expect(matches(filler.repeat(200_000) + ' ' + value.replaceAll('-', '\u2014'))).toBe(true);
  }
});

it('gives up on a text made to be costly, soon, and finds what is plainly there', () => {
  const matches = wildcardMatcher(parsePattern(`*${'?a'.repeat(1000)}b*`, 'whole', false).tokens);
  const start = performance.now();
  expect(matches('a'.repeat(32_000))).toBe(false);
  // All comparisons would be thirty million.
  expect(performance.now() - start).toBeLessThan(60);
  expect(matches(`${'xa'.repeat(1000)}b`)).toBe(true);
});
