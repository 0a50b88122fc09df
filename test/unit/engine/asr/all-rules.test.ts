/** What must hold for every rule of the shipped book, and for every fixture. */
import { describe, expect, it } from 'vitest';
import { compilePolicy, type CompiledPolicy } from '../../../../electron/engine/asr/judge.ts';
import { effectiveMode, guardedPatterns, snapshotRule, SYSTEMS, type AsrRule, type RuleBook } from '../../../../electron/engine/asr/rule-book.ts';
import { parseRule } from '../../../../electron/engine/rules/parse/rule.ts';
import { plainDocument } from '../../../../electron/engine/rules/document.ts';
import type { SnapshotRule } from '../../../../shared/policy/snapshot.ts';
import { judgeForm } from './facts-form.ts';
import { fixtureSlugs, fixturesOf, shippedBook } from './rule-files.ts';

const GUIDS = [
  '56a863a9-875e-4185-98a7-b882c64b5ce5',
  '9e6c4e1f-7d60-472f-ba1a-a39ef669e4b2',
  'e6db77e5-3df2-4cf1-b95a-636979351e5b',
  '7674ba52-37eb-4a4f-a9a1-f0f9a1619a2c',
  'd4f940ab-401b-4efc-aadc-ad5f3c50688a',
  'be9ba2d9-53ea-4cdc-84e5-9b1eeee46550',
  '01443614-cd74-433a-b99e-2ecdc07bfc25',
  '5beb7efe-fd9a-4556-801d-275e5ffc04cc',
  'd3e037e1-3eb8-44c8-a917-57927947596d',
  '3b576869-a4ec-4529-8536-b80a7769e899',
  '75668c1f-73b5-4cf0-bb93-3ecf5cb7cc84',
  '26190899-1602-49e8-8b27-eb1d0a1ce869',
  'd1e49aac-8f56-4280-b9ba-993a6d77406c',
  '33ddedf1-c6e0-47cb-833e-de6133960387',
  'b2b3f03d-6a65-4f7b-a9c7-1c7ef74a9ba4',
  'c0033c00-d16d-4114-a5a0-dc9b3a7d2ceb',
  'a8f5898e-1dc8-49a9-9878-85004b8a61e6',
  '92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b',
  'c1db55ab-c21a-4637-bb3f-a12568109d35',
];

const book: RuleBook = shippedBook();
const onLinux = book.rules.filter((rule) => rule.systems.linux.available);
const strict = policyOf(book.rules.map((rule) => snapshotRule(rule, 'linux', presetMode('strict', rule), [])));

function presetMode(name: string, rule: AsrRule): SnapshotRule['mode'] {
  const preset = book.presets.find((one) => one.name === name);
  return preset?.modes.linux.get(rule.id) ?? 'off';
}

function policyOf(rules: SnapshotRule[]): CompiledPolicy {
  const compiled = compilePolicy({
    version: 1,
    generation: 1,
    fail: 'open',
    deadlineMs: 100,
    pausedUntilMs: null,
    rules,
    exclusions: [],
    allows: [],
    systemTools: {},
    guardedFiles: [],
  });
  if (!compiled.ok) throw new Error(compiled.error.message);
  return compiled.value;
}

function definitionsOf(rule: AsrRule) {
  const part = rule.systems.linux;
  return (part.available ? part.definitions : []).map((raw) => {
    const parsed = parseRule(plainDocument(rule.slug, raw));
    if (!parsed.ok) throw new Error(parsed.error.message);
    return { raw, parsed: parsed.value };
  });
}

