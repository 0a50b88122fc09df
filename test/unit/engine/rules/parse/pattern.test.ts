import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wildcardMatcher } from '../../../../../electron/engine/rules/compile/wildcard.ts';
import { DASHES, parsePattern } from '../../../../../electron/engine/rules/parse/pattern.ts';

const fits = (pattern: string, text: string): boolean => wildcardMatcher(parsePattern(pattern, 'whole', false).tokens)(text);

describe('text values', () => {
  it.each([
    ['a*', 'abc', true],
    ['*c', 'abc', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*', '', true],
    ['?', '', false],
    ['', '', true],
    ['', 'a', false],
    [String.raw`a\*`, 'a*', true],
    [String.raw`a\*`, 'ab', false],
    [String.raw`a\?`, 'a?', true],
    [String.raw`C:\Windows\*`, String.raw`C:\Windows*`, true],
    [String.raw`C:\Windows\\*`, String.raw`C:\Windows\x`, true],
    [String.raw`a\\b`, String.raw`a\b`, true],
    [String.raw`a\b`, String.raw`a\b`, true],
    ['a\\', 'a\\', true],
    ['*ab*ab*', 'xabyab', true],
    ['*ab*ab', 'ab', false],
    ['a*a', 'a', false],
  ])('%s fits %s: %s', (pattern, text, expected) => {
    expect(fits(pattern, text)).toBe(expected);
  });

  it('adds the wildcards of its modifier and shows them', () => {
    expect(parsePattern('/sh', 'end', false).shown).toBe('*/sh');
    expect(parsePattern('/tmp/', 'start', false).shown).toBe('/tmp/*');
    expect(parsePattern('x', 'inside', false).shown).toBe('*x*');
  });

  it('takes any of five dashes where an option begins', () => {
    const matches = wildcardMatcher(parsePattern(' -enc', 'inside', true).tokens);
    for (const dash of DASHES) expect(matches(`p ${dash}enc x`)).toBe(true);
    expect(matches('p +enc x')).toBe(false);
    expect(wildcardMatcher(parsePattern('a-b', 'whole', true).tokens)('a/b')).toBe(false);
  });
});

it('equals a regular expression of the same meaning', () => {
  const symbol = fc.constantFrom('a', 'b', '*', '?', '.', '/');
  const text = fc.array(fc.constantFrom('a', 'b', '.', '/'), { maxLength: 10 }).map((letters) => letters.join(''));
  fc.assert(
    fc.property(fc.array(symbol, { maxLength: 8 }), text, (symbols, value) => {
      const regex = symbols.map((one) => (one === '*' ? '[^]*' : one === '?' ? '[^]' : one.replace(/[./]/, '\\$&'))).join('');
      expect(fits(symbols.join(''), value)).toBe(new RegExp(`^${regex}$`).test(value));
    }),
    { numRuns: 5000 },
  );
});
