/** The book that the build leaves counts for the very same files only; any other file is read, and refused when it is bad. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadRuleBook } from '../../../../electron/engine/asr/rule-book.ts';
import { makeKeptBook, ruleBookAtStart, type KeptBookPlace } from '../../../../electron/host/engine/rule-book-at-start.ts';
import { readRuleFiles } from '../../../../electron/host/engine/rule-files.ts';

const RULES = path.resolve(import.meta.dirname, '../../../../resources/rules');
let resources: string;
let rule: string;

beforeEach(() => {
  resources = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-test-book-'));
  fs.cpSync(path.join(RULES, 'asr'), path.join(resources, 'rules/asr'), { recursive: true });
  fs.cpSync(path.join(RULES, 'presets.yml'), path.join(resources, 'rules/presets.yml'));
  rule = path.join(resources, 'rules/asr/rare-executables.yml');
});

afterEach(() => fs.rmSync(resources, { recursive: true }));

/** As the build leaves it, with `change` made to its text before the hash is taken, so that it shows where a book came from. */
function keep(change: (text: string) => string = (text) => text): KeptBookPlace {
  const made = makeKeptBook(resources);
  if (!made.ok) throw new Error(made.error.message);
  const text = change(made.value.text);
  const file = path.join(resources, 'asr-book.json');
  fs.writeFileSync(file, text);
  return { file, sha256: createHash('sha256').update(text).digest('hex') };
}

const marked = (text: string): string => text.replace(/"name":"[^"]+"/, '"name":"taken up"');

function names(kept: KeptBookPlace | null): readonly string[] {
  const book = ruleBookAtStart(resources, kept);
  if (!book.ok) throw new Error(book.error.message);
  return book.value.rules.map(({ name }) => name);
}

it('equals what the files say', () => {
  const files = readRuleFiles(resources);
  if (!files.ok) throw new Error(files.error.message);
  expect(ruleBookAtStart(resources, keep())).toEqual(loadRuleBook(files.value, { recorded: false }));
});

it('is taken up while the files are the same, wherever they lie', () => {
  expect(names(keep(marked))).toContain('taken up');
});

it('does not count once a file is another', () => {
  const kept = keep(marked);
  fs.writeFileSync(rule, fs.readFileSync(rule, 'utf8').replace(/^name: .*$/m, 'name: Another name'));
  expect(names(kept)).toContain('Another name');
  expect(names(kept)).not.toContain('taken up');
});

it('does not save a bad file from being refused with its place', () => {
  const kept = keep(marked);
  fs.writeFileSync(rule, fs.readFileSync(rule, 'utf8').replace(/^severity: .*$/m, 'severity: enormous'));
  const book = ruleBookAtStart(resources, kept);
  expect(book).toMatchObject({ ok: false, error: { code: 'bad-rule-file' } });
  expect(book.ok ? '' : book.error.message).toMatch(/rare-executables\.yml:\d+:\d+/);
});

it('does not count when it was changed, cut short or is gone', () => {
  const kept = keep();
  const text = fs.readFileSync(kept.file, 'utf8');
  for (const forged of [marked(text), text.slice(0, 100), '']) {
    fs.writeFileSync(kept.file, forged);
    expect(names(kept)).not.toContain('taken up');
  }
  fs.rmSync(kept.file);
  expect(names(kept)).toHaveLength(19);
});
