import { performance } from 'node:perf_hooks';
import { expect, it, onTestFinished } from 'vitest';
import { toRow } from '../../../../electron/engine/edr/history-row.ts';
import { hasEntry, insertRow, pruneRows } from '../../../../electron/engine/edr/history-table.ts';
import { migrate } from '../../../../electron/engine/edr/migrations.ts';
import { Sqlite } from '../../../../electron/engine/edr/sqlite.ts';
import type { Store } from '../../../../electron/engine/edr/store.ts';
import { allPages, deps, finding, found, opened, query, storeFile, T0, value, withRule } from './support.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

function pruneAll(store: Store, nowMs: number): number[] {
  const steps: number[] = [];
  do steps.push(value(store.prune(nowMs)));
  while (steps.at(-1) !== 0);
  return steps;
}

it('lines older than 90 days go, a thousand at a time, and groups count what is left', () => {
  const store = opened(storeFile());
  const line = (index: number, timeMs: number) => finding(`id-${index}`, { timeMs, process: found({ argv: ['curl', `${index % 2}`] }) });
  value(store.recordAll(Array.from({ length: 2500 }, (_, index) => line(index, T0))));
  value(store.record(finding('gone', { ...withRule('rule-b') })));
  value(store.recordAll(Array.from({ length: 5 }, (_, index) => line(2501 + index, T0 + DAY_MS + index))));
  expect(pruneAll(store, T0 + 90 * DAY_MS)).toEqual([0]);
  expect(pruneAll(store, T0 + 90 * DAY_MS + 2)).toEqual([1000, 1000, 501, 0]);
  expect(allPages(store, {}).map(({ id }) => id)).toEqual(['id-2505', 'id-2504', 'id-2503', 'id-2502', 'id-2501']);
  const grouped = value(store.history(query({ grouped: true }))).entries;
  expect(grouped.map(({ id, count, time }) => [id, count, Date.parse(time)])).toEqual([
    ['id-2505', 3, T0 + DAY_MS],
    ['id-2504', 2, T0 + DAY_MS + 1],
  ]);
  expect(store.counts('rule-a').prevented).toBe(2505);
});

it('of more lines than are kept the first stored go', () => {
  const sqlite = new Sqlite(storeFile());
  onTestFinished(() => sqlite.close());
  migrate(sqlite);
  for (let index = 0; index < 10; index++) insertRow(sqlite, toRow(finding(`id-${index}`, { timeMs: T0 - index }), deps()));
  const step = () => pruneRows(sqlite, { olderThanMs: 0, mostRows: 5, mostBytes: 1e9, step: 3 });
  expect([step(), step(), step()]).toEqual([3, 2, 0]);
  expect(['id-4', 'id-5'].map((id) => hasEntry(sqlite, id))).toEqual([false, true]);
});

it('of a store that weighs too much no more of the first lines go than it takes', () => {
  const sqlite = new Sqlite(storeFile());
  onTestFinished(() => sqlite.close());
  migrate(sqlite);
  const megabyte = (index: number) => finding(`id-${index}`, { process: found({ argv: ['x'.repeat(1_000_000)] }) });
  for (let index = 0; index < 10; index++) insertRow(sqlite, toRow(megabyte(index), deps()));
  const step = () => pruneRows(sqlite, { olderThanMs: 0, mostRows: 100, mostBytes: 6_500_000, step: 3 });
  expect([step(), step(), step()]).toEqual([3, 1, 0]);
  expect(['id-3', 'id-4'].map((id) => hasEntry(sqlite, id))).toEqual([false, true]);
});

it('prints how long the first page takes at 100,000 lines', { timeout: 120_000 }, () => {
  const store = opened(storeFile());
  const total = 100_000;
  const timed = (what: string, work: () => void): string => {
    const began = performance.now();
    work();
    return `${what}: ${(performance.now() - began).toFixed(1)} ms`;
  };
  const batch = (start: number) => Array.from({ length: 5000 }, (_, index) => finding(`id-${start + index}`, { timeMs: T0 + start + index, process: found({ pid: (start + index) % 500, argv: ['curl', `${index % 1000}`] }) }));
  const figures = [timed('storing all', () => { for (let start = 0; start < total; start += 5000) value(store.recordAll(batch(start))); })];
  for (const wanted of [{}, { grouped: true }, { action: 'audited' }, { rule: 'rule-a', action: 'audited' }, { sinceMs: T0 }, { sinceMs: T0 + total - 10 }, { pid: 3 }, { grouped: true, sinceMs: T0 }, { before: 'id-5000' }]) {
    figures.push(timed(JSON.stringify(wanted), () => value(store.history(query(wanted)))));
  }
  figures.push(timed('a step of retention', () => value(store.prune(T0 + 90 * DAY_MS + 1000))));
  process.stdout.write(`${figures.join('\n')}\n`);
});
