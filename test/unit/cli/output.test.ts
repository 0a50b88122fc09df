import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { painter } from '../../../electron/cli/output/paint.ts';
import { hanging, pairs, table } from '../../../electron/cli/output/table.ts';
import { localTime } from '../../../electron/cli/output/times.ts';
import { visible } from '../../../electron/cli/output/visible.ts';
import { displayWidth, shorten, wrap } from '../../../electron/cli/output/width.ts';

describe('visible', () => {
  it.each([
    ['\x1b[2J\x1b]0;title\x07', '\\x1b[2J\\x1b]0;title\\x07'],
    ['\x1b]8;;http://x\x1b\\click', '\\x1b]8;;http://x\\x1b\\click'],
    ['a\nb\rc\td', 'a\\nb\\rc\\td'],
    ['\u009b31m', '\\u009b31m'],
    ['cod.\u202eexe.pdf', 'cod.\\u202eexe.pdf'],
    ['\u2066x\u2069', '\\u2066x\\u2069'],
    ['a\u200bb\ufeffc\u00add', 'a\\u200bb\\ufeffc\\u00add'],
    ['x\u2028y\u2029', 'x\\u2028y\\u2029'],
    ['caf\udcc3\udca9', 'caf\\xc3\\xa9'],
    ['\ud800', '\\ud800'],
    ['\u{e0041}', '\\u{e0041}'],
    ['a\u00a0b\u3000c\u2800d\u3164e', 'a\\u00a0b\\u3000c\\u2800d\\u3164e'],
    ['\u0301start', '\\u0301start'],
    [`z${'\u0335'.repeat(5)}`, `z${'\u0335'.repeat(3)}\\u0335\\u0335`],
    ['\u007f\u0000', '\\x7f\\x00'],
  ])('shows %j as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('leaves readable text of any language as it is', () => {
    for (const text of ['/usr/bin/sh -c :', 'Prüfung_naïve.txt', '日本語', 'Ελληνικά', 'हिन्दी', 'עברית', '😀']) expect(visible(text)).toBe(text);
  });

  it('never lets anything through that acts on a terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('width', () => {
  it('counts wide characters as two columns and marks as none', () => {
    expect(displayWidth('abc')).toBe(3);
    expect(displayWidth('日本')).toBe(4);
    expect(displayWidth('e\u0301')).toBe(1);
  });

  it('cuts the middle out', () => {
    expect(shorten('abcdefghij', 10)).toBe('abcdefghij');
    expect(shorten('abcdefghijk', 10)).toBe('abcdef…ijk');
    expect(displayWidth(shorten('日本語日本語日本語', 7))).toBeLessThanOrEqual(7);
  });

  it('breaks at blanks, and inside words only when it must', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('a abcdefghijklmnop b', 10)).toEqual(['a', 'abcdefghij', 'klmnop b']);
    expect(wrap('', 10)).toEqual(['']);
  });

  it('loses nothing and never exceeds the width', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z日]{1,30}$/)), fc.integer({ min: 8, max: 40 }), (words, width) => {
        const lines = wrap(words.join(' '), width);
        expect(lines.every((line) => displayWidth(line) <= width)).toBe(true);
        expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''));
      }),
    );
  });
});

describe('tables', () => {
  it('give the last column what the others leave', () => {
    const lines = table([{ title: 'N', alignRight: true }, { title: 'Name' }, { title: 'Text' }], [['5', 'a', 'one two three four five six seven'], ['12', 'bb', 'x']], 32);
    expect(lines).toEqual([
      ' N  Name  Text',
      ' 5  a     one two three four',
      '          five six seven',
      '12  bb    x',
    ]);
  });

  it('stay readable when the terminal is too narrow', () => {
    expect(table([{ title: 'A very long title' }, { title: 'B' }], [['1', 'text']], 10)).toEqual(['A very long title  B', '1                  text']);
  });

  it('hang what follows under what begins', () => {
    expect(hanging('- ', 'one two three', 10)).toEqual(['- one two', '  three']);
    expect(pairs([['a', 'x'], ['long', 'y']], 40)).toEqual(['a     x', 'long  y']);
  });
});

describe('colour', () => {
  const terminal = { isTty: true, env: { TERM: 'xterm' } };

  it('is for terminals that want it', () => {
    expect(painter(terminal).bad('x')).toBe('\x1b[31mx\x1b[39m');
    expect(painter({ ...terminal, isTty: false }).bad('x')).toBe('x');
    expect(painter({ ...terminal, env: { NO_COLOR: '1' } }).bad('x')).toBe('x');
    expect(painter({ ...terminal, env: { TERM: 'dumb' } }).bad('x')).toBe('x');
  });
});

describe('times', () => {
  it('are local, and what is no time is shown safely', () => {
    expect(localTime('2026-01-02T03:04:05.000Z')).toMatch(/^2026-01-0[123] \d\d:\d\d:05$/);
    expect(localTime('\x1b[2J')).toBe('\\x1b[2J');
  });
});
