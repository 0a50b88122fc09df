/** Timers of the kernel: they fire when they are due, as often as they should, and not once they were closed. */
import { expect, it } from 'vitest';
import { oneTimer } from '../../electron/platform/linux/descriptor-timer.ts';
import { waitUntil } from '../support/linux/wait-until.ts';
import { describeNeeds } from '../support/requirement.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describeNeeds(['linux'], 'a timer of the kernel', () => {
  it('fires once for each time it is set, and never early', async () => {
    let firedAt: number[] = [];
    const timer = oneTimer(() => firedAt.push(performance.now()))!;
    const from = performance.now();
    timer.set(10_000);
    timer.set(50);
    await waitUntil(() => firedAt.length > 0);
    expect(firedAt[0]! - from).toBeGreaterThan(49);
    await pause(120);
    expect(firedAt.length).toBe(1);
    firedAt = [];
    timer.set(0);
    await waitUntil(() => firedAt.length === 1);
    timer.set(20);
    timer.clear();
    await pause(80);
    expect(firedAt.length).toBe(1);
    timer.set(20);
    timer.close();
    await pause(80);
    expect(firedAt.length).toBe(1);
  });

  it('lets promises go on before the loop does', async () => {
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      const timer = oneTimer(() => {
        setImmediate(() => {
          order.push('turn');
          timer.close();
          resolve();
        });
        void Promise.resolve().then(() => order.push('promise'));
        process.nextTick(() => order.push('tick'));
      })!;
      timer.set(5);
    });
    expect(order).toEqual(['tick', 'promise', 'turn']);
  });
});
