import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileOf, isOwn, policy } from '../../../../electron/main/window/page-files.ts';

describe('files of the page', () => {
  it('are those below its folder', () => {
    expect(fileOf('/dist/renderer', 'app://holdfast/index.html')).toBe('/dist/renderer/index.html');
    expect(fileOf('/dist/renderer', 'app://holdfast/')).toBe('/dist/renderer/index.html');
    expect(fileOf('/dist/renderer', 'app://holdfast/assets/a.js?x=1#y')).toBe('/dist/renderer/assets/a.js');
  });

  it.each(['app://holdfast/../secret.html', 'app://holdfast/%2e%2e/secret.html', 'app://holdfast/..%2fsecret.html', 'app://holdfast/%5c..%5csecret.html', 'app://holdfast/a%00.html', 'app://other/index.html', 'file:///etc/passwd', 'https://holdfast/index.html', 'app://holdfast/etc/passwd', 'app://holdfast/%zz.html', 'nonsense'])('are not %s', (url) => {
    const file = fileOf('/dist/renderer', url);
    expect(file === null || file.startsWith('/dist/renderer/')).toBe(true);
    if (file !== null) expect(file).not.toContain('..');
  });

  it('never lie elsewhere, whatever the address', () => {
    fc.assert(fc.property(fc.webPath(), fc.string(), (path, tail) => {
      const file = fileOf('/dist/renderer', `app://holdfast${path}${tail}`);
      expect(file === null || file.startsWith('/dist/renderer/')).toBe(true);
    }));
  });
});

describe('own addresses', () => {
  it('are of our scheme and host, and the developer tools only where they may be', () => {
    expect(isOwn('app://holdfast/x', false)).toBe(true);
    expect(isOwn('app://holdfast.evil/x', false)).toBe(false);
    expect(isOwn('https://example.org', false)).toBe(false);
    expect(isOwn('devtools://devtools/x', true)).toBe(true);
    expect(isOwn('devtools://devtools/x', false)).toBe(false);
  });
});

it('the policy allows nothing by default, no code from text and no connection', () => {
  const text = policy('abc');
  expect(text).toContain("default-src 'none'");
  expect(text).toContain("style-src 'self' 'nonce-abc'");
  expect(text).not.toMatch(/unsafe|\*/);
  expect(text).toContain("connect-src 'none'");
});
