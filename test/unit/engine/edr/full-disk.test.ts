import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import type { Store } from '../../../../electron/engine/edr/store.ts';
import type { HistoryEntry } from '../../../../shared/history/entry.ts';
import { detach, mount } from '../../../support/linux/libc.ts';
import { itNeeds } from '../../../support/requirement.ts';
import { allPages, finding, found, opened, query, value, withRule } from './support.ts';

/** A disk of one megabyte, unless another size is named. */
function smallDisk(size = '1m'): string {
  const disk = mkdtempSync(path.join(tmpdir(), 'holdfast-small-'));
  mount('holdfast-test', disk, 'tmpfs', `mode=0700,size=${size}`);
  onTestFinished(() => {
    detach(disk);
    rmdirSync(disk);
  });
  return disk;
}

/** Takes the last byte. */
function fill(disk: string): string {
  const ballast = path.join(disk, 'ballast');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballast, Buffer.alloc(bavail * bsize));
  return ballast;
}

const long = (index: number) => finding(`id-${index}`, { process: found({ argv: ['curl', 'x'.repeat(3000)] }) });

/** Records until the disk refuses three times. */
function recordUntilFull(store: Store): string[] {
  const ids: string[] = [];
  for (let refused = 0, index = 0; refused < 3; index++) {
    ids.push(`id-${index}`);
    if (!store.record(long(index)).ok) refused += 1;
  }
  return ids.reverse();
}

describe('on a full disk', () => {
  itNeeds(['linux', 'mounts'], 'nothing is lost: it waits, is shown, is told of, and is written when there is room', () => {
    const disk = smallDisk();
    const file = path.join(disk, 'history.db');
    const heard: HistoryEntry[] = [];
    const store = opened(file, { onEntry: (entry) => heard.push(entry) });
    const ballast = path.join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(300_000));
    const ids = recordUntilFull(store);
    expect(store.problem()).toMatch(/the disk is full\. 3 lines wait in memory/);
    expect(allPages(store, { limit: 2 }).map(({ id }) => id)).toEqual(ids);
    expect(heard.map(({ id }) => id).reverse()).toEqual(ids);
    expect(store.has(ids[0]!)).toBe(true);
    expect(store.counts('rule-a').prevented).toBe(ids.length);
    expect(value(store.history(query({ grouped: true }))).entries).toMatchObject([{ id: ids[0], count: ids.length }]);
    expect(store.retry().ok).toBe(false);

    rmSync(ballast);
    value(store.retry());
    expect(store.problem()).toBeNull();
    expect(store.counts('rule-a').prevented).toBe(ids.length);
    value(store.close());
    expect(allPages(opened(file), { limit: 7 }).map(({ id }) => id)).toEqual(ids);
  });

  itNeeds(['linux', 'mounts'], 'a drained log is not marked as read; given again it makes no second lines', () => {
    const disk = smallDisk('8m');
    const store = opened(path.join(disk, 'history.db'));
    const ballast = fill(disk);
    const denials = Array.from({ length: 300 }, (_, index) => long(index));
    expect(store.recordDrained('s', 300, denials)).toMatchObject({ ok: false, error: { code: 'store-not-written' } });
    expect(store.drainedThrough('s')).toBe(0);
    rmSync(ballast);
    expect(value(store.recordDrained('s', 300, denials)).map(({ id }) => id)).toEqual(denials.map(({ id }) => id));
    expect(store.drainedThrough('s')).toBe(300);
    expect(allPages(store, {})).toHaveLength(300);
  });

  itNeeds(['linux', 'mounts'], 'pages and groups go from what waits to what is stored without doubles', () => {
    const disk = smallDisk();
    const store = opened(path.join(disk, 'history.db'));
    const stored = ['a', 'b', 'a', 'c'].map((rule, index) => finding(`stored-${index}`, withRule(rule)));
    value(store.recordAll(stored));
    fill(disk);
    for (let index = 0; store.record(long(index)).ok; index++);
    for (const [index, rule] of ['d', 'a', 'e', 'a', 'b'].entries()) expect(store.record(finding(`waiting-${index}`, withRule(rule))).ok).toBe(false);
    for (const limit of [1, 2, 3, 100]) {
      const groups = allPages(store, { grouped: true, limit }).filter(({ rule }) => rule.id !== 'rule-a');
      expect(groups.map(({ id, count }) => [id, count])).toEqual([
        ['waiting-4', 2],
        ['waiting-3', 4],
        ['waiting-2', 1],
        ['waiting-0', 1],
        ['stored-3', 1],
      ]);
      const lines = allPages(store, { limit, rule: 'a' });
      expect(lines.map(({ id }) => id)).toEqual(['waiting-3', 'waiting-1', 'stored-2', 'stored-0']);
    }
  });
});
