/** What is remembered of values: right, bounded, and of no use to who sends values that never come again. */
import { describe, expect, it } from 'vitest';
import { ValueCache } from '../../../../../electron/engine/rules/set/value-cache.ts';

describe('what is remembered of values', () => {
  it('comes back for the same text only', () => {
    const cache = new ValueCache(true);
    cache.keep('one', [1]);
    expect(cache.get('one')).toEqual([1]);
    expect(cache.get('One')).toBeUndefined();
    expect(cache.get('on')).toBeUndefined();
  });

  it.each(['', 'plain', 'größer', '語', '\u{1f600}', '\ufeffmarked', 'half \ud83d of a pair', 'x'.repeat(1_024), '語'.repeat(1_024)])('comes back for %j', (value) => {
    const cache = new ValueCache(true);
    cache.keep(value, [1]);
    expect(cache.get(value)).toEqual([1]);
  });

  it('stays while it is asked about, however many others come', () => {
    const cache = new ValueCache(true);
    cache.keep('hot', [7]);
    for (let round = 0; round < 5_000; round += 1) {
      cache.keep(`cold ${round}`, []);
      expect(cache.get('hot')).toEqual([7]);
    }
    expect(cache.get('cold 0')).toBeUndefined();
  });

  it('holds no more than two generations of units, whatever comes', () => {
    const cache = new ValueCache(true);
    const values = Array.from({ length: 400 }, (_, number) => `${number}`.padEnd(1_000, 'x'));
    for (const value of values) cache.keep(value, []);
    const kept = values.filter((value) => cache.get(value) !== undefined);
    expect(kept.length * 1_000).toBeLessThanOrEqual(2 * 65_536);
  });

  it('is asked seldom after many values that were new, and often again once values come again', () => {
    const cache = new ValueCache(true);
    const ask = (value: string): boolean => {
      if (!cache.wants(value)) return false;
      if (cache.get(value) === undefined) cache.keep(value, []);
      return true;
    };
    for (let number = 0; number < 1_000; number += 1) ask(`new ${number}`);
    const asked = Array.from({ length: 640 }, (_, number) => ask(`newer ${number}`)).filter((one) => one);
    expect(asked).toHaveLength(10);
    for (let round = 0; round < 640; round += 1) ask('again');
    expect(Array.from({ length: 20 }, () => ask('again'))).not.toContain(false);
  });

  it('wants no long value', () => {
    const cache = new ValueCache(true);
    expect(cache.wants('x'.repeat(1_024))).toBe(true);
    expect(cache.wants('x'.repeat(1_025))).toBe(false);
  });
});
