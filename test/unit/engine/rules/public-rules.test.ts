/** The public rules of a day in 2026: all that live load; what is marked unsupported loads or says why not. */
import path from 'node:path';
import { expect } from 'vitest';
import { fillPlaceholders } from '../../../../electron/engine/rules/parse/fill.ts';
import { parseRuleFile } from '../../../../electron/engine/rules/parse/rule-file.ts';
import { printRule } from '../../../../electron/engine/rules/print/print-document.ts';
import { corpusDir } from '../../../support/probes.mjs';
import { itNeeds } from '../../../support/requirement.ts';
import { zipTexts } from '../../../support/zip-texts.ts';

const ZIP = path.join(corpusDir, 'sigma-rules-2026-08-05.zip');
/** The forms of Sigma's first version that its second gave up. */
const GIVEN_UP = /timeframe is no longer part of Sigma|aggregation with "\|" is no longer part of Sigma|there is no selection "write"|"action" \(global, reset, repeat\)/;

itNeeds(['corpus'], 'all 3,777 live rules load, 25 of them waiting for lists, and read the same when printed', async () => {
  const files = (await zipTexts(ZIP, '.yml')).filter(({ name }) => !name.startsWith('unsupported/'));
  expect(files).toHaveLength(3777);
  let waiting = 0;
  for (const [index, file] of files.entries()) {
    const parsed = parseRuleFile(file.name, file.text);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const [document] = parsed.value;
    if (document?.kind !== 'rule') throw new Error(`${file.name} is no rule`);
    const { rule } = document;
    if (rule.placeholders.length > 0) {
      waiting += 1;
      expect(fillPlaceholders(rule, new Map(rule.placeholders.map((name) => [name, ['some', 'value*']])))).toMatchObject({ value: { placeholders: [] } });
    }
    if (index % 8 === 0) expect(parseRuleFile(file.name, printRule(rule))).toMatchObject({ value: [{ rule }] });
  }
  expect(waiting).toBe(25);
}, 180_000);

itNeeds(['corpus'], 'unsupported ones load or are refused with a place and a reason', async () => {
  const files = (await zipTexts(ZIP, '.yml')).filter(({ name }) => name.startsWith('unsupported/'));
  const results = files.map(({ name, text }) => parseRuleFile(name, text));
  const reasons = results.flatMap((result) => (result.ok ? [] : [result.error.message]));
  expect(results.filter((result) => result.ok)).toHaveLength(25);
  expect(reasons).toHaveLength(62);
  for (const reason of reasons) {
    expect(reason).toMatch(/^unsupported\/\S+\.yml:\d+:\d+: /);
    expect(reason).toMatch(GIVEN_UP);
  }
});
