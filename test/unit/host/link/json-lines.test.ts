import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader, toLine } from '../../../../electron/host/link/json-lines.ts';

describe('LineReader', () => {
  it('gives back every value however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 20 }), fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 40 }), (values, cuts) => {
        const bytes = Buffer.from(values.map(toLine).join(''));
        const lines: unknown[] = [];
        const reader = new LineReader(1e6, (line) => lines.push(JSON.parse(line)), () => expect.unreachable());
        let at = 0;
        for (const cut of cuts) {
          reader.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        reader.push(bytes.subarray(at));
        expect(lines).toEqual(values.map((value) => JSON.parse(JSON.stringify(value)) as unknown));
      }),
    );
  });

  it('keeps bytes that are no UTF-8 exactly', () => {
    const lines: unknown[] = [];
    new LineReader(1e6, (line) => lines.push(JSON.parse(line)), () => expect.unreachable()).push(Buffer.from(toLine({ name: 'a\udcffb' })));
    expect(lines).toEqual([{ name: 'a\udcffb' }]);
  });

  it('tells a line over the limit and keeps none of it', () => {
    let told = 0;
    const reader = new LineReader(10, () => expect.unreachable(), () => (told += 1));
    reader.push(Buffer.alloc(6, 'a'));
    reader.push(Buffer.alloc(6, 'a'));
    expect(told).toBe(1);
  });
});