describe('the rule book', () => {
  it('holds the nineteen rules under their ids and numbers', () => {
    expect(book.rules.map((rule) => rule.id)).toEqual(GUIDS);
    expect(book.rules.map((rule) => rule.number)).toEqual(GUIDS.map((_, index) => index + 1));
  });

  it('offers no warn mode for rules 2 and 11, and block and audit for all', () => {
    for (const rule of book.rules) {
      expect(rule.modes, rule.slug).toEqual(expect.arrayContaining(['block', 'audit']));
      expect(rule.modes.includes('warn'), rule.slug).toBe(rule.number !== 2 && rule.number !== 11);
    }
  });

  it('decides at least eleven rules at a start and one on reading on Linux', () => {
    const kinds = onLinux.map((rule) => definitionsOf(rule).map(({ parsed }) => parsed.logsource.category));
    expect(kinds.filter((of) => of.includes('process_creation')).length).toBeGreaterThanOrEqual(11);
    expect(kinds.filter((of) => of.includes('file_access'))).toHaveLength(1);
  });

  it('speaks to a person: a first sentence without jargon, an end, and no reason twice', () => {
    const reasons = book.rules.map((rule) => rule.reason);
    for (const reason of reasons) {
      const [first = ''] = reason.split(/[.:]\s/);
      expect(first, reason).not.toMatch(/\b(?:process|executable|binary|argv|LSASS|WMI|payload|exploit|TTP|PID)\b/);
      expect(reason.trim()).toMatch(/[.!]$/);
    }
    expect(new Set(reasons).size).toBe(reasons.length);
  });

  it('gives each definition a unique id, a level, ATT&CK tags and known false positives', () => {
    const ids: string[] = [];
    for (const rule of onLinux) {
      for (const { raw, parsed } of definitionsOf(rule)) {
        ids.push(parsed.id);
        expect(raw, parsed.title).toHaveProperty('level');
        expect(parsed.falsepositives.length, parsed.title).toBeGreaterThan(0);
        const techniques = parsed.tags.filter((tag) => /^attack\.t\d{4}(?:\.\d{3})?$/.test(tag));
        expect(techniques.length, parsed.title).toBeGreaterThan(0);
        expect(parsed.tags.every((tag) => /^attack\.(?:t\d{4}(?:\.\d{3})?|[a-z-]+)$/.test(tag)), parsed.title).toBe(true);
      }
    }
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says why where a system can not act, and shows it as downgraded', () => {
    for (const rule of book.rules) {
      for (const system of SYSTEMS) {
        const part = rule.systems[system];
        const { effective, downgradedBecause } = effectiveMode(rule, system, 'block');
        expect(effective).toBe(part.available ? 'block' : 'unavailable');
        expect(downgradedBecause === null).toBe(part.available);
      }
    }
  });

  it('guards files only for the rule on reading, which tests every one of them', () => {
    const reading = onLinux.filter((rule) => guardedPatterns([rule], 'linux').length > 0);
    expect(reading.map((rule) => rule.number)).toEqual([2]);
    for (const pattern of guardedPatterns(reading, 'linux')) {
      const target = pattern.replace('~', '/home/ada').replaceAll('*', 'x');
      expect(judgeForm(strict, { target, image: '/tmp/stranger' }).verdict, target).toBe('deny');
    }
  });
});

describe('the presets', () => {
  it('are standard and strict, with a mode for every rule on every system', () => {
    expect(book.presets.map((preset) => preset.name)).toEqual(['standard', 'strict']);
    for (const preset of book.presets) for (const system of SYSTEMS) expect(preset.modes[system].size).toBe(19);
  });

  it('strict blocks all that can be blocked, and only that', () => {
    for (const rule of book.rules) expect(presetMode('strict', rule), rule.slug).toBe(rule.systems.linux.available ? 'block' : 'off');
  });

  it('standard acts on every rule that can act', () => {
    for (const rule of onLinux) expect(['block', 'warn', 'audit'], rule.slug).toContain(presetMode('standard', rule));
  });
});

it('there are fixtures for the rules that can act, and for no others', () => {
  expect(fixtureSlugs().sort()).toEqual(onLinux.map((rule) => rule.slug).sort());
});

describe.each(onLinux.map((rule) => ({ rule, slug: rule.slug })))('$slug', ({ rule, slug }) => {
  const fixtures = fixturesOf(slug);
  const whole = policyOf([snapshotRule(rule, 'linux', 'block', [])]);

  it('has at least three hits and three clear cases for each definition', () => {
    expect(Object.keys(fixtures)).toEqual(definitionsOf(rule).map(({ parsed }) => parsed.title));
    for (const { hits, clears } of Object.values(fixtures)) {
      expect(hits.length).toBeGreaterThanOrEqual(3);
      expect(clears.length).toBeGreaterThanOrEqual(3);
    }
  });

  for (const { raw, parsed } of definitionsOf(rule)) {
    const { hits, clears } = fixtures[parsed.title] ?? { hits: [], clears: [] };
    const alone = policyOf([{ ...snapshotRule(rule, 'linux', 'block', []), definitions: [raw] }]);

    it.each(hits)(`${parsed.title}: hit: $name`, (form) => {
      const judgement = judgeForm(alone, form);
      expect(judgement).toMatchObject({ verdict: 'deny', hit: { ruleId: rule.id, definitionId: parsed.id, mode: 'block', reason: rule.reason } });
      expect(judgement.verdict === 'deny' && judgement.hit.matched.length).toBeGreaterThan(0);
      expect(judgeForm(strict, form).verdict).toBe('deny');
    });

    it.each(clears)(`${parsed.title}: clear: $name`, (form) => {
      expect(judgeForm(whole, form)).toEqual({ verdict: 'allow', audits: [], allowId: null, unjudged: false });
      // What is harmless for one rule is harmless for all of them.
      expect(judgeForm(strict, form)).toMatchObject({ verdict: 'allow' });
    });
  }
});
