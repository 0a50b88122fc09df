/** Marks against a set of numbers, also after they have been taken away. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkSet } from '../../../../../electron/engine/rules/set/mark-set.ts';

const SIZE = 200;
const numbers = fc.array(fc.nat(SIZE - 1), { maxLength: 60 });

describe('marks', () => {
  it('tell what was marked, and whether it was before', () => {
    fc.assert(
      fc.property(fc.array(numbers, { maxLength: 5 }), (rounds) => {
        const marks = new MarkSet(SIZE);
        for (const round of rounds) {
          const known = new Set<number>();
          for (const number of round) {
            expect(marks.add(number)).toBe(!known.has(number));
            known.add(number);
          }
          for (let number = 0; number < SIZE; number += 1) expect(marks.has(number)).toBe(known.has(number));
          marks.clear();
          expect(marks.words.every((word) => word === 0)).toBe(true);
        }
      }),
    );
  });
});
