/** What must hold for every rule of Holdfast's own pack, and for every fixture. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { START_FIELDS } from '../../../../../electron/engine/asr/start-fields.ts';
import { fieldsOf } from '../../../../../electron/engine/rules/compile/compile.ts';
import { OWN_RULES, readRules, RuleSet, type OwnRule } from '../../../../support/own-sigma.ts';
import { startFacts, type FactsForm } from '../../asr/facts-form.ts';

const FIXTURES = 'test/fixtures/sigma';
const TACTICS = [
  'initial-access', 'execution', 'persistence', 'privilege-escalation', 'stealth', 'defense-impairment', 'credential-access', 'discovery', 'lateral-movement', 'collection',
  'command-and-control', 'exfiltration', 'impact',
];
/** What Sysmon and the Security log tell of the start of a process. */
const WINDOWS_FIELDS = new Set(['Image', 'CommandLine', 'CurrentDirectory', 'User', 'ParentImage', 'ParentCommandLine', 'OriginalFileName', 'IntegrityLevel', 'Company', 'Product', 'Description', 'Hashes']);

/** A start on Linux: its image is the first word in /usr/bin unless given. */
interface StartFixture extends Omit<FactsForm, 'image' | 'before'> {
  readonly name?: string;
  readonly image?: string;
  readonly before?: readonly StartFixture[];
}
type Fixture = StartFixture | Readonly<Record<string, string>>;
type Fixtures = Readonly<Record<string, { readonly hits: readonly Fixture[]; readonly clears: readonly Fixture[] }>>;

const rules = readRules(OWN_RULES);
const byFile = new Map([...new Set(rules.map(({ file }) => file))].map((file) => [file, rules.filter((own) => own.file === file)]));

function fixturesOf(file: string): Fixtures {
  return parse(fs.readFileSync(path.join(FIXTURES, file), 'utf8')) as Fixtures;
}

function matches(own: OwnRule, fixture: Fixture): boolean {
  const set = new RuleSet([own.rule]);
  const found = 'ParentImage' in fixture ? set.matchesFields(fixture) : set.matches(startsOf(fixture as StartFixture).map(startFacts));
  return found.size > 0;
}

function startsOf(fixture: StartFixture): readonly FactsForm[] {
  const { before = [], ...own } = fixture;
  const first = (own.run ?? '').split(' ', 1)[0] ?? '';
  const image = own.image ?? (first.startsWith('.') ? path.posix.join('/home/ada', first) : `/usr/bin/${first}`);
  return [...before.flatMap(startsOf), { ...own, image }];
}

describe('the own pack', () => {
  it('gives each rule an id and a title of its own', () => {
    expect(new Set(rules.map(({ rule }) => rule.id)).size).toBe(rules.length);
    expect(new Set(rules.map(({ rule }) => rule.title)).size).toBe(rules.length);
    for (const { rule } of rules) expect(rule.id, rule.title).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it.each(rules.map((own) => [own.rule.title, own] as const))('says what a person needs: %s', (_, { file, rule, raw }) => {
    expect(raw).toMatchObject({ author: 'Holdfast', license: 'Apache-2.0', status: 'experimental' });
    expect(String(raw['date'])).toMatch(/^\d{4}-\d{2}-\d{2}/);
    expect(raw['description']).toMatch(/^[A-Z].*\.$/s);
    expect(raw['remediation']).toMatch(/^[A-Z].*\.$/s);
    expect(raw).toHaveProperty('level');
    expect(rule.falsepositives.length).toBeGreaterThan(0);
    expect(rule.logsource).toMatchObject({ product: file.split('/')[0], category: 'process_creation', service: null });
    expect(file).toMatch(/^(?:linux|windows)\/[a-z]+(?:-[a-z]+)*\.yml$/);
  });

  it.each(rules.map(({ rule }) => [rule.title, rule] as const))('names a technique and a tactic: %s', (_, rule) => {
    const techniques = rule.tags.filter((tag) => /^attack\.t\d{4}(?:\.\d{3})?$/.test(tag));
    const tactics = rule.tags.filter((tag) => TACTICS.includes(tag.slice('attack.'.length)));
    expect(techniques.length).toBeGreaterThan(0);
    expect(tactics.length).toBeGreaterThan(0);
    expect(techniques.length + tactics.length).toBe(rule.tags.length);
  });

  it.each(rules.map(({ rule }) => [rule.title, rule] as const))('asks only for fields that are delivered: %s', (_, rule) => {
    const known = rule.logsource.product === 'linux' ? START_FIELDS : WINDOWS_FIELDS;
    expect([...fieldsOf(rule)].filter((field) => !known.has(field))).toEqual([]);
  });

  it('has fixtures for its files and titles, and for no others', () => {
    const files = fs.readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yml'));
    expect(files.sort()).toEqual([...byFile.keys()].sort());
    for (const [file, of] of byFile) expect(Object.keys(fixturesOf(file)).sort(), file).toEqual(of.map(({ rule }) => rule.title).sort());
  });
});

describe.each([...byFile])('%s', (file, of) => {
  const fixtures = fixturesOf(file);

  it.each(of.map((own) => [own.rule.title, own] as const))('hits and leaves alone: %s', (title, own) => {
    const { hits, clears } = fixtures[title] ?? { hits: [], clears: [] };
    expect(hits.length).toBeGreaterThanOrEqual(3);
    expect(clears.length).toBeGreaterThanOrEqual(3);
    expect(hits.filter((fixture) => !matches(own, fixture))).toEqual([]);
    expect(clears.filter((fixture) => matches(own, fixture))).toEqual([]);
  });
});
