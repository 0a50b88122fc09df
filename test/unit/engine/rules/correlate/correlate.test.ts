/** The correlation engine by example, and against a reference that keeps everything and looks at every window. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceCorrelations, Correlations, stepCorrelations, type CorrelationMatch } from '../../../../../electron/engine/rules/correlate/correlate.ts';
import type { Limits } from '../../../../../electron/engine/rules/correlate/groups.ts';
import type { FieldValue } from '../../../../../electron/engine/rules/subject.ts';
import { link, ruleText } from '../documents.ts';

type Fields = Readonly<Record<string, FieldValue>>;
type Fed = readonly [rule: string, seconds: number, fields?: Fields];

function correlation(body: string, head = 'title: C\nid: c'): string {
  return `${head}\ncorrelation:\n${body.trim().split('\n').map((line) => `  ${line.trim().startsWith('-') ? '  ' : ''}${line.trim()}`).join('\n')}`;
}

function engine(correlations: readonly string[], limits?: Limits) {
  const linked = link(...['a', 'b', 'c0'].map((id) => ruleText(id)), ...correlations);
  expect(linked.problems).toEqual([]);
  const state = limits ? new Correlations(linked.correlations, limits) : new Correlations(linked.correlations);
  let count = 0;
  const feed = ([id, seconds, fields = {}]: Fed): readonly CorrelationMatch[] => {
    const rule = linked.rules.find((one) => one.rule.id === id)!.rule;
    return stepCorrelations(state, { rule, timeMs: seconds * 1000, eventId: count++, read: (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined) });
  };
  return { state, feed, run: (fed: readonly Fed[]): readonly CorrelationMatch[] => fed.flatMap(feed) };
}

const brief = (matches: readonly CorrelationMatch[]) => matches.map(({ linked, timeMs, figure }) => [linked.correlation.id, timeMs / 1000, figure]);

describe('event_count', () => {
  const text = correlation('type: event_count\nrules: a\ngroup-by: [User]\ntimespan: 10s\ncondition: {gte: 3}');

  it('is met by enough matches of one group within the time, and begins anew after that', () => {
    const { run } = engine([text]);
    const found = run([0, 4, 8, 9, 10, 11, 12].map((at): Fed => ['a', at, { User: 'x' }]));
    expect(brief(found)).toEqual([['c', 8, 3], ['c', 11, 3]]);
    expect(found[0]).toMatchObject({ firstMs: 0, group: { User: 'x' }, eventIds: [0, 1, 2] });
  });

  it('keeps groups apart, but not by case', () => {
    const { run } = engine([text]);
    expect(run([['a', 0, { User: 'x' }], ['a', 1, { User: 'y' }], ['a', 2, { User: 'z' }], ['a', 3, { User: 'X' }]])).toEqual([]);
    expect(run([['a', 4, { User: 'x' }]])).toHaveLength(1);
  });

  it('counts the edge of the time, not what lies beyond', () => {
    expect(engine([text]).run([0, 5, 10].map((at): Fed => ['a', at, { User: 'x' }]))).toHaveLength(1);
    expect(engine([text]).run([0, 5, 11].map((at): Fed => ['a', at, { User: 'x' }]))).toHaveLength(0);
  });

  it('lets a late match complete a window', () => {
    expect(brief(engine([text]).run([0, 9, 4].map((at): Fed => ['a', at, { User: 'x' }])))).toEqual([['c', 9, 3]]);
  });

  it('leaves out events without the field, and says so', () => {
    const { run, state } = engine([text]);
    expect(run([['a', 0], ['a', 1], ['a', 2, { User: null }]])).toEqual([]);
    expect(state.lost.incomplete).toBe(3);
  });

  it('needs no group', () => {
    expect(engine([correlation('type: event_count\nrules: [a, b]\ntimespan: 1m\ncondition: {gt: 1}')]).run([['a', 0], ['b', 5]])).toHaveLength(1);
  });
});

it('value_count counts different values, of several fields together', () => {
  const text = correlation('type: value_count\nrules: [a]\ntimespan: 1m\ncondition: {field: [User, Host], gte: 3}');
  const { run } = engine([text]);
  expect(run([['a', 0, { User: 'x', Host: '1' }], ['a', 1, { User: 'X', Host: '1' }], ['a', 2, { User: 'x', Host: '2' }]])).toEqual([]);
  expect(brief(run([['a', 3, { User: 'y', Host: '1' }]]))).toEqual([['c', 3, 3]]);
});

describe('temporal', () => {
  const body = 'rules: [a, b]\ngroup-by: [User]\ntimespan: 5m';

  it('wants every rule, in any order', () => {
    const { run } = engine([correlation(`type: temporal\n${body}`)]);
    expect(run([['b', 0, { User: 'x' }], ['b', 1, { User: 'x' }], ['a', 2, { User: 'y' }]])).toEqual([]);
    expect(run([['a', 3, { User: 'x' }]])).toHaveLength(1);
  });

  it('temporal_ordered wants them in order', () => {
    const { run } = engine([correlation(`type: temporal_ordered\n${body}`)]);
    expect(run([['b', 0, { User: 'x' }], ['a', 1, { User: 'x' }]])).toEqual([]);
    expect(run([['b', 2, { User: 'x' }]])).toHaveLength(1);
  });

  it.each(['{eq: 2}', '{lte: 2, gte: 2}', '{lt: 3, gt: 1}'])('sees an upper bound of all its rules as none: %s', (condition) => {
    for (const type of ['temporal', 'temporal_ordered']) {
      const { run } = engine([correlation(`type: ${type}\nrules: [a, b]\ntimespan: 10s\ncondition: ${condition}`)]);
      expect(run([['a', 0], ['a', 9], ['b', 11]])).toHaveLength(1);
    }
  });

  it('wants all its rules when its condition is empty', () => {
    const { run } = engine([correlation('type: temporal\nrules: [a, b]\ntimespan: 10s\ncondition:')]);
    expect(run([['a', 0], ['b', 1]])).toHaveLength(1);
  });

  it('temporal_ordered goes by time, not by arrival', () => {
    const { run } = engine([correlation(`type: temporal_ordered\n${body}`)]);
    expect(run([['b', 5, { User: 'x' }], ['a', 1, { User: 'x' }]])).toHaveLength(1);
  });

  it('takes an expression over the rules; what was not seen is known when the time is over', () => {
    const { run, state } = engine([correlation('type: temporal\ntimespan: 10s\ncondition: a and not b'), correlation('type: temporal\ntimespan: 10s\ncondition: a or b', 'title: D\nid: d')]);
    expect(brief(run([['a', 0]]))).toEqual([['d', 0, 1]]);
    expect(brief(advanceCorrelations(state, 10_000))).toEqual([]);
    expect(brief(advanceCorrelations(state, 10_001))).toEqual([['c', 10, 1]]);
  });

  it('takes no name that objects have of their own for a field of a match', () => {
    for (const name of ['__proto__', 'constructor']) {
      const inner = correlation('type: event_count\nrules: [a]\ngroup-by: [User]\ntimespan: 10s\ncondition: {gte: 1}', 'title: Inner\nid: inner');
      const outer = correlation(`type: event_count\nrules: [inner]\ngroup-by: ['${name}']\ntimespan: 10s\ncondition: {gte: 1}`, 'title: Outer\nid: outer');
      expect(brief(engine([inner, outer]).run([['a', 0, { User: 'x' }]])).map(([id]) => id)).toEqual(['inner']);
    }
  });

  it('finds the same value in different fields by an alias', () => {
    const text = correlation('type: temporal\nrules: [a, b]\ngroup-by: [ip]\ntimespan: 10s\naliases: {ip: {a: Source, b: Target}}');
    const { run } = engine([text]);
    expect(run([['a', 0, { Source: '10.0.0.1', Target: '9' }], ['b', 1, { Source: '10.0.0.1', Target: '8' }]])).toEqual([]);
    expect(run([['b', 2, { Target: '10.0.0.1' }]])[0]).toMatchObject({ group: { ip: '10.0.0.1' } });
  });
});

describe('figures of a field', () => {
  const values = [100, 300, 200, 400];
  it.each([
    ['value_sum', 'gt: 900', 1000],
    ['value_max', 'gte: 400', 400],
    ['value_min', 'lte: 100', 100],
    ['value_avg', 'eq: 250', 250],
    ['value_median', 'lt: 251', 250],
    ['value_percentile', 'percentile: 75, gte: 325', 325],
    ['value_percentile', 'percentile: 100, eq: 400', 400],
  ])('%s %s', (type, condition, expected) => {
    const { run, state } = engine([correlation(`type: ${type}\nrules: [a]\ntimespan: 1m\ncondition: {field: Bytes, ${condition}}`)]);
    const found = [...run(values.map((Bytes, at): Fed => ['a', at, { Bytes: at % 2 === 0 ? Bytes : String(Bytes) }])), ...advanceCorrelations(state, Infinity)];
    expect(found.map(({ figure }) => figure)).toEqual([expected]);
  });

  it('looks past what is no number', () => {
    const { run, state } = engine([correlation('type: value_sum\nrules: [a]\ntimespan: 1m\ncondition: {field: Bytes, gt: 5}')]);
    expect(run([['a', 0, { Bytes: 'many' }], ['a', 0, { Bytes: '' }], ['a', 1, { Bytes: 6 }]])).toHaveLength(1);
    expect(state.lost.incomplete).toBe(2);
  });

  it('value_percentile without a percentile finds what is rare', () => {
    const { run, state } = engine([correlation('type: value_percentile\nrules: [a]\ntimespan: 1h\ncondition: {field: Image, lte: 10}')]);
    run([...Array.from({ length: 19 }, (_, at): Fed => ['a', at, { Image: 'common' }]), ['a', 30, { Image: 'rare' }]]);
    expect(brief(advanceCorrelations(state, Infinity))).toEqual([['c', 3600, 5]]);
  });
});

it('an upper bound is judged when the window is over, by the next match of its group too', () => {
  const text = correlation('type: event_count\nrules: [a]\ntimespan: 10s\ncondition: {gt: 1, lte: 3}');
  const { run } = engine([text]);
  expect(run([['a', 0], ['a', 1], ['a', 2], ['a', 3]])).toEqual([]);
  expect(run([['a', 20], ['a', 21]])).toEqual([]);
  expect(brief(run([['a', 40]]))).toEqual([['c', 30, 2]]);
});

describe('correlations of correlations', () => {
  const many = correlation('type: event_count\nrules: [a]\ngroup-by: [Host, User]\ntimespan: 10s\ncondition: {gte: 2}', 'title: Many\nid: many\nname: many_failures');
  const then = correlation('type: temporal_ordered\nrules: [many_failures, b]\ngroup-by: [User]\ntimespan: 1m', 'title: Then\nid: then\nlevel: high');

  it('are fed by what they are made of, with its group', () => {
    const { run } = engine([then, many]);
    const found = run([['a', 0, { Host: 'h', User: 'x' }], ['a', 1, { Host: 'h', User: 'x' }], ['b', 5, { User: 'x' }]]);
    expect(brief(found)).toEqual([['many', 1, 2], ['then', 5, 2]]);
    expect(found[1]?.linked.level).toBe('high');
  });

  it('carry fields of their newest event upwards', () => {
    const upper = correlation('type: temporal\nrules: [many_failures, b]\ngroup-by: [Session]\ntimespan: 1m', 'title: Then\nid: then');
    const { run } = engine([many, upper]);
    expect(brief(run([['a', 0, { Host: 'h', User: 'x', Session: 7 }], ['a', 1, { Host: 'h', User: 'x', Session: 8 }], ['b', 5, { Session: '8' }]]))).toEqual([['many', 1, 2], ['then', 5, 2]]);
  });
});

describe('bounds', () => {
  const text = correlation('type: event_count\nrules: [a]\ngroup-by: [User]\ntimespan: 1h\ncondition: {gte: 3}');

  it('forgets the group touched longest ago, and counts it', () => {
    const { run, state } = engine([text], { groups: 2, entries: 100, entriesPerGroup: 10 });
    run([['a', 0, { User: 'x' }], ['a', 1, { User: 'y' }], ['a', 2, { User: 'x' }], ['a', 3, { User: 'z' }]]);
    expect(state.groups.size.groups).toBe(2);
    expect(state.lost.groups).toBe(1);
    expect(run([['a', 4, { User: 'x' }]])).toHaveLength(1);
  });

  it('never keeps more than it may, whatever comes', () => {
    const limits = { groups: 5, entries: 12, entriesPerGroup: 4 };
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9000 })), { maxLength: 80 }), (fed) => {
        const { run, state } = engine([correlation('type: event_count\nrules: [a]\ngroup-by: [User]\ntimespan: 1h\ncondition: {gte: 100}')], limits);
        run(fed.map(([user, at]): Fed => ['a', at, { User: String(user) }]));
        const { groups, entries } = state.groups.size;
        expect(groups).toBeLessThanOrEqual(limits.groups);
        expect(entries).toBeLessThanOrEqual(limits.entries);
      }),
      { numRuns: 30 },
    );
  });

  it('tells long values apart that begin alike', () => {
    const { run } = engine([correlation('type: value_count\nrules: [a]\ntimespan: 1h\ncondition: {field: CommandLine, gte: 2}')]);
    const long = 'x'.repeat(5000);
    expect(run([['a', 0, { CommandLine: `${long}a` }], ['a', 1, { CommandLine: `${long}a` }]])).toEqual([]);
    expect(run([['a', 2, { CommandLine: `${long}b` }]])).toHaveLength(1);
  });
});

interface Case {
  readonly type: 'event_count' | 'value_count' | 'temporal' | 'temporal_ordered' | 'value_sum';
  readonly least: number;
}

/** Keeps every match of a group since the last find and looks at every window that ends with a match. */
function reference({ type, least }: Case, fed: readonly Fed[]): number[] {
  const groups = new Map<string, Fed[]>();
  const hits: number[] = [];
  for (const [index, one] of fed.entries()) {
    const user = String(one[2]?.['User']);
    const kept = groups.get(user) ?? [];
    const newest = Math.max(one[1], ...kept.map(([, at]) => at));
    if (one[1] < newest - 20) continue;
    const all = [...kept, one].map((entry, arrival) => ({ entry, arrival })).sort((x, y) => x.entry[1] - y.entry[1] || x.arrival - y.arrival).map(({ entry }) => entry).filter(([, at]) => at >= newest - 20);
    const ends = all.map(([, at]) => at).filter((end) => end >= one[1] && end <= one[1] + 10);
    const hit = ends.some((end) => figure(type, all.filter(([, at]) => at >= end - 10 && at <= end)) >= least);
    if (hit) hits.push(index);
    groups.set(user, hit ? [] : all);
  }
  return hits;
}

