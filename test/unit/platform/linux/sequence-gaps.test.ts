import { describe, expect, it } from 'vitest';
import { SequenceGaps } from '../../../../electron/platform/linux/sequence-gaps.ts';

describe('SequenceGaps', () => {
  it('counts what is missing, for each processor by itself', () => {
    const gaps = new SequenceGaps();
    expect([gaps.take(0, 100), gaps.take(1, 7), gaps.take(0, 101), gaps.take(0, 105), gaps.take(1, 8)]).toEqual([0, 0, 0, 3, 0]);
  });

  it('goes on over the end of the count', () => {
    const gaps = new SequenceGaps();
    gaps.take(0, 0xffff_fffe);
    expect([gaps.take(0, 0xffff_ffff), gaps.take(0, 0), gaps.take(0, 3)]).toEqual([0, 0, 2]);
  });

  it('takes a step back for a new beginning', () => {
    const gaps = new SequenceGaps();
    gaps.take(0, 500);
    expect([gaps.take(0, 3), gaps.take(0, 4)]).toEqual([0, 0]);
  });
});
