import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BoundedMap } from '../../../../../electron/engine/behavior/detectors/bounded-map.ts';

it('keeps the newest, and nothing for longer than its age', () => {
  const map = new BoundedMap<number>(2, 100);
  map.set('a', 1, 0);
  map.set('b', 2, 10);
  map.set('c', 3, 20);
  expect([map.get('a', 20), map.get('b', 20), map.get('c', 20)]).toEqual([undefined, 2, 3]);
  expect(map.get('b', 111)).toBeUndefined();
  expect([...map.fresh(115)]).toEqual([['c', 3]]);
});

it('renews what is set again', () => {
  const map = new BoundedMap<number>(2, 100);
  map.set('a', 1, 0);
  map.set('b', 2, 0);
  map.set('a', 1, 50);
  map.set('c', 3, 60);
  expect([map.get('a', 60), map.get('b', 60)]).toEqual([1, undefined]);
});

it('keeps nothing for ever when the clock is set back or forward', () => {
  const map = new BoundedMap<number>(10, 100);
  map.set('future', 1, 1_000_000);
  map.set('now', 2, 0);
  expect(map.get('future', 0)).toBeUndefined();
  expect(map.get('now', 50)).toBe(2);
});

it('never holds more than it may', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ maxLength: 2 }), fc.integer({ min: 0, max: 500 }))), (steps) => {
      const map = new BoundedMap<number>(5, 100);
      for (const [key, at] of steps) map.set(key, at, at);
      expect(map.size).toBeLessThanOrEqual(5);
    }),
  );
});
