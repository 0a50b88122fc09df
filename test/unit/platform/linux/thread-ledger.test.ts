import { describe, expect, it } from 'vitest';
import { ThreadLedger } from '../../../../electron/platform/linux/thread-ledger.ts';

describe('ThreadLedger', () => {
  it('ends a process of one thread with it', () => {
    expect(new ThreadLedger().threadEnded(10, 10)).toBe(true);
  });

  it('ends a process with its last thread, whichever that is', () => {
    const ledger = new ThreadLedger();
    ledger.threadStarted(10);
    ledger.threadStarted(10);
    expect([ledger.threadEnded(10, 11), ledger.threadEnded(10, 10), ledger.threadEnded(10, 12)]).toEqual([false, false, true]);
    expect(ledger.waiting.size).toBe(0);
  });

  it('lets a process live whose leader ended in an exec of another thread', () => {
    const ledger = new ThreadLedger();
    ledger.threadStarted(10);
    expect(ledger.threadEnded(10, 10)).toBe(false);
    ledger.executed(10);
    expect(ledger.waiting.size).toBe(0);
    expect(ledger.threadEnded(10, 10)).toBe(true);
  });

  it('knows threads from before by a look at the system', () => {
    const ledger = new ThreadLedger();
    ledger.prime(10, 2);
    ledger.prime(20, 1);
    expect([ledger.threadEnded(10, 10), ledger.threadEnded(20, 20), ledger.threadEnded(10, 11)]).toEqual([false, true, true]);
  });

  it('names the processes whose end may have been missed', () => {
    const ledger = new ThreadLedger();
    ledger.threadStarted(10);
    ledger.threadEnded(10, 10);
    expect([...ledger.waiting]).toEqual([10]);
    ledger.forget(10);
    expect(ledger.threadEnded(10, 10)).toBe(true);
  });
});
