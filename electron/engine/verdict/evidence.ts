/** What a finding is worth against the process tree that earned it. Levels are evidence; only a few things convict. */

export type EvidenceLevel = 'informational' | 'low' | 'medium' | 'high' | 'critical';
export type EvidenceSource = 'asr' | 'sigma' | 'behavior' | 'model' | 'indicator';

/**
 * Why a finding settles the matter by itself, whatever the score: a trusted pack asks for it in so many words, or an attack
 * surface reduction rule is set to block. A person's order is the third; it comes without a finding.
 */
export type Conviction = 'pack-suspend' | 'pack-contain' | 'asr-block';

export interface Evidence {
  readonly ruleId: string;
  readonly title: string;
  readonly level: EvidenceLevel;
  readonly source: EvidenceSource;
  readonly conviction: Conviction | null;
}

/** In log-odds: how much more an attack explains a match of this level than daily work does. */
export const WEIGHTS: Readonly<Record<EvidenceLevel, number>> = { informational: 0, low: 0.5, medium: 1.5, high: 3, critical: 5 };

/** What settles the matter by itself weighs at least this: its author vouches for it, as nobody does for a mere match. */
const CONVICTING = 7;

export function weightOf({ level, conviction }: Pick<Evidence, 'level' | 'conviction'>): number {
  return conviction === null ? WEIGHTS[level] : Math.max(CONVICTING, WEIGHTS[level]);
}

/** Log-odds of a tree about which nothing is known: of a thousand trees that run, about seven are worth a look. */
export const PRIOR = -5;

/** Evidence reaches each ancestor up to the culprit a little weaker. */
export const DAMPING = 0.8;

/** The same rule again says half as much each time: a loop that repeats one act is no heap of evidence. */
export function repeatFactor(earlier: number): number {
  return 0.5 ** earlier;
}

/** 0 to 1. */
export function probability(weight: number): number {
  return 1 / (1 + Math.exp(-(PRIOR + weight)));
}

/** From here on a tree is watched. */
export const OBSERVE_FROM = 0.5;
