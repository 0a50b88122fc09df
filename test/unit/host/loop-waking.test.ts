/** Electron's waking of the loop is kept for what runs outside it. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { wakeFromOutsideOnly } from '../../../electron/host/loop-waking.ts';

interface Wakes {
  activateUvLoop?: () => void;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('waking the loop', () => {
  afterEach(() => {
    delete (process as Wakes).activateUvLoop;
  });

  it('is left as it is where nothing wakes it (Node)', () => {
    wakeFromOutsideOnly()();
    expect('activateUvLoop' in process).toBe(false);
  });

  it('is done for what is put off outside the loop, until its next turn, and not for what the loop itself runs', async () => {
    const woken = vi.fn();
    (process as Wakes).activateUvLoop = woken;
    const fromOutside = wakeFromOutsideOnly();
    const putOff = (): void => (process as Wakes).activateUvLoop?.();
    // A child's own first lines run outside the loop.
    putOff();
    expect(woken).toHaveBeenCalledTimes(1);
    await turn();
    putOff();
    expect(woken).toHaveBeenCalledTimes(1);
    fromOutside();
    putOff();
    fromOutside();
    putOff();
    expect(woken).toHaveBeenCalledTimes(3);
    await turn();
    putOff();
    expect(woken).toHaveBeenCalledTimes(3);
  });
});