function figure(type: Case['type'], window: readonly Fed[]): number {
  if (type === 'event_count') return window.length;
  if (type === 'value_count') return new Set(window.map((one) => one[2]?.['V'])).size;
  if (type === 'value_sum') return window.reduce((total, one) => total + Number(one[2]?.['V']), 0);
  if (type === 'temporal') return new Set(window.map(([rule]) => rule)).size;
  const firstA = window.findIndex(([rule]) => rule === 'a');
  return firstA >= 0 && window.slice(firstA).some(([rule]) => rule === 'b') ? 2 : window.length > 0 ? 1 : 0;
}

it('finds what the reference finds, also when matches come late', () => {
  const fed = fc.array(
    fc.record({ rule: fc.constantFrom('a', 'b'), at: fc.integer({ min: 0, max: 60 }), user: fc.constantFrom('x', 'y'), v: fc.integer({ min: 0, max: 4 }) }).map(({ rule, at, user, v }): Fed => [rule, at, { User: user, V: v }]),
    { maxLength: 40 },
  );
  const cases = fc.oneof(
    fc.record({ type: fc.constantFrom('event_count' as const, 'value_count' as const), least: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ type: fc.constant('value_sum' as const), least: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ type: fc.constantFrom('temporal' as const, 'temporal_ordered' as const), least: fc.constant(2) }),
  );
  fc.assert(
    fc.property(cases, fed, fc.boolean(), (one, unsorted, late) => {
      // Two of the same second stand in the order of arrival, so a window may end between them; the reference does not look there.
      const list = [...new Map(unsorted.map((entry) => [`${entry[1]}${String(entry[2]?.['User'])}`, entry])).values()];
      const input = late ? list : [...list].sort((x, y) => x[1] - y[1]);
      const field = one.type.startsWith('value_') ? 'field: V, ' : '';
      const { feed } = engine([correlation(`type: ${one.type}\nrules: [a, b]\ngroup-by: [User]\ntimespan: 10s\ncondition: {${field}gte: ${one.least}}`)]);
      const hits = input.flatMap((entry, index) => (feed(entry).length > 0 ? [index] : []));
      expect(hits).toEqual(reference(one, input));
    }),
    { numRuns: 300 },
  );
});
