/** Why a verdict is what it is, in words for a person. */
import type { Conviction, Evidence } from './evidence.ts';

const CONVICTED_BY: Readonly<Record<Conviction, string>> = {
  'asr-block': 'the attack surface reduction rule is set to block',
  'pack-contain': 'the rule of a trusted pack asks to contain',
  'pack-suspend': 'the rule of a trusted pack asks to suspend',
};

const SOURCE: Readonly<Record<Evidence['source'], string>> = {
  asr: 'attack surface reduction rule',
  sigma: 'Sigma rule',
  behavior: 'behaviour',
  model: 'model',
  indicator: 'indicator',
};

export const VERDICT = {
  convicted: (conviction: Conviction, evidence: Evidence, image: string | null) => `${CONVICTED_BY[conviction]}: ${evidence.title}${at(image)}`,
  ordered: (by: string) => `ordered by ${by}`,
  evidence: (evidence: Evidence, image: string | null, times: number) =>
    `${SOURCE[evidence.source]} (${evidence.level}): ${evidence.title}${at(image)}${times > 1 ? `, ${times} times` : ''}`,
  more: (number: number) => `and ${number} more ${number === 1 ? 'finding' : 'findings'}`,
} as const;

function at(image: string | null): string {
  return image === null ? '' : `, by ${image}`;
}
