import { describe, expect, it } from 'vitest';
import { GapBook, type AliveMark } from '../../../../electron/engine/pipeline/gaps.ts';
import { FakeTime } from '../../../support/fake-time.ts';

function book(mark: AliveMark | null = null): { time: FakeTime; gaps: GapBook; mark: () => AliveMark | null } {
  const time = new FakeTime();
  let kept = mark;
  return { time, gaps: new GapBook(time, { read: () => kept, write: (written) => { kept = written; } }), mark: () => kept };
}

describe('gaps', () => {
  it('are none at the first start', () => {
    const { gaps } = book();
    expect(gaps.resume()).toBeNull();
    expect(gaps.list()).toEqual([]);
  });

  it('of the engine reach from its last mark to now, and are to be caught up with', () => {
    const { gaps, time } = book({ settledMs: 1_699_999_999_000, stopped: false, gaps: [] });
    expect(gaps.resume()).toBe(1_699_999_999_000);
    expect(gaps.list()).toEqual([{ from: '2023-11-14T22:13:19.000Z', to: new Date(time.nowMs()).toISOString(), reason: 'The engine was not running. A sentinel that went on refused by the last rules; where it had ended as well, starts went through.' }]);
  });

  it('after a person stopped Holdfast are shown and not caught up with', () => {
    const { gaps } = book({ settledMs: 1_699_999_999_000, stopped: true, gaps: [] });
    expect(gaps.resume()).toBeNull();
    expect(gaps.list()).toMatchObject([{ reason: 'Holdfast was stopped.' }]);
  });

  it('open once, end once, and go on to the next engine', async () => {
    const { gaps, time, mark } = book();
    const from = time.nowMs();
    gaps.begin('sentinel', from, 'first');
    await time.pass(10);
    gaps.begin('sentinel', time.nowMs(), 'second');
    expect(gaps.openSince('sentinel')).toBe(from);
    expect(gaps.list()).toMatchObject([{ to: null, reason: 'first' }]);
    gaps.end('sentinel');
    gaps.end('sentinel');
    gaps.end('news');
    gaps.leaveMark(time.nowMs(), false);
    expect(mark()).toMatchObject({ stopped: false, gaps: [{ reason: 'first' }] });
  });

  it('are kept to the latest hundred', () => {
    const { gaps } = book();
    for (let count = 0; count < 150; count += 1) {
      gaps.begin('news', 0, `${count}`);
      gaps.end('news');
    }
    expect(gaps.list()).toHaveLength(100);
    expect(gaps.list()[0]?.reason).toBe('50');
  });
});
