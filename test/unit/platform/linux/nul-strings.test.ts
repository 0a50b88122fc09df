import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBytes } from '../../../../shared/text/surrogate-escape.ts';
import { splitStrings } from '../../../../electron/platform/linux/nul-strings.ts';

describe('splitStrings', () => {
  it.each([
    ['', []],
    ['a\0', ['a']],
    ['a\0\0b\0', ['a', '', 'b']],
    ['rewritten title', ['rewritten title']],
    ['\xff\0', ['\udcff']],
  ])('splits %j', (text, values) => {
    expect(splitStrings(Buffer.from(text, 'latin1'))).toEqual(values);
  });

  // Parts of characters, whole ones, and bytes of none, beside NUL bytes.
  const piece = fc.constantFrom([0], [0x61], [0xff], [0xc3], [0xa9], [0xc3, 0xa9], [0xe2, 0x82], [0xe2, 0x82, 0xac], [0xf0, 0x9f, 0x98, 0x80], [0xed, 0xa0, 0x80]);

  it('gives each string as if it stood alone, whatever stands beside it', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const bytes = Uint8Array.from(pieces.flat());
        const alone: string[] = [];
        for (let start = 0; start < bytes.length; ) {
          const end = bytes.indexOf(0, start);
          const stop = end === -1 ? bytes.length : end;
          alone.push(decodeBytes(bytes.subarray(start, stop)));
          start = stop + 1;
        }
        expect(splitStrings(bytes)).toEqual(alone);
      }),
    );
  });
});
