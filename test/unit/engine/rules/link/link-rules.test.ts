import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../../../electron/engine/rules/compile/compile.ts';
import { evaluate } from '../../../../../electron/engine/rules/evaluate.ts';
import { linkRules } from '../../../../../electron/engine/rules/link/link-rules.ts';
import { withOwnIds } from '../../../../../electron/engine/rules/link/own-ids.ts';
import type { SigmaRule } from '../../../../../electron/engine/rules/model.ts';
import { FieldTable, Subject, type FieldValue } from '../../../../../electron/engine/rules/subject.ts';
import { documentsOf, link, ruleText } from '../documents.ts';

function hits(rule: SigmaRule, event: Readonly<Record<string, FieldValue>>): boolean {
  const fields = new FieldTable();
  return evaluate(compileRule({ fields, fieldCost: () => 0 }, rule), new Subject(fields, { read: (field) => event[field] })).outcome === 'hit';
}

function filterText(rules: string, more = ''): string {
  return `title: Filter\nid: f\nlogsource: {product: windows}\nfilter: {rules: ${rules}, selection: {User|startswith: adm_}, condition: not selection}\n${more}`;
}

describe('filters', () => {
  it.each(['[one]', '[Rule one]', '[by-name]', 'any', 'one'])('are added to the rules they name: %s', (names) => {
    const { rules, problems } = link(ruleText('one', 'name: by-name'), filterText(names));
    expect(problems).toEqual([]);
    expect(rules[0]?.filters).toEqual(['f']);
    expect(hits(rules[0]!.rule, { Image: 'x', User: 'adm_x' })).toBe(false);
    expect(hits(rules[0]!.rule, { Image: 'x', User: 'eve' })).toBe(true);
  });

  it('leave rules of other log sources alone', () => {
    const linux = ruleText('two').replace('product: windows', 'product: linux');
    const { rules, problems } = link(ruleText('one'), linux, filterText('any'));
    expect(rules.map(({ filters }) => filters)).toEqual([['f'], []]);
    expect(problems).toEqual([]);
    expect(link(linux, filterText('[two]')).problems).toMatchObject([{ place: 'rules/1.yml:1:1', reason: expect.stringContaining('names "two", which is no rule of its log source') as string }]);
  });

  it('mean the log source whatever its case', () => {
    const { rules, problems } = link(ruleText('one'), filterText('any').replace('product: windows', 'product: Windows'));
    expect([rules[0]?.filters, problems]).toEqual([['f'], []]);
  });

  it('do not change what "all of" in the rule means, and two of them stay apart', () => {
    const rule = 'title: R\nid: r\nlogsource: {product: windows}\ndetection: {a1: {A: x}, a2: {B: y}, condition: all of *}';
    const second = filterText('any').replace('id: f', 'id: g').replace('adm_', 'sys_');
    const [linked] = link(rule, filterText('any'), second).rules;
    expect(hits(linked!.rule, { A: 'x', B: 'y' })).toBe(true);
    expect(hits(linked!.rule, { A: 'x', B: 'y', User: 'adm_1' })).toBe(false);
    expect(hits(linked!.rule, { A: 'x', B: 'y', User: 'sys_1' })).toBe(false);
    expect(hits(linked!.rule, { A: 'x', User: 'eve' })).toBe(false);
  });

  it('that wait for a list are not applied, so that they do not silence a rule', () => {
    const waiting = filterText('any').replace('User|startswith: adm_', "User|expand: '%admins%'");
    const { rules, problems } = link(ruleText('one'), waiting);
    expect(rules[0]?.filters).toEqual([]);
    expect(problems[0]?.reason).toContain('waits for the lists admins');
    const filled = linkRules([...documentsOf(ruleText('one')), ...documentsOf(waiting)], new Map([['admins', ['root', 'adm*']]]));
    expect(hits(filled.rules[0]!.rule, { Image: 'x', User: 'admin' })).toBe(false);
    expect(hits(filled.rules[0]!.rule, { Image: 'x', User: 'eve' })).toBe(true);
  });
});

