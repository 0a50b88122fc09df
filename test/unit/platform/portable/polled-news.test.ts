import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProcessNews, SeenProcess } from '../../../../electron/platform/contract.ts';
import { differences, openPolledNews } from '../../../../electron/platform/portable/polled-news.ts';
import { fail } from '../../../../shared/result.ts';

function seen(pid: number, parentPid: number, program = 'p', identity = '1'): SeenProcess {
  return { pid, parentPid, identity, program };
}

function between(before: readonly SeenProcess[], now: readonly SeenProcess[]): string[] {
  const map = (list: readonly SeenProcess[]): Map<number, SeenProcess> => new Map(list.map((each) => [each.pid, each]));
  return differences(map(before), map(now), 5n).map((news) => (news.type === 'fork' ? `fork ${news.parentPid} ${news.childPid}` : `${news.type} ${news.pid}`));
}

describe('differences', () => {
  it('tells starts, ends and changes of program', () => {
    expect(between([seen(1, 0), seen(2, 1)], [seen(1, 0), seen(3, 1)])).toEqual(['exit 2', 'fork 1 3', 'exec 3']);
    expect(between([seen(2, 1, 'sh')], [seen(2, 1, 'ls')])).toEqual(['exec 2']);
    expect(between([seen(2, 1)], [seen(2, 1)])).toEqual([]);
  });

  it('notices that an id is used again', () => {
    expect(between([seen(2, 1, 'p', '100')], [seen(2, 1, 'p', '200')])).toEqual(['exit 2', 'fork 1 2', 'exec 2']);
  });

  it('tells parents before their children, and ends where they name each other', () => {
    expect(between([], [seen(3, 2), seen(2, 1)])).toEqual(['fork 1 2', 'exec 2', 'fork 2 3', 'exec 3']);
    expect(between([], [seen(3, 2), seen(2, 3)]).length).toBe(4);
  });
});

describe('openPolledNews', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('takes the first list for the present and tells what changes after it, until closed', async () => {
    const lists: SeenProcess[][] = [[seen(1, 0)], [seen(1, 0), seen(2, 1)], [seen(1, 0)], [seen(1, 0), seen(9, 1)]];
    const told: ProcessNews['type'][][] = [];
    const feed = openPolledNews(() => lists.shift() ?? [], 500);
    feed.start((news) => told.push(news.map((each) => each.type)), () => undefined, () => undefined);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(told).toEqual([['fork', 'exec'], ['exit']]);
    feed.close();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told.length).toBe(2);
  });

  it('says when the list can not be had, and goes on', async () => {
    const answers = [fail('no-process-list', 'ps is not installed'), { ok: true as const, value: [seen(1, 0)] }, { ok: true as const, value: [] }];
    const failures: string[] = [];
    const told: unknown[] = [];
    const feed = openPolledNews(() => Promise.resolve(answers.shift() ?? fail('x', 'x')), 500);
    feed.start((news) => told.push(...news), () => undefined, (message) => failures.push(message));
    await vi.advanceTimersByTimeAsync(1_100);
    feed.close();
    expect(failures).toEqual(['ps is not installed']);
    expect(told.length).toBe(1);
    expect(() => feed.start(() => undefined, () => undefined, () => undefined)).toThrow();
  });
});
