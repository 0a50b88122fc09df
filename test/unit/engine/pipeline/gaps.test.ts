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
    expect(gaps.list()).toEqual([{ from: '2023-11-14T22:13:19.000Z', to: new Date(time.nowMs()).toISOString(), reason: expect.stringContaining('The engine was not running') as string }]);
  });

  it('are two when the sentinel was down with the engine, one when it went on', async () => {
    const both = book({ settledMs: 1_699_999_999_000, stopped: false, gaps: [] });
    both.gaps.resume();
    both.gaps.sentinelUp(1_699_999_999_500);
    await both.time.pass(100);
    both.gaps.end('sentinel');
    expect(both.gaps.list()).toMatchObject([{ reason: expect.stringContaining('engine') as string }, { from: '2023-11-14T22:13:19.000Z', to: new Date(both.time.nowMs()).toISOString(), reason: expect.stringContaining('The sentinel was not running') as string }]);
    const one = book({ settledMs: 1_699_999_999_000, stopped: false, gaps: [] });
    one.gaps.resume();
    one.gaps.sentinelUp(1_699_999_990_000);
    expect(one.gaps.list()).toHaveLength(1);
  });

  it('that were open when the engine ended are not forgotten', () => {
    const before = book();
    before.gaps.sentinelDown();
    before.gaps.leaveMark(before.time.nowMs(), false);
    const after = book(before.mark());
    after.gaps.resume();
    expect(after.gaps.list()).toMatchObject([{ reason: expect.stringContaining('sentinel was not running') as string, to: expect.any(String) as string }, {}]);
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
