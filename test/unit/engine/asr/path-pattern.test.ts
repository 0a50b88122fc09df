import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pathPattern } from '../../../../electron/engine/asr/path-pattern.ts';

it.each([
  ['/usr/bin/tool', '/usr/bin/tool', true],
  ['/usr/bin/tool', '/usr/bin/tool2', false],
  ['/usr/bin/Tool', '/usr/bin/tool', false],
  ['/opt/x/', '/opt/x/a/b', true],
  ['/opt/x/', '/opt/xy', false],
  ['/opt/x/', '/opt/x', false],
  ['/opt/*/run', '/opt/a/run', true],
  ['/opt/*/run', '/opt/a/b/run', false],
  ['/opt/**/run', '/opt/a/b/run', true],
  ['/opt/v?/run', '/opt/v1/run', true],
  ['/opt/v?/run', '/opt/v/run', false],
  ['/opt/v?run', '/opt/v/run', false],
  ['/opt/*/', '/opt/a/b/c', true],
  ['/opt/*/', '/opt/a', false],
  ['/home/*/bin/*.sh', '/home/ada/bin/x.sh', true],
  ['/home/*/bin/*.sh', '/home/ada/bin/.sh', true],
  ['/a.b', '/axb', false],
  ['**', '/anything/at/all', true],
  ['/opt/a😀?', '/opt/a😀b', true],
])('%s excludes %s: %s', (pattern, path, expected) => {
  expect(pathPattern(pattern)(path)).toBe(expected);
});

it('equals a regular expression of the same meaning', () => {
  const symbol = fc.constantFrom('a', '/', '*', '?', '**', '.');
  const letter = fc.constantFrom('a', '/', '.', 'b');
  fc.assert(
    fc.property(fc.array(symbol, { maxLength: 7 }), fc.array(letter, { maxLength: 9 }), (symbols, letters) => {
      const text = symbols.join('');
      const regex = text.replace(/\*\*+|[*?.]/g, (one) => (one === '*' ? '[^/]*' : one === '?' ? '[^/]' : one === '.' ? '\\.' : '.*'));
      const path = letters.join('');
      const expected = !/[*?]/.test(text) && text.endsWith('/') ? path.startsWith(text) : new RegExp(`^${regex}${text.endsWith('/') ? '.*' : ''}$`).test(path);
      expect(pathPattern(text)(path)).toBe(expected);
    }),
    { numRuns: 5000 },
  );
});

it('takes time in proportion to pattern and path', () => {
  const test = pathPattern(`/${'**a'.repeat(100)}`);
  const start = performance.now();
  expect(test(`/${'a'.repeat(3000)}b`)).toBe(false);
  expect(performance.now() - start).toBeLessThan(2000);
});
