/** What is due is done in time, and what may be done is done along with it. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Alarm } from '../../../electron/engine/core/scheduler.ts';
import { WakeClock } from '../../../electron/host/wake-clock.ts';

let nowMs = 0;
let wakes: number;
let timerAt: number | null;
let fire: () => void;

vi.mock('../../../electron/host/beat-file.ts', () => ({ monotonicMs: () => nowMs }));

function makeAlarm(run: () => void): Alarm {
  fire = run;
  return {
    set: (ms) => {
      timerAt = nowMs + ms;
    },
    clear: () => {
      timerAt = null;
    },
  };
}

function passUntil(endMs: number): void {
  while (timerAt !== null && timerAt <= endMs) {
    nowMs = timerAt;
    timerAt = null;
    wakes += 1;
    fire();
  }
  nowMs = endMs;
}

beforeEach(() => {
  nowMs = 1_000;
  wakes = 0;
  timerAt = null;
});

describe('WakeClock', () => {
  it('does along what may be done, in one waking for all', () => {
    const clock = new WakeClock(makeAlarm);
    const done: string[] = [];
    const look = clock.slot(() => {
      done.push(`look ${nowMs}`);
      look.set(0, 400);
    });
    const beat = clock.slot(() => {
      done.push(`beat ${nowMs}`);
      beat.set(250, 500);
    });
    look.set(0, 400);
    beat.set(250, 500);
    passUntil(2_600);
    expect(done).toEqual([1_400, 1_800, 2_200, 2_600].flatMap((at) => [`look ${at}`, `beat ${at}`]));
    expect(wakes).toBe(4);
  });

  it('does nothing before it may, and everything when it is due', () => {
    const clock = new WakeClock(makeAlarm);
    const done: string[] = [];
    const often = clock.slot(() => {
      done.push('often');
      often.set(100, 100);
    });
    const seldom = clock.slot(() => done.push(`seldom ${nowMs}`));
    often.set(100, 100);
    seldom.set(250, 1_000);
    passUntil(1_350);
    expect(done).toEqual(['often', 'often', 'often', 'seldom 1300']);
  });

  it('wakes earlier for what is set later, and for nothing that was cleared', () => {
    const clock = new WakeClock(makeAlarm);
    const done: number[] = [];
    const slow = clock.slot(() => done.push(nowMs));
    const quick = clock.slot(() => done.push(nowMs));
    slow.set(900, 1_000);
    quick.set(40, 50);
    passUntil(1_100);
    expect([done, quick.isSet, slow.isSet]).toEqual([[1_050], false, true]);
    slow.clear();
    passUntil(5_000);
    expect(done).toEqual([1_050]);
  });

  it('uses one of Node\'s timers where there is no other', async () => {
    const clock = new WakeClock();
    await new Promise<void>((resolve) => {
      const slot = clock.slot(() => resolve());
      slot.set(0, 0);
    });
    clock.close();
  });
});
