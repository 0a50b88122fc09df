/** Files with documents of every kind, what they say about themselves, and where a problem stands in them. */
import { describe, expect, it } from 'vitest';
import { documentsOf, refusal, ruleText } from '../documents.ts';

const CORRELATION = ['title: C', 'correlation:', '  type: event_count', '  rules: [a]', '  timespan: 5m', '  condition: {gte: 3}'];

/** The correlation with one line in place of another (or added). */
function changed(line: number, text: string): string {
  return CORRELATION.map((old, at) => (at === line ? text : old)).join('\n');
}

describe('a file', () => {
  it('may hold rules, filters and correlations together', () => {
    const text = [ruleText('a'), CORRELATION.join('\n'), 'title: F\nlogsource: {}\nfilter: {rules: any, s: {A: x}, condition: not s}', ''].join('\n---\n');
    expect(documentsOf(text).map(({ kind, place }) => [kind, place])).toEqual([['rule', 'rules/x.yml:1:1'], ['correlation', 'rules/x.yml:7:1'], ['filter', 'rules/x.yml:14:1']]);
  });

  it('is read with all that it says about itself', () => {
    const [document] = documentsOf(
      'title: T\nid: x\nname: n\nstatus: test\nlicense: MIT\nauthor: [A, B]\nreferences: https://example.org\ndate: 2024-05-01\nmodified: 2024-06-01\nrelated: [{id: y, type: derived}]\ntags: [attack.t1059, attack.stealth]\nfields: [User]\nfalsepositives: none\nresponse: suspend\nscope: [server]\nregression_tests_path: p\nsimulation: {a: 1}\nlogsource: {product: windows, definition: all}\ndetection: {s: x, condition: s}',
    );
    expect(document).toMatchObject({
      rule: {
        ...{ id: 'x', name: 'n', status: 'test', license: 'MIT', author: 'A, B', references: ['https://example.org'], date: '2024-05-01', modified: '2024-06-01' },
        ...{ related: [{ id: 'y', type: 'derived' }], tags: ['attack.t1059', 'attack.stealth'], fields: ['User'], falsepositives: ['none'], response: 'suspend' },
        logsource: { product: 'windows', custom: { definition: 'all' } },
        custom: { scope: ['server'], regression_tests_path: 'p', simulation: { a: 1 } },
      },
    });
  });

  it('without an id goes by its name, then by its title', () => {
    const text = 'title: T\nname: n\nlogsource: {}\ndetection: {s: x, condition: s}';
    expect(documentsOf(text)).toMatchObject([{ rule: { id: 'n', license: null, status: null, response: null } }]);
    expect(documentsOf(text.replace('name: n\n', ''))).toMatchObject([{ rule: { id: 'T' } }]);
  });

  it.each<[string, string, string]>([
    ['an action', 'action: global\ntitle: T', 'rules/x.yml:1:1: "action" (global, reset, repeat) is no longer part of Sigma'],
    ['an unknown response', ruleText('a', 'response: kill'), 'rules/x.yml:5:1: the response is one of observe, suspend, contain'],
    ['another taxonomy', ruleText('a', 'taxonomy: ecs'), 'rules/x.yml:5:1: the field names are of another taxonomy'],
    ['two kinds in one', `${ruleText('a')}filter: {}`, 'rules/x.yml:5:1: a document is one of rule, correlation and filter'],
    ['nothing', '# only a comment', 'rules/x.yml: there is no document in it'],
    ['nothing that can be told apart', 'title: T\nlogsource: {}', 'the rule has no detection'],
    ['a filter for nothing', 'title: F\nlogsource: {}\nfilter: {s: {A: x}, condition: not s}', 'rules/x.yml:3:1: the filter names no rules'],
    ['a second document that is wrong', `${ruleText('a')}---\ntitle: T\nlogsource: {}\ndetection: {s: {A|nope: x}, condition: s}`, 'rules/x.yml:8:17: the modifier "nope" is not known here'],
  ])('is refused for %s', (_, text, reason) => {
    expect(refusal(text)).toContain(reason);
  });
});

