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
    fc.tuple(fc.constantFrom('a', '.', '[ab]', String.raw`\w`), fc.constantFrom('{2,}', '{3}', '{2,4}', '{3,}')).map((parts) => parts.join('')),
    fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?', '+?')).map(([inner, times]) => `(?:${inner}|z)${times}`),
  ),
})).node;
const text = fc.array(fc.constantFrom('a', 'b', 'c', 'C', '1', ' ', '.', '\n', 'x', '-', 'z', 'é', '_'), { maxLength: 14 }).map((letters) => letters.join(''));

/** In PCRE the end is also where only one line end follows; here that line end is taken with it, which differs where something stands behind `$`. */
function asJavaScript(source: string, flags: string): string {
  return flags.includes('m') ? source : source.replaceAll('$', () => String.raw`(?:$|\n$)`);
}

it('finds what JavaScript finds, but for what PCRE calls the end', () => {
  fc.assert(
    fc.property(expression, text, fc.constantFrom('', 'i', 'm', 's', 'im', 'is'), (source, value, flags) => {
      expect(new RegexMatcher(source, flags).test(value)).toBe(new RegExp(asJavaScript(source, flags), flags).test(value));
    }),
    { numRuns: 4000 },
  );
});

it.each([
  ['^a.b$', '', 'a\rb', true],
  ['^a.b$', '', 'a\u2028b', true],
  ['^a.b$', '', 'a\nb', false],
  ['^foo$', '', 'foo\n', true],
  ['^foo$', '', 'foo\n\n', false],
  [String.raw`^foo\Z`, '', 'foo\n', true],
  [String.raw`^foo\z`, '', 'foo\n', false],
  ['^b$', 'm', 'a\rb', false],
  ['^b$', 'm', 'a\nb\nc', true],
])('knows line ends as PCRE does: %s, flags "%s", %j: %s', (source, flags, value, expected) => {
  expect(new RegexMatcher(source, flags).test(value)).toBe(expected);
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
    ['[[:digit:]]+', /\[:digit:\] are not supported/],
    [String.raw`\07`, /octal/],
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
    expect(timeFor(matcher, 60_000), source).toBeLessThan(200);
  }
});

/** Letters without a period, so that no row of the table fits twice. */
function noise(length: number, seed: number): string {
  let state = seed;
  return Array.from({ length }, () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) & 0x80000000 ? 'a' : 'b')).join('');
}

it('stays within its table when an expression has very many states', () => {
  const matcher = new RegexMatcher('(?:a|b)*a(?:a|b){14}c', '');
  for (let round = 0; round < 200; round += 1) {
    const value = noise(100, round);
    expect(matcher.test(value)).toBe(false);
    expect(matcher.test(`${value}a${'b'.repeat(14)}c`)).toBe(true);
  }
  expect(matcher.gaveUp).toBe(0);
});

it('leaves a text that costs too much, says so, and works on with the next', () => {
  const matcher = new RegexMatcher('(?:a|b)*a(?:a|b){14}c', '');
  const value = noise(60_000, 7);
  const start = performance.now();
  expect(matcher.test(value)).toBe(false);
  // Far above what it takes, far below what all of the text would take.
  expect(performance.now() - start).toBeLessThan(60);
  expect(matcher.gaveUp).toBe(1);
  expect(matcher.test(`a${'b'.repeat(14)}c`)).toBe(true);
});

it('finds long runs at once, though a search stands at many places of them', () => {
  for (const [source, length, other] of [['.{1000,}', 1000, '\n'], ['(.){200,}', 200, '\n'], ['[^/]{100,}$', 100, '/'], ['.{150}', 150, '\n']] as const) {
    const matcher = new RegexMatcher(source, '');
    const value = Array.from({ length: length - 1 }, (_, at) => String.fromCharCode(97 + (at % 26))).join(' ').slice(0, length - 1);
    expect(matcher.test(`${other.repeat(9)}${value}`), source).toBe(false);
    expect(matcher.test(`${other}${value}x`), source).toBe(true);
    expect(matcher.gaveUp, source).toBe(0);
  }
});

it('looks at more than the kernel takes as arguments, so that padding hides nothing, and not at everything', () => {
  const matcher = new RegexMatcher('needle', '');
  expect(matcher.test(`${'x'.repeat(2_200_000)}needle`)).toBe(true);
  expect(matcher.test(`${'x'.repeat(4_200_000)}needle`)).toBe(false);
  expect(matcher.some(['x'.repeat(2_200_000), 'x'.repeat(2_200_000), 'needle'])).toBe(false);
});

describe('runs of one set', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', 'a', 'a', '\n', 'é'), { maxLength: 60 }).map((all) => all.join(''));

  it.each(['.{9,}', 'a{8,}', '[^b]{10}', 'x?a{8}b', '(?:a{9}b)+', 'a{0,}'])('%s', (source) => {
    fc.assert(
      fc.property(letters, (text) => {
        expect(new RegexMatcher(source, '').test(text)).toBe(new RegExp(source).test(text));
      }),
    );
  });

  it('a thousand units take no thousand states', () => {
    const matcher = new RegexMatcher('.{1000,}', '');
    expect(matcher.test('x'.repeat(999))).toBe(false);
    expect(matcher.test(`${'x'.repeat(999)}\n${'x'.repeat(1000)}`)).toBe(true);
  });
});
