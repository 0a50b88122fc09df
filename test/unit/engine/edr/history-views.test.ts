import { beforeEach, describe, expect, it } from 'vitest';
import { countNewer, decide, searchGroups, summarise, timesOf, undecided, type HistorySearch } from '../../../../electron/engine/edr/history-views.ts';
import { insertRow } from '../../../../electron/engine/edr/history-table.ts';
import { migrate } from '../../../../electron/engine/edr/migrations.ts';
import { offeredNotices, noticeOf, recordNotices } from '../../../../electron/engine/edr/notice-book.ts';
import { Sqlite } from '../../../../electron/engine/edr/sqlite.ts';
import { historySearchInput } from '../../../../shared/history/search.ts';
import { entry, process, SHELL_RULE } from '../control/control-rig.ts';
import type { HistoryEntry } from '../../../../shared/history/entry.ts';

const START = Date.parse('2026-11-01T00:00:00.000Z');
let sqlite: Sqlite;
let next = 0;

function add(changes: { image?: string; commandLine?: string; uid?: number; action?: HistoryEntry['action']; mode?: 'block' | 'warn'; atMs?: number; rule?: string }): string {
  next += 1;
  const id = `e${next}`;
  const timeMs = changes.atMs ?? START + next * 1_000;
  const base = entry();
  const one: HistoryEntry = {
    ...base, id, time: new Date(timeMs).toISOString(), lastTime: new Date(timeMs).toISOString(), action: changes.action ?? 'prevented',
    rule: { ...base.rule, id: changes.rule ?? SHELL_RULE, mode: changes.mode ?? 'block' },
    process: process({ image: changes.image ?? '/opt/tool', commandLine: changes.commandLine ?? `tool ${next}` }),
  };
  insertRow(sqlite, { entry: one, timeMs, uid: changes.uid ?? 1000, groupKey: JSON.stringify([one.rule.id, one.action, one.process.image, one.process.commandLine]) });
  return id;
}

const search = (filter: object, more: object = {}): HistorySearch => historySearchInput.parse({ filter, ...more });
const ids = (filter: object, ownUid: number | null = null, more: object = {}): string[] => searchGroups(sqlite, search(filter, more), ownUid).groups.map((group) => group.entry.id);

beforeEach(() => {
  sqlite = new Sqlite(':memory:');
  migrate(sqlite);
  next = 0;
});

describe('search', () => {
  it('finds words in any order and case, in program, arguments, rule and parent', () => {
    add({ commandLine: 'tool --upload ÄPFEL.txt' });
    add({ commandLine: 'other' });
    expect(ids({ text: 'äpfel TOOL' })).toEqual(['e1']);
    expect(ids({ text: 'rule env' })).toEqual(['e2', 'e1']);
    expect(ids({ text: '100%_' })).toEqual([]);
  });

  it('combines filters, counts all and pages without a gap while new entries come', () => {
    for (let index = 0; index < 25; index += 1) add({ action: index % 2 === 0 ? 'prevented' : 'audited' });
    const first = searchGroups(sqlite, search({ actions: ['prevented'] }, { limit: 5 }), null);
    expect(first).toMatchObject({ total: 13, more: true });
    add({});
    const second = searchGroups(sqlite, search({ actions: ['prevented'] }, { limit: 50, cursor: first.groups.at(-1)?.cursor }), null);
    expect([...first.groups, ...second.groups].map((group) => group.entry.id)).toHaveLength(13);
    expect(ids({ sinceMs: START + 24_500, untilMs: START + 25_500 })).toEqual(['e25']);
  });

  it('shows equal entries as one with a counter and both times', () => {
    add({ commandLine: 'same' });
    add({ commandLine: 'same' });
    const [group] = searchGroups(sqlite, search({}), null).groups;
    expect(group?.entry).toMatchObject({ id: 'e2', count: 2, time: new Date(START + 1_000).toISOString(), lastTime: new Date(START + 2_000).toISOString() });
    expect(timesOf(sqlite, 'e2')).toHaveLength(2);
  });

  it('tells an account without rights nothing about what others typed', () => {
    add({ commandLine: 'mysql --password hunter2', uid: 1000 });
    expect(ids({ text: 'hunter2' }, 1001)).toEqual([]);
    expect(searchGroups(sqlite, search({ text: 'hunter2' }), 1001).total).toBe(0);
    expect(ids({ text: 'hunter2' }, 1000)).toEqual(['e1']);
    expect(ids({}, 1001)).toEqual(['e1']);
  });

  it('stores text that is no text and finds the rest of it', () => {
    add({ commandLine: 'tool \udcff\ud800 end' });
    expect(ids({ text: 'end' })).toEqual(['e1']);
  });
});

describe('open questions', () => {
  it('are warnings nobody has answered; one that comes again asks again', () => {
    add({ mode: 'warn', commandLine: 'w' });
    add({ mode: 'block' });
    expect(undecided(sqlite, START + 60_000, 10).entries.map(({ id }) => id)).toEqual(['e1']);
    decide(sqlite, 'e1');
    expect(undecided(sqlite, START + 60_000, 10).count).toBe(0);
    add({ mode: 'warn', commandLine: 'w' });
    expect(undecided(sqlite, START + 60_000, 10).count).toBe(1);
  });
});

it('sums a day in parts, and counts what is new', () => {
  add({ atMs: START + 10 });
  add({ atMs: START + 3_600_000 + 10, action: 'stopped' });
  expect(summarise(sqlite, START, 3_600_000)).toEqual(expect.arrayContaining([{ action: 'prevented', part: 0, count: 1 }, { action: 'stopped', part: 1, count: 1 }]));
  expect(countNewer(sqlite, 'e1')).toBe(1);
  expect(countNewer(sqlite, null)).toBe(2);
});

describe('notices', () => {
  const all = (): boolean => true;
  const NOW = START + 3_600_000;

  it('begin ten minutes before the first look, and are offered until it is said what became of them', () => {
    add({});
    expect(offeredNotices(sqlite, 1000, NOW, all)).toEqual([]);
    const id = add({ atMs: NOW - 60_000 });
    expect(offeredNotices(sqlite, 1000, NOW, all).map((one) => one.id)).toEqual([id]);
    expect(offeredNotices(sqlite, 1000, NOW, all)).toHaveLength(1);
    expect(recordNotices(sqlite, 1000, [id, 'nonsense'], { outcome: 'no-service', detail: 'none' }, START)).toBe(1);
    expect(offeredNotices(sqlite, 1000, NOW, all)).toEqual([]);
    expect(noticeOf(sqlite, id, String)).toMatchObject({ outcome: 'no-service', user: '1000' });
  });

  it('are kept for each account apart', () => {
    offeredNotices(sqlite, 1000, NOW, all);
    offeredNotices(sqlite, 1001, NOW, all);
    const id = add({});
    recordNotices(sqlite, 1000, [id], { outcome: 'delivered', detail: null }, START);
    expect(offeredNotices(sqlite, 1001, NOW, all)).toHaveLength(1);
  });
});
