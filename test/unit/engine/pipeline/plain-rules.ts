/** Sigma documents from text, asked one rule after the other. */
import { judgeOfPacks, type SigmaJudge } from '../../../../electron/engine/pipeline/sigma-judge.ts';
import type { MakeMatcher } from '../../../../electron/engine/pipeline/rule-judge.ts';
import { linkRules, type LinkedRules } from '../../../../electron/engine/rules/link/link-rules.ts';
import { parseRuleFile } from '../../../../electron/engine/rules/parse/rule-file.ts';
import { SigmaSet } from '../../../../electron/engine/rules/set/sigma-set.ts';
import type { TrustLevel } from '../../../../shared/packs/pack.ts';

export const makeSet: MakeMatcher = (rules) => SigmaSet.build(rules);

export function linked(text: string): LinkedRules {
  const documents = parseRuleFile('rules.yml', text);
  if (!documents.ok) throw new Error(documents.error.message);
  return linkRules(documents.value);
}

export function sigmaJudge(text: string, trust: TrustLevel = 'observe'): SigmaJudge {
  return judgeOfPacks([{ linked: linked(text), trust }], makeSet);
}

export const WHOAMI_RULE = `
title: Whoami
id: 11111111-1111-4111-8111-111111111111
author: An Author
level: medium
logsource: {product: windows, category: process_creation}
detection:
  selection: {Image|endswith: '\\whoami.exe'}
  condition: selection
`;

/** The same, asking for the tree to be contained. */
export const CONTAINING_RULE = `${WHOAMI_RULE.replaceAll('1111', '2222')}response: contain\n`;
