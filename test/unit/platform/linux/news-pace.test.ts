/** How long news of processes is left to gather, on a calm machine and on a busy one. */
import { describe, expect, it } from 'vitest';
import { NewsPace } from '../../../../electron/platform/linux/news-pace.ts';

const ms = (count: number): bigint => BigInt(count) * 1_000_000n;
const START = ms(1_000_000);

/** Looks every `everyMs`, each time at so much news, for so long; gives the time of the last look. */
function keepLooking(pace: NewsPace, everyMs: number, news: number, forMs: number): bigint {
  let at = START;
  for (let passed = 0; passed <= forMs; passed += everyMs) {
    at = START + ms(passed);
    pace.gatherMs(at);
    pace.looked(news, at);
  }
  return at;
}

describe('the pace of news', () => {
  it('is no pause at all on a calm machine, so that a single start is looked at while it runs', () => {
    const pace = new NewsPace();
    expect(pace.gatherMs(START)).toBe(0);
    const last = keepLooking(pace, 500, 3, 5_000);
    expect(pace.gatherMs(last + ms(300))).toBe(0);
  });

  it('is short while one thing follows the other', () => {
    const pace = new NewsPace();
    pace.looked(2, START);
    expect(pace.gatherMs(START + ms(3))).toBe(8);
    expect(pace.gatherMs(START + ms(20))).toBe(0);
  });

  it('is longer beside a build, also for the first news after its pauses, and no longer a moment after it', () => {
    const pace = new NewsPace();
    const last = keepLooking(pace, 50, 12, 3_000);
    expect(pace.gatherMs(last + ms(60))).toBe(25);
    expect(pace.gatherMs(last + ms(2_500))).toBe(0);
  });

  it('is no pause in a storm that brings enough at each look', () => {
    const pace = new NewsPace();
    expect(pace.gatherMs(keepLooking(pace, 30, 1_000, 4_000))).toBe(0);
  });
});