describe('the place of a problem in a condition', () => {
  const rule = (condition: string): string => `title: T\nlogsource: {}\ndetection:\n  s: {A: x}\n  condition: ${condition}`;
  it.each([
    ['s and nothing', '5:20'],
    ["'s and nothing'", '5:21'],
    ['"s and nothing"', '5:21'],
    ['|\n    s and\n    nothing', '7:5'],
    ['>-\n      s\n      and not nothing', '7:15'],
    ['s and\n    nothing', '6:5'],
    ['[s, s or nothing]', '5:23'],
    ['s and (s', '5:20'],
    ['s | count() > 5', '5:16'],
    ['2 of s*', '5:14'],
    ['s s', '5:16'],
  ])('%s', (condition, place) => {
    expect(refusal(rule(condition))).toMatch(new RegExp(`^rules/x\\.yml:${place}: `));
  });
});

it('brackets inside each other over many lines are refused before the library is asked', () => {
  expect(refusal(`x:\n${' [\n'.repeat(20_000)}`)).toBe('rules/x.yml:202:1: has more than 200 brackets inside each other');
});

it('a slip in a text for people costs no rule', () => {
  const text = 'title: T\nid: x\nreferences: [https://example.org, ]\nfalsepositives:\n  - Unlikely: but possible\n  -\nlogsource: {}\ndetection: {s: {A: x}, condition: s}';
  expect(documentsOf(text)).toMatchObject([{ rule: { references: ['https://example.org'], falsepositives: ['Unlikely: but possible'] } }]);
  expect(refusal(text.replace('but possible', '[1, 2]'))).toContain('5:5: falsepositives is a list of texts');
});

describe('a correlation', () => {
  it.each<[string, string, string]>([
    ['type', changed(2, '  type: near'), '3:3: the type is one of event_count'],
    ['timespan', changed(4, '  timespan: 5 minutes'), '5:3: timespan is a number with s, m, h, d, w or M'],
    ['timespan without length', changed(4, '  timespan: 0s'), '5:3: timespan is a number'],
    ['long timespan', changed(4, '  timespan: 2y'), 'longer than a year'],
    ['condition', changed(5, '  condition: {more: 3}'), '6:15: "more" is not known here'],
    ['empty condition', changed(5, '  condition: {}'), '6:3: the condition has none of'],
    ['condition with text', changed(5, '  condition: {gte: many}'), '"gte" compares with a number'],
    ['condition of names', changed(5, '  condition: a and b'), 'goes with the type temporal only'],
    ['too many', changed(5, '  condition: {gte: 20000}'), 'more than 10000 matches are not kept'],
    ['field', changed(5, '  condition: {gte: 2, field: A}'), 'event_count counts events'],
    ['no field', changed(2, '  type: value_sum'), 'value_sum needs the field'],
    ['percentile', changed(5, '  condition: {gte: 2, percentile: 5}'), 'event_count has no percentile'],
    ['no rules', changed(3, '  generate: true'), 'names no rules'],
    ['alias inside its own anchor', changed(3, '  rules: &all [a, *all]'), '4:19: "*all" stands inside of what it stands for'],
    ['alias without an anchor', changed(3, '  rules: *nowhere'), '4:10: "*nowhere" stands for nothing'],
    ['rules twice', changed(3, '  rules: [a, a]'), 'named twice'],
    ['unknown key', changed(3, '  rules: [a]\n  window: 5m'), '5:3: "window" is not known in a correlation'],
    ['generate', changed(3, '  rules: [a]\n  generate: maybe'), 'generate is true or false'],
    ['expression over a stranger', 'title: C\ncorrelation: {type: temporal, rules: [a], timespan: 1m, condition: a and b}', '"b" is not among the rules'],
  ])('is refused for its %s', (_, text, reason) => {
    expect(refusal(text)).toContain(reason);
  });

  it.each([['30s', 30_000], ['5m', 300_000], ['2h', 7_200_000], ['1d', 86_400_000], ['1w', 604_800_000], ['1M', 2_629_746_000]])('lasts %s', (timespan, ms) => {
    expect(documentsOf(changed(4, `  timespan: ${timespan}`))).toMatchObject([{ correlation: { timespanMs: ms } }]);
  });
});
