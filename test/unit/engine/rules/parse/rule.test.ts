import { describe, expect, it } from 'vitest';
import { parseRule } from '../../../../../electron/engine/rules/parse/rule.ts';
import { parseYaml } from '../../../../../electron/engine/rules/parse/yaml.ts';
import type { SigmaRule } from '../../../../../electron/engine/rules/model.ts';

const HEAD = ['title: T', 'id: one', 'logsource: {product: linux, category: process_creation}'];

function read(lines: readonly string[]): ReturnType<typeof parseRule> {
  const documents = parseYaml('rules/x.yml', lines.join('\n'));
  if (!documents.ok) return documents;
  const [only] = documents.value;
  if (!only) throw new Error('no document');
  return parseRule(only);
}

function reason(...detection: string[]): string {
  const result = read([...HEAD, 'detection:', ...detection.map((line) => `  ${line}`)]);
  if (result.ok) throw new Error('was accepted');
  return result.error.message;
}

describe('a good rule', () => {
  it('is read with all it says', () => {
    const result = read([...HEAD, 'level: high', 'author: A. Author', 'tags: [attack.t1059]', 'falsepositives: [none]', 'simulation: {x: 1}', 'detection:', '  a: {Image: x}', '  condition: a']);
    expect(result.ok).toBe(true);
    const rule = (result as { value: SigmaRule }).value;
    expect(rule).toMatchObject({ id: 'one', title: 'T', level: 'high', author: 'A. Author', tags: ['attack.t1059'], logsource: { category: 'process_creation', product: 'linux', service: null } });
    expect(rule.condition).toEqual({ op: 'selection', name: 'a' });
  });

  it('may have a list of conditions, of which one is enough', () => {
    const result = read([...HEAD, 'detection:', '  a: {Image: x}', '  b: {Image: y}', '  condition: [a, not b]']);
    expect(result).toMatchObject({ value: { condition: { op: 'or' } } });
  });
});

describe('a bad rule is refused with file, line, column and reason', () => {
  it.each<[string, string[], string]>([
    ['unknown modifier', ['a:', '  Image|base65: x', 'condition: a'], 'rules/x.yml:6:5: the modifier "base65" is not known here'],
    ['two anchors', ['a: {Image|contains|endswith: x}', 'condition: a'], 'rules/x.yml:5:7: only one of contains, startswith and endswith can be given'],
    ['regex flag without regex', ['a: {Image|i: x}', 'condition: a'], 'rules/x.yml:5:7: the modifier "i" stands only behind "re"'],
    ['regex with anchor', ['a: {Image|re|contains: x}', 'condition: a'], 'contains, startswith and endswith do not go with re'],
    ['bad regex', ['a:', '  Image|re:', '    - ok', "    - '(a'", 'condition: a'], 'rules/x.yml:8:9: a group is never closed'],
    ['comparison with text', ['a: {Age|lt: soon}', 'condition: a'], '"lt" compares with a number'],
    ['exists with text', ["a: {Age|exists: 'yes'}", 'condition: a'], '"exists" is answered with true or false'],
    ['null without a field', ['a: [evil, null]', 'condition: a'], 'rules/x.yml:5:13: null needs a field'],
    ['nested map as value', ['a: {Image: {x: y}}', 'condition: a'], 'a field is compared with text'],
    ['empty list', ['a: {Image: []}', 'condition: a'], 'the list is empty'],
    ['empty map', ['a: {}', 'condition: a'], 'the map is empty'],
    ['unknown selection', ['a: {Image: x}', 'condition: a and b'], 'rules/x.yml:6:20: there is no selection "b"'],
    ['pattern without selection', ['a: {Image: x}', 'condition: 1 of z*'], 'no selection fits "z*"'],
    ['no condition', ['a: {Image: x}'], 'detection needs a condition'],
    ['timeframe', ['a: {Image: x}', 'timeframe: 5m', 'condition: a'], 'timeframe is no longer part of Sigma'],
    ['a key that is no text', ['a: {? [x] : y}', 'condition: a'], 'a key is a text'],
    ['same key twice', ['a:', '  Image: x', '  Image: y', 'condition: a'], 'rules/x.yml:7:5: the key "Image" stands twice in one map'],
  ])('%s', (_, detection, expected) => {
    expect(reason(...detection)).toContain(expected);
  });

  it('names what is missing at the top', () => {
    expect(read(['id: one', 'logsource: {product: linux}', 'detection: {a: {Image: x}, condition: a}'])).toMatchObject({ error: { message: expect.stringContaining('the rule has no title') as string } });
    expect(read(['- 1'])).toMatchObject({ error: { message: expect.stringContaining('a rule is a map') as string } });
    expect(read([...HEAD, 'level: urgent', 'detection: {a: {Image: x}, condition: a}'])).toMatchObject({ error: { code: 'bad-rule-file', message: expect.stringContaining('rules/x.yml:4:1') as string } });
  });
});

describe('text that is made to hurt the reader', () => {
  it.each([
    ['brackets', '['.repeat(50_000)],
    ['list marks', '- '.repeat(50_000) + 'x'],
    ['aliases', ['a: &a [x,x,x,x,x,x,x,x,x]', 'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]', 'c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]', 'd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]'].join('\n')],
    ['length', 'x'.repeat(2_000_000)],
    ['depth', Array.from({ length: 60 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
    ['unknown alias', 'a: *nowhere'],
    ['broken quotes', 'a: "x'],
  ])('%s', (_, text) => {
    const result = parseYaml('evil.yml', text);
    expect(result).toMatchObject({ ok: false, error: { code: 'bad-rule-file', message: expect.stringMatching(/^evil\.yml/) as string } });
  });
});