describe('correlations', () => {
  const body = (rules: string, more = ''): string => `correlation: {type: temporal, rules: ${rules}, timespan: 5m${more}}`;

  it('find their rules by id, name and title, and take the highest level of them', () => {
    const { correlations, problems } = link(ruleText('one', 'level: low'), ruleText('two', 'name: second\nlevel: high'), `title: C\nid: c\n${body('[Rule one, second]')}`);
    expect(problems).toEqual([]);
    expect(correlations[0]).toMatchObject({ level: 'high', parts: [{ reference: 'Rule one', of: { rule: { id: 'one' } } }, { reference: 'second', of: { rule: { id: 'two' } } }] });
  });

  it('prefer what stands in their own file', () => {
    const near = `${ruleText('near', 'name: base')}\n---\ntitle: C\nid: c\n${body('[base]')}`;
    const { correlations, problems } = link(ruleText('far', 'name: base'), near);
    expect(problems).toEqual([]);
    expect(correlations[0]?.parts).toMatchObject([{ of: { rule: { id: 'near' } } }]);
  });

  it('use up the rules of their own file unless they say otherwise, never those of others', () => {
    const file = (more: string): string => `${ruleText('own')}\n---\ntitle: C\nid: c\n${body('[own, other]', more)}`;
    const alone = (more: string) => link(file(more), ruleText('other')).rules.map(({ rule, standsAlone }) => [rule.id, standsAlone]);
    expect(alone('')).toEqual([['own', false], ['other', true]]);
    expect(alone(', generate: true')).toEqual([['own', true], ['other', true]]);
  });

  it('stand behind what they are made of', () => {
    const { correlations } = link(`title: Outer\nid: outer\n${body('[inner]')}`, `title: Inner\nid: inner\n${body('[one]')}`, ruleText('one'));
    expect(correlations.map(({ correlation }) => correlation.id)).toEqual(['inner', 'outer']);
    expect(correlations[1]?.parts[0]?.of).toEqual({ kind: 'correlation', index: 0 });
  });

  it('may name their rules in aliases otherwise than in their list', () => {
    const rules = [ruleText('0000000a-1', 'name: first'), ruleText('0000000b-2', 'name: second')];
    const aliases = ', group-by: [ip], aliases: {ip: {first: Source, 0000000b-2: Target}}';
    const { correlations, problems } = link(...rules, `title: C\nid: c\n${body('[0000000a-1, second]', aliases)}`);
    expect(problems).toEqual([]);
    expect(correlations[0]?.correlation.aliases).toEqual({ ip: { '0000000a-1': 'Source', second: 'Target' } });
  });

  it.each<[string, string[], string]>([
    ['a stranger in an alias', [ruleText('a'), `title: C\nid: c\n${body('[a]', ', aliases: {ip: {b: F}}')}`], '"b" in its aliases is not among the rules'],
    ['a rule that is not there', [`title: C\nid: c\n${body('[nowhere]')}`], '"nowhere" is the id, name or title of no rule here'],
    ['two rules of one name', [ruleText('a', 'name: n'), ruleText('b', 'name: n'), `title: C\nid: c\n${body('[n]')}`], '"n" is the name of more than one rule'],
    ['itself', [`title: C\nid: c\n${body('[c]')}`], 'made of itself'],
    ['each other', [`title: C\nid: c\n${body('[d]')}`, `title: D\nid: d\n${body('[c]')}`], 'made of itself'],
  ])('are left out when they name %s', (_, texts, reason) => {
    const { correlations, problems } = link(...texts);
    expect(correlations).toEqual([]);
    expect(problems.map((problem) => problem.reason).join()).toContain(reason);
  });

  it('may not be nested without end', () => {
    const chain = Array.from({ length: 12 }, (_, at) => `title: C${at}\nid: c${at}\n${body(at === 11 ? '[one]' : `[c${at + 1}]`)}`);
    const { correlations, problems } = link(ruleText('one'), ...chain);
    expect(problems[0]?.reason).toContain('more than 8 correlations');
    expect(correlations.length).toBeLessThan(12);
  });
});

it('rules that go by their title are kept apart by their place', () => {
  const untitled = (selection: string): string => `title: Whoami\nlogsource: {product: windows}\ndetection: {s: ${selection}, condition: s}`;
  const documents = ['{A: x}', '{A: y}', '{A: z}'].flatMap((selection, index) => documentsOf(untitled(selection), `rules/${index}.yml`));
  const { rules, problems } = linkRules(withOwnIds(documents));
  expect(problems).toEqual([]);
  expect(rules.map(({ rule }) => rule.id)).toEqual(['Whoami', 'Whoami (rules/1.yml:1:1)', 'Whoami (rules/2.yml:1:1)']);
});

it('a second document of the same id is left out and named', () => {
  const { rules, problems } = link(ruleText('one'), ruleText('one'));
  expect(rules).toHaveLength(1);
  expect(problems).toEqual([{ file: 'rules/1.yml', place: 'rules/1.yml:1:1', reason: 'has the same id (one) as rules/0.yml:1:1' }]);
});
