/** What the own pack is for: it marks most attack scripts and hardly anything of what people do every day. */
import { expect } from 'vitest';
import { textSets } from '../../../../bench/sigma-hits/corpus.ts';
import { marks, ofSystem, WAYS } from '../../../../bench/sigma-hits/main.ts';
import type { StartFacts } from '../../../../shared/start/facts.ts';
import { OWN_RULES, readRules, RuleSet } from '../../../support/own-sigma.ts';
import { corpusDir } from '../../../support/probes.mjs';
import { itNeeds } from '../../../support/requirement.ts';

const TIMEOUT_MS = 300_000;

type Way = (line: string) => readonly StartFacts[];

itNeeds(
  ['corpus'],
  'marks more than 60 % of the attack scripts and less than 1.5 % of ordinary command lines, typed or handed to a shell',
  () => {
    const rules = new RuleSet(ofSystem(readRules(OWN_RULES).map(({ rule }) => rule), 'linux'));
    const [attacks, ordinary] = textSets(corpusDir);
    const share = <T>(of: readonly T[], marked: (one: T) => boolean): number => of.filter(marked).length / of.length;
    const isMarked = (line: string, way: Way): boolean => marks(rules, way(line)).length > 0;
    for (const way of Object.values(WAYS)) expect(share(attacks!.scripts, (script) => script.some((line) => isMarked(line, way)))).toBeGreaterThan(0.6);
    // A line that is handed over leads to all the starts of a typed one, and one more.
    expect(share(ordinary!.lines, (line) => isMarked(line, WAYS['shell argument']!))).toBeLessThan(0.015);
  },
  TIMEOUT_MS,
);
