/** Encodings against Node's own. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeValue, type Encoding } from '../../../../../electron/engine/rules/parse/encoding.ts';

function encoded(text: string, ...encodings: Encoding[]): readonly string[] {
  const forms = encodeValue([text], encodings);
  if (typeof forms === 'string') throw new Error(forms);
  return forms.map((tokens) => tokens.map(String).join(''));
}

const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });

it('base64 is that of UTF-8, or of UTF-16 behind wide', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(encoded(value, 'base64')).toEqual([Buffer.from(value, 'utf8').toString('base64')]);
      expect(encoded(value, 'utf16le', 'base64')).toEqual([Buffer.from(value, 'utf16le').toString('base64')]);
      expect(encoded(value, 'utf16be', 'base64')).toEqual([Buffer.from(value, 'utf16le').swap16().toString('base64')]);
      expect(encoded(value, 'utf16', 'base64')).toEqual([Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(value, 'utf16le')]).toString('base64')]);
    }),
  );
});

it('base64offset finds the value wherever it stands, whatever stands around it', () => {
  const bytes = fc.uint8Array({ maxLength: 7 });
  fc.assert(
    fc.property(bytes, fc.string({ minLength: 3, maxLength: 12 }), bytes, fc.constantFrom<Encoding[]>([], ['utf16le']), (before, value, after, wide) => {
      const inner = Buffer.from(value, wide.length > 0 ? 'utf16le' : 'utf8');
      const whole = Buffer.concat([before, inner, after]).toString('base64');
      const forms = encoded(value, ...wide, 'base64offset');
      expect(forms).toHaveLength(3);
      expect(whole).toContain(forms[before.length % 3]!);
    }),
  );
});

it('utf16 shows each byte as a character', () => {
  expect(encoded('cmd', 'utf16le')).toEqual(['c\0m\0d\0']);
  expect(encoded('cmd', 'utf16be')).toEqual(['\0c\0m\0d']);
  expect(encoded('c', 'utf16')).toEqual(['\u00ff\u00fec\0']);
});

describe('what can not be encoded is refused', () => {
  it.each<[string, Encoding[], RegExp]>([
    ['wildcard', ['base64'], /wildcard/],
    ['x', ['base64offset'], /too short/],
  ])('%s', (value, encodings, reason) => {
    expect(encodeValue(value === 'wildcard' ? ['a', { wild: 'run' }] : [value], encodings)).toMatch(reason);
  });
});
