import { describe, expect, it } from 'vitest';
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
});
