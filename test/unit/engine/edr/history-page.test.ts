import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryQuery } from '../../../../electron/engine/edr/history-query.ts';
import type { Finding } from '../../../../electron/engine/ports.ts';
import type { HistoryEntry } from '../../../../shared/history/entry.ts';
import { allPages, finding, found, opened, query, SHELL, storeFile, T0, value, withRule } from './support.ts';

const act = fc.record({
  action: fc.constantFrom<Finding['action']>('prevented', 'audited'),
  rule: fc.constantFrom('rule-a', 'rule-b'),
  pid: fc.integer({ min: 1, max: 3 }),
  image: fc.constantFrom('/bin/a', '/bin/\udc80'),
  timeMs: fc.integer({ min: T0, max: T0 + 20 }),
});
const acts = fc.array(act, { maxLength: 40 });
const wanted = fc.record(
  { action: fc.constantFrom('prevented', 'audited'), rule: fc.constantFrom('rule-a', 'rule-b'), pid: fc.integer({ min: 1, max: 3 }), sinceMs: fc.integer({ min: T0, max: T0 + 20 }) },
  { requiredKeys: [] },
);

function toFindings(made: readonly (typeof act extends fc.Arbitrary<infer A> ? A : never)[]): Finding[] {
  return made.map(({ action, rule, pid, image, timeMs }, index) => finding(`id-${index}`, { action, timeMs, process: found({ pid, image }), ...withRule(rule) }));
}

function expected(findings: readonly Finding[], { action, rule, pid, sinceMs }: Partial<HistoryQuery>): Finding[] {
  return findings
    .filter((one) => (action === undefined || one.action === action) && (rule === undefined || one.hit.ruleId === rule))
    .filter((one) => (pid === undefined || one.process.pid === pid) && (sinceMs === undefined || one.timeMs >= sinceMs))
    .reverse();
}

/** The same thing said simply: newest first, equal ones counted into the first of them. */
function groupsOf(findings: readonly Finding[]): Pick<HistoryEntry, 'id' | 'count'>[] {
  const groups = new Map<string, { id: string; count: number }>();
  for (const { id, hit, action, process } of findings) {
    const key = JSON.stringify([hit.ruleId, action, process.image]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { id, count: 1 });
    else group.count += 1;
  }
  return [...groups.values()];
}

describe('pages of history', () => {
  it('hold every line once, newest first, whatever is asked for', () => {
    fc.assert(
      fc.property(acts, wanted, fc.integer({ min: 1, max: 7 }), (made, filter, limit) => {
        const store = opened(storeFile());
        const findings = toFindings(made);
        value(store.recordAll(findings));
        expect(allPages(store, { ...filter, limit }).map(({ id }) => id)).toEqual(expected(findings, filter).map(({ id }) => id));
        const grouped = allPages(store, { ...filter, limit, grouped: true });
        expect(grouped.map(({ id, count }) => ({ id, count }))).toEqual(groupsOf(expected(findings, filter)));
        value(store.close());
      }),
      { numRuns: 60 },
    );
  });

  it('find one line by its id, and whose process it was', () => {
    const store = opened(storeFile());
    value(store.recordAll([finding('a'), finding('b', { process: found({ uid: null }) }), finding('c')]));
    expect(value(store.history(query({ id: 'b' })))).toMatchObject({ entries: [{ id: 'b', count: 1 }], uids: [null], more: false });
    expect(value(store.history(query({ limit: 2 })))).toMatchObject({ uids: [1000, null], more: true });
    expect(value(store.history(query({ id: 'x' }))).entries).toEqual([]);
  });

  it('say in words when the line to go on from is not there', () => {
    expect(opened(storeFile()).history(query({ before: 'gone' }))).toMatchObject({ ok: false, error: { code: 'unknown-entry' } });
  });
});

describe('equal lines', () => {
  it('are one with their number and times; any difference parts them', () => {
    const store = opened(storeFile());
    const others: readonly Partial<Finding>[] = [
      withRule('rule-b'),
      { action: 'stopped' },
      { process: found({ image: '/usr/bin/wget' }) },
      { process: found({ argv: ['curl', 'http:', '//a'] }) },
      { process: found({ argv: null }) },
      { ancestors: [found({ image: '/bin/dash' })] },
      { ancestors: [] },
    ];
    value(store.recordAll([finding('first'), ...others.map((other, index) => finding(`other-${index}`, other))]));
    value(store.record(finding('last', { timeMs: T0 + 5000, process: found({ pid: 7, uid: 0 }), ancestors: [found({ pid: 9, image: SHELL, argv: null })] })));
    const page = value(store.history(query({ grouped: true })));
    expect(page.entries).toHaveLength(others.length + 1);
    expect(page.entries[0]).toMatchObject({ id: 'last', time: '2030-01-01T00:00:00.000Z', lastTime: '2030-01-01T00:00:05.000Z', count: 2, process: { pid: 7 } });
    expect(value(store.history(query())).entries.every(({ count, time, lastTime }) => count === 1 && time === lastTime)).toBe(true);
  });
});

describe('a page', () => {
  it.each([true, false])('is no larger than an answer may be, and the next one goes on from there (grouped: %s)', (grouped) => {
    const store = opened(storeFile());
    const huge = '\udcff'.repeat(300_000);
    const ids = Array.from({ length: 12 }, (_, index) => `huge-${index}`);
    for (const id of ids) value(store.record(finding(id, { process: found({ argv: [id, huge] }) })));
    const seen: string[] = [];
    for (let before: string | undefined, more = true; more; before = seen.at(-1)) {
      const page = value(store.history(query({ limit: 10, grouped, ...(before === undefined ? {} : { before }) })));
      expect(JSON.stringify(page.entries).length).toBeLessThan(8 * 1024 * 1024);
      seen.push(...page.entries.map(({ id }) => id));
      more = page.more;
    }
    expect(seen).toEqual(ids.reverse());
  });
});
