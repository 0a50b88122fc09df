/**
 * Text made to hurt: the reader answers with documents or with a place and a reason, soon, and never throws. Bounded here;
 * HOLDFAST_FUZZ_SECONDS makes it longer.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../../electron/engine/rules/compile/compile.ts';
import { evaluate } from '../../../../electron/engine/rules/evaluate.ts';
import { linkRules } from '../../../../electron/engine/rules/link/link-rules.ts';
import { parseRuleFile } from '../../../../electron/engine/rules/parse/rule-file.ts';
import { FieldTable, Subject } from '../../../../electron/engine/rules/subject.ts';

const SECONDS = Number(process.env['HOLDFAST_FUZZ_SECONDS'] ?? '4');
const GOOD = 'title: T\nid: x\nlogsource: {product: windows}\ndetection:\n  s: {CommandLine|re: "a+(b|c)*$", Image|endswith|all: [x, "\\\\y"]}\n  k: [word, {A|cidr: "10.0.0.0/8"}]\n  condition: s or not 1 of k*\nlevel: low\n---\ntitle: C\ncorrelation: {type: value_count, rules: [x], group-by: [A], timespan: 5m, condition: {field: B, gte: 3}}\n';

/** Reads, links, compiles and asks; what comes out is a place and a reason or an answer. */
function survive(text: string): void {
  const parsed = parseRuleFile('evil.yml', text);
  if (!parsed.ok) {
    expect(parsed.error.message).toMatch(/^evil\.yml/);
    return;
  }
  const fields = new FieldTable();
  for (const { rule } of linkRules(parsed.value).rules) {
    evaluate(compileRule({ fields, fieldCost: () => 1 }, rule), new Subject(fields, { read: () => 'some value', all: () => ['some value'] }));
  }
}

const pieces = ['a', ': ', '\n', '  ', '- ', '[', ']', '{', '}', ',', '|', '>', '&a ', '*a', '!!set ', '? ', '"', "'", '\\', '#', '---\n', '...\n', 'detection', 'condition', '1 of', '(', ')', ' not ', ' and ', '~', '0x', '<<: *a', '\t', '\u0000', '\uFEFF', '%', '|re', '|base64offset', 'correlation:', 'title: T', '*'];
const noise = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })), { maxLength: 60 }).map((parts) => parts.join(''));
const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => new TextDecoder().decode(array));
/** A good file with a piece cut out, doubled, or noise put in. */
const damaged = fc.tuple(fc.nat(GOOD.length), fc.nat(40), noise, fc.boolean()).map(([at, length, put, keep]) => GOOD.slice(0, at) + put + GOOD.slice(keep ? at : at + length));
const patterns = fc.stringMatching(/^[ab.*+?(){}[\]|^$\\d,1-9-]{0,30}$/).map((source) => `title: T\nlogsource: {}\ndetection: {s: {A|re: ${JSON.stringify(source)}}, condition: s}`);
const conditions = fc.array(fc.constantFrom('s', 'and', 'or', 'not', '(', ')', '1 of', 'all of', 'them', 's*', '*', '|', 'of', '2 of'), { maxLength: 20 }).map((words) => `title: T\nlogsource: {}\ndetection: {s: {A: x}, condition: "${words.join(' ')}"}`);

it('survives noise, bytes, damage, patterns and conditions', { timeout: SECONDS * 1000 + 60_000 }, () => {
  fc.assert(fc.property(fc.oneof(noise, bytes, damaged, patterns, conditions), survive), { numRuns: 1_000_000, interruptAfterTimeLimit: SECONDS * 1000 });
});

describe('bombs', () => {
  const nested = (open: string, depth: number, close: string): string => `title: T\nx: ${open.repeat(depth)}1${close.repeat(depth)}`;
  const laughs = ['a: &a [x, x, x, x, x, x, x, x, x]', ...Array.from({ length: 25 }, (_, at) => `k${at}: &k${at} [${`*${at === 0 ? 'a' : `k${at - 1}`}, `.repeat(8)}x]`)].join('\n');
  it.each<[string, string]>([
    ['aliases of aliases', laughs],
    ['an alias to itself', 'a: &a [*a]'],
    ['merged aliases', `a: &a {x: 1}\n${Array.from({ length: 2000 }, (_, at) => `k${at}: {<<: *a}`).join('\n')}`],
    ['brackets', nested('[', 100_000, ']')],
    ['brackets below the limit of a line', nested('[', 190, ']')],
    ['braces over many lines', Array.from({ length: 5000 }, (_, at) => `${' '.repeat(at % 190)}{a:`).join('\n')],
    ['brackets over many lines', '[\n'.repeat(100_000)],
    ['brackets at growing depth', Array.from({ length: 700 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
    ['list marks over many lines', Array.from({ length: 700 }, (_, at) => `${' '.repeat(at)}-`).join('\n')],
    ['question marks', '? '.repeat(100_000)],
    ['documents', '---\n'.repeat(300_000)],
    ['keys', Array.from({ length: 60_000 }, (_, at) => `k${at}: ${at}`).join('\n')],
    ['tags', '!a '.repeat(100_000)],
    ['anchors', Array.from({ length: 50_000 }, (_, at) => `- &a${at} x`).join('\n')],
    ['a long line', `title: ${'x'.repeat(1 << 20)}`],
    ['many selections', `title: T\nlogsource: {}\ndetection:\n${Array.from({ length: 5000 }, (_, at) => `  s${at}: {A: x}`).join('\n')}\n  condition: all of s*`],
    ['a condition of many terms', `title: T\nlogsource: {}\ndetection: {s: {A: x}, condition: "${'s and '.repeat(50_000)}s"}`],
    ['a condition of many brackets', `title: T\nlogsource: {}\ndetection: {s: {A: x}, condition: "${'('.repeat(50_000)}s"}`],
    ['a condition of many nots', `title: T\nlogsource: {}\ndetection: {s: {A: x}, condition: "${'not '.repeat(50_001)}s"}`],
    ['many wildcards', `title: T\nlogsource: {}\ndetection: {s: {A: "${'*a'.repeat(20_000)}"}, condition: s}`],
    ['many placeholders', `title: T\nlogsource: {}\ndetection: {s: {A|expand: "${'%a%'.repeat(20_000)}"}, condition: s}`],
  ])('%s', { timeout: 20_000 }, (_, text) => {
    survive(text);
  });
});
