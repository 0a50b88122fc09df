/** What is printed reads the same as what was read. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { RuleDocumentParsed } from '../../../../../electron/engine/rules/parse/rule-file.ts';
import { printCorrelation, printFilter, printRule } from '../../../../../electron/engine/rules/print/print-document.ts';
import { documentsOf } from '../documents.ts';

function printed(document: RuleDocumentParsed): string {
  if (document.kind === 'rule') return printRule(document.rule);
  return document.kind === 'filter' ? printFilter(document.filter) : printCorrelation(document.correlation);
}

/** Without the place, which moves. */
function content(document: RuleDocumentParsed): unknown {
  return { ...document, place: null };
}

function expectSame(text: string): void {
  for (const document of documentsOf(text)) {
    const [again] = documentsOf(printed(document));
    expect(content(again!)).toEqual(content(document));
  }
}

/** Texts that YAML or Sigma could take for something else. */
const word = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('*', '\\*', '\\\\', 'a\\', '*x?', '%a%', '0x10', '007', '1.0', 'true', 'null', '~', '', ' ', '- x', 'a: b', '#', "it's", '"', '|', 'é', '\u2013', 'line\nline', '\ttab', '__proto__', '&a', '!x', '@', '`'),
);
const scalar = fc.oneof(word, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null));
const name = fc.oneof(fc.constantFrom('Image', 'CommandLine', 'a.b', 'x y', '__proto__', '1'), fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !text.includes('|')));
const plainTest = fc.tuple(name, fc.constantFrom('', '|neq', '|cased', '|neq|cased'), fc.oneof(scalar, fc.array(scalar, { minLength: 1, maxLength: 4 }))).map(([field, modifiers, value]): [string, unknown] => [field + modifiers, value]);
const textOnly = fc.tuple(
  fc.oneof(name, fc.constant('')),
  fc.constantFrom('|contains', '|startswith', '|endswith|windash', '|contains|all', '|all', '|expand', '|contains|expand|all', '|utf16le|base64offset|contains', '|fieldref'),
  fc.array(fc.stringMatching(/^[a-z%/ -]{4,9}$/), { minLength: 1, maxLength: 3 }),
).map(([field, modifiers, value]): [string, unknown] => [modifiers === '|fieldref' ? `F${field}${modifiers}` : field + modifiers, value]);
const otherTest = fc.constantFrom<[string, unknown]>(['A|re|i', '^a+'], ['A|cidr', ['10.0.0.0/8', '::1']], ['A|gte', 5], ['A|hour|lt', [3, 4]], ['A|exists', false], ['|re', ['a.b', 'c']], ['A|week', 7]);
const map = fc.array(fc.oneof(plainTest, textOnly, otherTest), { minLength: 1, maxLength: 4 }).map((entries) => Object.fromEntries(entries));
const selection = fc.oneof(map, fc.array(map, { minLength: 1, maxLength: 3 }), word, fc.array(fc.oneof(word, fc.integer(), map), { minLength: 1, maxLength: 4 }));
const custom = fc.dictionary(fc.constantFrom('simulation', 'x-own', 'scope', 'taxonomy_note'), fc.oneof(scalar, fc.array(scalar), fc.dictionary(name, scalar)));
const rule = fc.record({ selection, other: selection, condition: fc.constantFrom('a and not b', '1 of them', ['a', 'all of b*'], '(a or b) and not (not a)'), custom, tags: fc.array(word, { maxLength: 3 }), description: fc.option(word) });

it('holds for rules of any content', () => {
  fc.assert(
    fc.property(rule, ({ selection: a, other: b, condition, custom: more, tags, description }) => {
      expectSame(
        stringify({ title: 'T', id: 'x', status: 'test', description: description ?? undefined, tags, level: 'low', logsource: { category: 'process_creation', definition: 'all of it' }, detection: { a, b, condition }, ...more }, { lineWidth: 0, aliasDuplicateObjects: false }),
      );
    }),
    { numRuns: 400 },
  );
});

it.each([
  ['filter', 'title: F\nlogsource: {product: windows}\nfilter: {rules: [a, b], selection: {A: 0x10}, other: [x, y: 007], condition: not 1 of *}'],
  ['filter for all', 'title: F\nlogsource: {product: windows}\nfilter: {rules: any, selection: x, condition: selection}'],
  ['correlation', 'title: C\nname: c\nlevel: high\nresponse: suspend\ncorrelation: {type: value_percentile, rules: [a, b], group-by: [User, ip], timespan: 90m, condition: {field: Bytes, percentile: 95, gt: 10, lte: 20}, aliases: {ip: {a: S, b: T}}, generate: true}'],
  ['correlation of names', 'title: C\ncorrelation: {type: temporal, timespan: 1M, condition: a and (b or not c)}'],
  ['several values', 'title: C\ncorrelation: {type: value_count, rules: a, timespan: 1w, condition: {field: [A, B], neq: 2}}'],
])('holds for a %s', (_, text) => {
  expectSame(text);
});
