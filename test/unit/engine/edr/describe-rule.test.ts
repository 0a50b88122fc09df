import { expect, it } from 'vitest';
import type { AsrRule } from '../../../../electron/engine/asr/rule-book.ts';
import { ruleDescriber } from '../../../../electron/engine/edr/describe-rule.ts';
import { toHistoryEntry } from '../../../../electron/engine/edr/history-entry.ts';
import { unjudgedHit, UNJUDGED_RULE_ID } from '../../../../electron/engine/pipeline/own-rules.ts';
import { deps, finding, withRule } from './support.ts';

const rule: AsrRule = {
  id: 'abc',
  number: 1,
  slug: 'abc-rule',
  name: 'A rule',
  reason: 'Because.',
  severity: 'critical',
  attack: ['T1003'],
  modes: ['block', 'audit'],
  systems: { linux: { available: true, definitions: [], guardedFiles: [] }, windows: { available: false, reason: 'No.' } },
} as unknown as AsrRule;

it('words come from the rule book of the moment', () => {
  let rules: readonly AsrRule[] = [];
  const describe = ruleDescriber(() => ({ rules, presets: [] }));
  expect(describe('abc')).toMatchObject({ name: 'Rule abc', source: 'asr', reason: expect.stringContaining('no longer') as string });
  rules = [rule];
  expect(describe('abc')).toEqual({ name: 'A rule', reason: 'Because.', severity: 'critical', attack: ['T1003'], source: 'asr' });
});

it('what Holdfast itself reports has its own words and no mode', () => {
  const describeRule = ruleDescriber(() => ({ rules: [rule], presets: [] }));
  const own = toHistoryEntry(finding('a', { action: 'observed', hit: unjudgedHit('late') }), deps({ describeRule }));
  expect(own).toMatchObject({ severity: 'informational', definitionId: 'late', rule: { id: UNJUDGED_RULE_ID, source: 'holdfast', mode: null } });
  expect(toHistoryEntry(finding('b', withRule('abc')), deps({ describeRule })).rule).toMatchObject({ source: 'asr', mode: 'block' });
});
