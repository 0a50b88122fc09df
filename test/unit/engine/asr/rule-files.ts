/** Reads the shipped rule book and its fixtures for tests. */
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { loadRuleBook, type RuleBook, type RuleBookFile } from '../../../../electron/engine/asr/rule-book.ts';
import type { EventForm } from './event-form.ts';
import type { FactsForm } from './facts-form.ts';

const RULES = 'resources/rules';
const FIXTURES = 'test/fixtures/asr';

export function ruleFiles(): RuleBookFile[] {
  const files = [...fs.readdirSync(path.join(RULES, 'asr')).map((name) => `asr/${name}`), 'presets.yml'];
  return files.map((name) => ({ path: `${RULES}/${name}`, text: fs.readFileSync(path.join(RULES, name), 'utf8') }));
}

export function shippedBook(): RuleBook {
  const book = loadRuleBook(ruleFiles());
  if (!book.ok) throw new Error(book.error.message);
  return book.value;
}

export interface Fixture extends FactsForm {
  readonly name: string;
}

/** By title of the definition. */
export type Fixtures = Readonly<Record<string, { readonly hits: readonly Fixture[]; readonly clears: readonly Fixture[] }>>;

export function fixturesOf(slug: string): Fixtures {
  const file = path.join(FIXTURES, `${slug}.yml`);
  return fs.existsSync(file) ? (parse(fs.readFileSync(file, 'utf8')) as Fixtures) : {};
}

export function fixtureSlugs(): string[] {
  return slugsIn(FIXTURES);
}

/** Fixtures of the definitions on recorded events, by title of the definition. */
export type EventFixtures = Readonly<Record<string, { readonly hits: readonly EventForm[]; readonly clears: readonly EventForm[] }>>;

export function windowsFixturesOf(slug: string): EventFixtures {
  return parse(fs.readFileSync(path.join(FIXTURES, 'windows', `${slug}.yml`), 'utf8')) as EventFixtures;
}

export function windowsFixtureSlugs(): string[] {
  return slugsIn(path.join(FIXTURES, 'windows'));
}

function slugsIn(folder: string): string[] {
  return fs.readdirSync(folder).filter((name) => name.endsWith('.yml')).map((name) => name.replace(/\.yml$/, ''));
}
