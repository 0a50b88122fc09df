import { describe, expect, it } from 'vitest';
import { ARGUMENTS_UNKNOWN, USER_UNKNOWN } from '../../../../electron/engine/edr/history-entry.ts';
import { summarise } from '../../../../electron/engine/edr/history-views.ts';
import { PAUSED_RULE_ID } from '../../../../electron/engine/pipeline/own-rules.ts';
import { historyEntrySchema, type HistoryEntry } from '../../../../shared/history/entry.ts';
import { decodeBytes, encodeBytes } from '../../../../shared/text/surrogate-escape.ts';
import { finding, found, opened, query, storeFile, T0, value, withRule } from './support.ts';

describe('what was recorded', () => {
  it('is there after the store was closed and opened again, as promised by the schema', () => {
    const file = storeFile();
    const first = opened(file);
    const entry = value(first.record(finding('a')));
    value(first.close());
    const again = opened(file);
    expect(value(again.history(query())).entries).toEqual([entry]);
    expect(historyEntrySchema.parse(entry)).toEqual(entry);
    expect(entry).toMatchObject({ time: '2030-01-01T00:00:00.000Z', count: 1, severity: 'high', process: { commandLine: 'curl http://a', user: 'user1000', startTime: '2030-01-01T00:00:00.005Z' } });
    expect(again.problem()).toBeNull();
  });

  it('keeps every byte of names that are not text', () => {
    const file = storeFile();
    const bytes = Uint8Array.from({ length: 255 }, (_, index) => index + 1);
    const name = decodeBytes(bytes);
    const first = opened(file);
    value(first.record(finding('a', { process: found({ image: `/tmp/${name}`, argv: [name, ''] }), ancestors: [found({ image: name, argv: null })] })));
    value(first.close());
    const [entry] = value(opened(file).history(query({ grouped: true }))).entries;
    expect(encodeBytes(entry!.process.image.slice('/tmp/'.length))).toEqual(bytes);
    expect(entry!.process.commandLine).toBe(`${name} `);
    expect(entry!.ancestors[0]!.image).toBe(name);
  });

  it('says in words what is not known', () => {
    const entry = value(opened(storeFile()).record(finding('a', { process: found({ argv: null, uid: null, startTicks: null }) })));
    expect(entry.process).toMatchObject({ commandLine: ARGUMENTS_UNKNOWN, user: USER_UNKNOWN, startTime: null });
  });

  it('is one line and one act however often it comes, and listeners hear of it once', () => {
    const heard: HistoryEntry[] = [];
    const store = opened(storeFile(), { onEntry: (entry) => heard.push(entry) });
    const first = value(store.record(finding('a')));
    expect(value(store.record(finding('a', { notes: ['Told differently.'] })))).toEqual(first);
    expect(value(store.recordAll([finding('b'), finding('a'), finding('b')])).map(({ id }) => id)).toEqual(['b', 'a', 'b']);
    expect(value(store.history(query())).entries.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(heard.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(store.counts('rule-a')).toEqual({ prevented: 2, stopped: 0, audited: 0 });
    expect([store.has('a'), store.has('c')]).toEqual([true, false]);
  });

  it('is counted per rule, across restarts', () => {
    const file = storeFile();
    const first = opened(file);
    for (const [index, action] of (['prevented', 'stopped', 'remediated', 'audited', 'observed', 'suspended'] as const).entries()) value(first.record(finding(`${index}`, { action })));
    value(first.record(finding('other', withRule('rule-b'))));
    value(first.close());
    const store = opened(file);
    expect(store.counts('rule-a')).toEqual({ prevented: 1, stopped: 2, audited: 1 });
    expect(store.counts('rule-b')).toEqual({ prevented: 1, stopped: 0, audited: 0 });
    expect(store.counts('nobody')).toEqual({ prevented: 0, stopped: 0, audited: 0 });
  });
});

describe('drained marks', () => {
  it('move with the denials they speak of, and never back', () => {
    const file = storeFile();
    const first = opened(file);
    expect(first.drainedThrough('s')).toBe(0);
    value(first.recordDrained('s', 2, [finding('s-1'), finding('s-2')]));
    value(first.markDrained('s', 1));
    value(first.recordDrained('s', 3, [finding('s-2'), finding('s-3')]));
    value(first.close());
    const store = opened(file);
    expect([store.drainedThrough('s'), store.drainedThrough('t')]).toEqual([3, 0]);
    expect(value(store.history(query())).entries.map(({ id }) => id)).toEqual(['s-3', 's-2', 's-1']);
  });

  it('keeps what is known of a pause, each as a line of its own, and counts none among the acts of programs', () => {
    const store = opened(storeFile());
    const of = (id: string, reason: string) => finding(id, { ...withRule(PAUSED_RULE_ID), action: 'observed', pause: { event: 'begun', who: 'ann', reason, until: null, untilRestart: true } });
    value(store.recordAll([of('p1', 'a printer'), of('p2', 'a game'), finding('x', { action: 'observed' })]));
    expect(value(store.history(query({ grouped: true }))).entries.map(({ id, pause }) => [id, pause?.reason])).toEqual([['x', undefined], ['p2', 'a game'], ['p1', 'a printer']]);
    expect(value(store.view((sqlite) => summarise(sqlite, T0 - 1_000, 10_000)))).toEqual([{ part: 0, action: 'observed', count: 1 }]);
  });

  it('keeps what had ended below a process, with arguments cut', () => {
    const store = opened(storeFile());
    const { below } = value(store.record(finding('f', { below: [{ ...found({ pid: 101, argv: ['x'.repeat(10_000)] }), parentPid: 100, outcome: 'stopped' }] })));
    expect(below).toMatchObject([{ pid: 101, parentPid: 100, outcome: 'stopped', user: 'user1000' }]);
    expect(below?.[0]?.commandLine.length).toBeLessThan(500);
    expect(historyEntrySchema.parse(value(store.history(query())).entries[0]).below).toEqual(below);
  });
});
