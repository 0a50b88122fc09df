import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseName, middleCut, visibleText } from '../../../renderer/components/visible-text.ts';
import { ago, span } from '../../../renderer/components/times.ts';
import { markedPieces } from '../../../renderer/screens/history/marked.ts';
import { isFiltering, NO_FILTERS, toFilter } from '../../../renderer/screens/history/filters.ts';
import { historyFilterSchema } from '../../../shared/history/search.ts';

describe('text that an attacker may have chosen', () => {
  it('shows what can not be seen', () => {
    expect(visibleText('invoice\u202Efdp.exe')).toBe('invoice\\u{202e}fdp.exe');
    expect(visibleText('a\nb\tc\0')).toBe('a\\x0ab\\x09c\\x00');
    expect(visibleText('x\udcff')).toBe('x\\xff');
    expect(visibleText('naïve 日本')).toBe('naïve 日本');
  });

  it('never renders a character that controls or hides', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visibleText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }));
  });

  it('keeps beginning and end when it is cut', () => {
    fc.assert(fc.property(fc.string(), fc.integer({ min: 3, max: 50 }), (text, most) => {
      const cut = middleCut(text, most);
      expect(cut.length).toBeLessThanOrEqual(Math.max(most, text.length <= most ? text.length : most));
      if (text.length > most) expect(cut.startsWith(text.slice(0, 1))).toBe(true);
    }));
    expect(baseName('/usr/bin/bash')).toBe('bash');
    expect(baseName('C:\\a\\b.exe')).toBe('b.exe');
  });
});

describe('what matched', () => {
  it('is marked where it stands', () => {
    const pieces = markedPieces('curl -s http://x/a.sh', ['*CURL*', 'http://*/a.sh']);
    expect(pieces.filter(({ marked }) => marked).map(({ text }) => text)).toEqual(['curl', 'http://', '/a.sh']);
  });

  it('loses and adds no character', () => {
    fc.assert(fc.property(fc.string(), fc.array(fc.string(), { maxLength: 4 }), (text, patterns) => {
      expect(markedPieces(text, patterns).map((piece) => piece.text).join('')).toBe(text);
    }));
  });
});

describe('filters', () => {
  it('become what the engine takes', () => {
    expect(historyFilterSchema.parse(toFilter({ text: 'x', action: 'prevented', rule: 'r', period: 'hour' }, 3_600_000 + 30_000))).toEqual({ text: 'x', actions: ['prevented'], rules: ['r'], severities: [], sinceMs: 0, untilMs: null });
    expect(isFiltering(NO_FILTERS)).toBe(false);
    expect(isFiltering({ ...NO_FILTERS, period: 'week' })).toBe(true);
  });
});

it('times are said as people do', () => {
  expect(span(90_000)).toBe('1 min');
  expect(ago(new Date(0).toISOString(), 7_300_000)).toBe('2 h ago');
  expect(ago(null, 0)).toBe('never');
});
