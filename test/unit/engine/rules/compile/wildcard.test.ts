import { expect, it } from 'vitest';
import { wildcardMatcher } from '../../../../../electron/engine/rules/compile/wildcard.ts';
import { parsePattern } from '../../../../../electron/engine/rules/parse/pattern.ts';

it('gives up on a text made to be costly, soon, and finds what is plainly there', () => {
  const matches = wildcardMatcher(parsePattern(`*${'?a'.repeat(1000)}b*`, 'whole', false).tokens);
  const start = performance.now();
  expect(matches('a'.repeat(32_000))).toBe(false);
  // All comparisons would be thirty million.
  expect(performance.now() - start).toBeLessThan(60);
  expect(matches(`${'xa'.repeat(1000)}b`)).toBe(true);
});
