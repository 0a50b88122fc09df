/** Entries that come without end: the newest are kept, and no more than twice as many as asked for. */
import { expect, it } from 'vitest';
import { RecentMap } from '../../../../electron/engine/core/recent-map.ts';

const CAPACITY = 8;

function filled(count: number): RecentMap<number, string> {
  const map = new RecentMap<number, string>(CAPACITY);
  for (let key = 0; key < count; key += 1) map.set(key, `value ${key}`);
  return map;
}

it.each([1, CAPACITY, CAPACITY + 1, 5 * CAPACITY, 100])('keeps the newest of %i, and not all', (count) => {
  const map = filled(count);
  const kept = Array.from({ length: count }, (_, key) => key).filter((key) => map.get(key) === `value ${key}`);
  expect(kept.at(-1)).toBe(count - 1);
  expect(kept.length).toBeGreaterThanOrEqual(Math.min(count, CAPACITY));
  expect(kept.length).toBeLessThanOrEqual(2 * CAPACITY);
});

it('gives the last value of an entry, and none of one that was taken out, wherever it stood', () => {
  const map = filled(CAPACITY + 1);
  map.set(0, 'anew');
  expect(map.get(0)).toBe('anew');
  map.delete(0);
  expect(map.get(0)).toBeUndefined();
  map.delete(CAPACITY);
  expect(map.get(CAPACITY)).toBeUndefined();
});
