/** What must hold for every definition on recorded events of the shipped book, and for every fixture. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { countHits } from '../../../../bench/asr-hits/count.ts';
import { reasonFor } from '../../../../bench/asr-hits/reasons.ts';
import { RecordedJudge, recordedDefinitions } from '../../../../electron/engine/asr/judge-recorded.ts';
import { RECORDED_KINDS } from '../../../../electron/engine/asr/recorded-events.ts';
import { effectiveMode, snapshotRule } from '../../../../electron/engine/asr/rule-book.ts';
import { corpusDir } from '../../../support/probes.mjs';
import { itNeeds } from '../../../support/requirement.ts';
import { eventOf, kindNamed } from './event-form.ts';
import { shippedBook, windowsFixtureSlugs, windowsFixturesOf } from './rule-files.ts';

const book = shippedBook();
const all = recordedDefinitions(book, 'windows');
const strict = new RecordedJudge(all);

describe('the Windows definitions', () => {
  it('are there for all nineteen rules, each with one on what Defender does by the same id', () => {
    for (const rule of book.rules) {
      const own = all.filter((one) => one.rule.id === rule.id);
      expect(own.length, rule.slug).toBeGreaterThanOrEqual(2);
      const defender = own.find(({ definition }) => definition.logsource.service === 'windefend');
      expect(defender?.answer, rule.slug).toBe('prevented');
      expect(JSON.stringify([...(defender?.definition.selections.values() ?? [])]), rule.slug).toContain(rule.id);
    }
  });

  it('have ids, levels, ATT&CK tags and known false positives as those for Linux', () => {
    const linux = book.rules.flatMap(({ systems }) => (systems.linux.available ? systems.linux.definitions : [])) as { id: string }[];
    const ids = [...linux.map(({ id }) => id), ...all.map(({ definition }) => definition.id)];
    expect(new Set(ids).size).toBe(ids.length);
    for (const { definition, rule } of all) {
      expect(definition.falsepositives.length, definition.title).toBeGreaterThan(0);
      expect(definition.tags.some((tag) => /^attack\.t\d{4}(?:\.\d{3})?$/.test(tag)), `${rule.slug}: ${definition.title}`).toBe(true);
      expect(definition.tags.every((tag) => /^attack\.(?:t\d{4}(?:\.\d{3})?|[a-z-]+)$/.test(tag)), definition.title).toBe(true);
    }
  });

  it('reach no policy: on Windows a rule on block is shown as unavailable, and its snapshot is empty', () => {
    for (const rule of book.rules) {
      expect(effectiveMode(rule, 'windows', 'block').effective, rule.slug).toBe('unavailable');
      expect(snapshotRule(rule, 'windows', 'block', []).definitions, rule.slug).toEqual([]);
    }
  });
});

it('every kind of recorded event has fields that are named once', () => {
  for (const { source, fields } of RECORDED_KINDS) expect(new Set(fields).size, source).toBe(fields.length);
});

it('there are Windows fixtures for every rule, and for no others', () => {
  expect(windowsFixtureSlugs().sort()).toEqual(book.rules.map(({ slug }) => slug).sort());
});

describe.each(book.rules.map(({ slug }) => slug))('%s on Windows', (slug) => {
  const own = all.filter(({ rule }) => rule.slug === slug);
  const fixtures = windowsFixturesOf(slug);

  it('has at least three hits and three clear cases for each definition', () => {
    expect(Object.keys(fixtures)).toEqual(own.map(({ definition }) => definition.title));
    for (const { hits, clears } of Object.values(fixtures)) {
      expect(hits.length).toBeGreaterThanOrEqual(3);
      expect(clears.length).toBeGreaterThanOrEqual(3);
    }
  });

  for (const one of own) {
    const { title, logsource } = one.definition;
    const { hits, clears } = fixtures[title] ?? { hits: [], clears: [] };
    const kind = kindNamed(logsource.category ?? logsource.service ?? '');
    const alone = new RecordedJudge([one]);

    it.each(hits)(`${title}: hit: $name`, (form) => {
      const [hit] = alone.hits(eventOf(kind, form));
      expect(hit?.definition.id).toBe(one.definition.id);
      expect(hit?.matched.length).toBeGreaterThan(0);
    });

    it.each(clears)(`${title}: clear: $name`, (form) => {
      // What is harmless for one rule is harmless for all of them.
      expect(strict.hits(eventOf(kind, form)).map((hit) => `${hit.rule.slug}: ${hit.definition.title}`)).toEqual([]);
    });
  }
});

describe('the recordings', () => {
  itNeeds(['corpus'], 'give a rule something in the background only for a reason that is written down', async () => {
    const { rules, totals } = await countHits(book, corpusDir, 'resources');
    const background = [...rules.values()].flatMap((counts) => counts.background);
    expect(totals.get('splunk-dev.jsonl.gz')?.background).toBeGreaterThan(0);
    expect(background.filter((hit) => reasonFor(hit) === null).map(({ hit, group, event }) => [hit.rule.slug, hit.definition.title, path.basename(group), event.fields['CommandLine']])).toEqual([]);
  }, 120_000);
});
