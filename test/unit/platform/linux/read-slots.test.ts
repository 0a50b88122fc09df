import { describe, expect, it } from 'vitest';
import { ReadSlots } from '../../../../electron/platform/linux/read-slots.ts';

describe('ReadSlots', () => {
  it('lets no user take more than its share', () => {
    const slots = new ReadSlots(4, 2);
    expect([slots.tryTake(1), slots.tryTake(1), slots.tryTake(1)]).toEqual([true, true, false]);
    expect([slots.tryTake(2), slots.tryTake(2), slots.tryTake(3)]).toEqual([true, true, false]);
  });

  it('wakes the first who may have the slot, with the slot taken', () => {
    const slots = new ReadSlots(2, 1);
    const woken: number[] = [];
    slots.tryTake(1);
    slots.tryTake(2);
    slots.whenFree(1, () => woken.push(1));
    slots.whenFree(3, () => woken.push(3));
    slots.give(2);
    expect(woken).toEqual([3]);
    expect(slots.tryTake(4)).toBe(false);
    slots.give(1);
    expect(woken).toEqual([3, 1]);
  });

  it('does not wake who gave up', () => {
    const slots = new ReadSlots(1, 1);
    slots.tryTake(1);
    const giveUp = slots.whenFree(2, () => {
      throw new Error('woken after giving up');
    });
    giveUp();
    slots.give(1);
    expect(slots.tryTake(3)).toBe(true);
  });

  it('takes a slot given back twice for a bug', () => {
    expect(() => new ReadSlots(1, 1).give(1)).toThrow('twice');
  });
});
