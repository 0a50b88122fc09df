/** The fast reader says what the library says, or nothing at all. */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainYaml } from '../../../../../electron/engine/rules/parse/plain-yaml.ts';
import { parseYaml, readAll } from '../../../../../electron/engine/rules/parse/yaml.ts';
import { corpusDir } from '../../../../support/probes.mjs';
import { itNeeds } from '../../../../support/requirement.ts';
import { zipTexts } from '../../../../support/zip-texts.ts';

const OWN_RULES = 'resources/rules/sigma';
const texts = fs.readdirSync(OWN_RULES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yml')).map((name) => fs.readFileSync(path.join(OWN_RULES, name), 'utf8'));
const SAMPLE = `# A comment
title: Words that go on
  below, after one
  and two lines
id: 'it''s quoted' # and commented
"not plain": 1
`.replace('"not plain"', 'plain');
const BLOCKS = `a:
- b: 1
  c|contains|all:
    - 'x'
    - "y\\\\z\\n"
    - 0x10

    - 1.0
- d
-
  e: |
    literal
      further in

    text
  f: >-
    folded
    text
g: [one, 'two, three', 4]
h: {k: v, l: 'w'}
i:
  [on, several,
   lines]
j: ~
k:
`;
const documents = [SAMPLE, BLOCKS, ...texts.flatMap((text) => text.split('\n---\n')).map((text) => `${text}\n`)];

/** What could make a plain file less plain. */
const SIGNS = [' ', '\n', ':', ': ', '#', ' #', '-', '- ', "'", '"', '|', '>', '[', ']', '{', '}', ',', '&a ', '*a', '!x ', '? ', '%', '@', '`', '~', 'null', 'True', '1', '0x1', '1.0', '-0', '.5', '1e3', '.inf', '---\n', '\n---\n', '...\n', '\\', '\t', '\n\n', '\n  ', '\n# c\n', 'a: b', '\u00a0', '<<: ', '- - ', '|-\n', '|+\n', '|2\n', "''", '\r', ' :', '[a, b]', '{a: b}', '__proto__: x\n', '\u{1f600}'];

const place = fc.nat(4_000);
const change = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), place, length: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('put' as const), place, sign: fc.constantFrom(...SIGNS) }),
  fc.record({ kind: fc.constant('shift' as const), place, indent: fc.nat(7) }),
  fc.record({ kind: fc.constant('repeat' as const), place, from: place }),
);

function changed(text: string, by: typeof change extends fc.Arbitrary<infer T> ? T : never): string {
  const lines = text.split('\n');
  const line = by.place % lines.length;
  const at = by.place % (text.length + 1);
  switch (by.kind) {
    case 'cut':
      return text.slice(0, at) + text.slice(at + by.length);
    case 'put':
      return text.slice(0, at) + by.sign + text.slice(at);
    case 'shift':
      return lines.with(line, ' '.repeat(by.indent) + (lines[line] ?? '').trimStart()).join('\n');
    case 'repeat':
      return lines.toSpliced(line, 0, lines[by.from % lines.length] ?? '').join('\n');
  }
}

/** The library's values and places; null when it refuses the text. */
function byLibrary(text: string): { readonly values: readonly unknown[]; readonly starts: readonly string[] } | null {
  try {
    const all = readAll('f', text);
    return { values: all.map(({ value }) => value), starts: all.map((document) => document.where([])) };
  } catch {
    return null;
  }
}

function expectSame(text: string): boolean {
  const plain = readPlainYaml(text);
  if (plain === null) return false;
  const fast = parseYaml('f', text);
  if (!fast.ok) throw new Error(fast.error.message);
  expect({ values: plain.map(({ value }) => value), starts: fast.value.map((document) => document.where([])) }).toEqual(byLibrary(text));
  return true;
}

describe('plain YAML', () => {
  it('is what rule files are written in', () => {
    for (const text of [SAMPLE, BLOCKS]) expect(expectSame(text), text).toBe(true);
    expect(texts.filter(expectSame).length).toBeGreaterThan(texts.length - 3);
  });

  it('keeps numbers as they were written, words as words', () => {
    const [document] = readPlainYaml('a: 1\nb: 007\nc: 1.0\nd: -3\ne: 1.5\nf: null\ng: "1"\nh: yes\ni: True\n') ?? [];
    expect(document?.value).toEqual({ a: 1, b: '007', c: '1.0', d: -3, e: 1.5, f: null, g: '1', h: 'yes', i: true });
  });

  it('changed in any way is read as the library reads it, or left to it', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.array(change, { minLength: 1, maxLength: 3 }), (text, changes) => {
        if (expectSame(changes.reduce(changed, text))) read += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(read).toBeGreaterThan(100);
  }, 120_000);

  it('is left to the library where it is not plain: marks, tags, doubles, tabs, other line ends, deep nesting', () => {
    const others = ['a: &x 1\n', 'a: *x\n', 'a: !t 1\n', 'a: 1\na: 2\n', 'a:\t1\n', 'a: 1\r\n', '? a\n: b\n', 'a: "two\n  lines"\n', '<<: {a: b}\n', '__proto__: 1\n', '%YAML 1.2\n---\na: 1\n', 'a: b: c\n', '- - a\n', 'a:\n# c\n  b\n  c\n', '', '---\n', `${Array.from({ length: 20 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')} 1\n`];
    for (const text of others) expect(readPlainYaml(text), JSON.stringify(text)).toBeNull();
  });

  it('leads to the same places when something in it is wrong', () => {
    for (const text of [SAMPLE, BLOCKS]) {
      const fast = parseYaml('f', text);
      const [library] = readAll('f', text);
      const paths = [['title'], ['a', 0], ['a', 0, 'c|contains|all', 1], ['a', 2, 'e'], ['g', 1], ['h', 'l'], ['nowhere', 3]];
      for (const one of paths) expect(fast.ok && fast.value[0]?.where(one)).toBe(library?.where(one));
      expect(fast.ok && fast.value[0]?.where(['a', 2, 'e'], 12)).toBe(library?.where(['a', 2, 'e'], 12));
    }
  });

  it('does not take the square of the length, whatever stands in it: that would outlast the test', () => {
    for (const sign of ["'", '[', '[a, ', '- ', 'a: ', 'a b ', '{a: b, ', '|\n', '"\\', ' #']) {
      for (const before of ['a: ', 'a:\n  ']) expect(() => readPlainYaml(`${before}${sign.repeat(200_000)}\n`)).not.toThrow();
    }
  }, 20_000);
});

itNeeds(['corpus'], 'nearly every public rule is plain, and read as the library reads it', async () => {
  const files = await zipTexts(path.join(corpusDir, 'sigma-rules-2026-08-05.zip'), '.yml');
  expect(files.filter(({ text }) => expectSame(text)).length).toBeGreaterThan(files.length * 0.99);
}, 120_000);
