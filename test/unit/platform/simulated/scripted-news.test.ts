import { describe, expect, it } from 'vitest';
import { ScriptedNews } from '../../../../electron/platform/simulated/scripted-news.ts';

describe('ScriptedNews', () => {
  it('tells what the test tells, until closed', () => {
    const feed = new ScriptedNews();
    const told: unknown[] = [];
    feed.start((news) => told.push(...news), (lost) => told.push(lost), (message) => told.push(message));
    feed.tell({ type: 'exec', pid: 1, atNs: 1n });
    feed.lose(3);
    feed.failWith('gone');
    feed.close();
    feed.tell({ type: 'exit', pid: 1, atNs: 2n });
    expect(told).toEqual([{ type: 'exec', pid: 1, atNs: 1n }, 3, 'gone']);
    expect(() => feed.start(() => undefined, () => undefined, () => undefined)).toThrow();
  });
});
