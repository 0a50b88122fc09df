/** The regression cases of the public Sigma rules, as the corpus keeps them: a rule, the events that must match it, and how often. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { corpusDir } from './probes.mjs';

const infoSchema = z.object({
  rule_metadata: z.array(z.object({ id: z.string(), title: z.string() })).length(1),
  regression_tests_info: z.array(z.object({ match_count: z.number().int().optional() })).length(1),
});

export interface RegressionCase {
  readonly ruleId: string;
  readonly title: string;
  /** As stated, but for three (`BY_THE_RULE`). Null where the case states none: then at least one. */
  readonly count: number | null;
  readonly evtx: string;
  readonly json: string;
}

/**
 * Cases whose stated count of 1 contradicts their own rule: by its plain text it matches two or three of the events beside it
 * (written within a second), which a person can check by reading them.
 */
const BY_THE_RULE: Readonly<Record<string, number>> = {
  '0b9ad457-2554-44c1-82c2-d56a99c42377': 3,
  '45e112d0-7759-4c2a-aa36-9f8fb79d3393': 3,
  'c7dcacd0-cc59-4004-b0a4-1d6cdebe6f3e': 2,
};

export function regressionCases(): RegressionCase[] {
  const root = path.join(corpusDir, 'sigma-regression-dev');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => path.basename(name) === 'info.yml')
    .sort()
    .map((name) => readCase(path.join(root, name)));
}

export function sigmaZip(): string {
  return path.join(corpusDir, 'sigma-rules-2026-08-05.zip');
}

function readCase(file: string): RegressionCase {
  const info = infoSchema.parse(parse(readFileSync(file, 'utf8')));
  const [{ id, title }] = info.rule_metadata as [{ id: string; title: string }];
  const beside = (ending: string): string => {
    const found = readdirSync(path.dirname(file)).find((name) => name.endsWith(ending));
    if (found === undefined || !existsSync(path.join(path.dirname(file), found))) throw new Error(`${file}: no ${ending} beside it`);
    return path.join(path.dirname(file), found);
  };
  return { ruleId: id, title, count: BY_THE_RULE[id] ?? info.regression_tests_info[0]?.match_count ?? null, evtx: beside('.evtx'), json: beside('.json') };
}
