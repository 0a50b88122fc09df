/** Whether a correlation can fire here: that depends on what it is made of. */
import { TEMPORAL_TYPES, type SigmaCorrelation } from '../rules/model.ts';
import type { Readiness } from './readiness.ts';

const READY: Readiness = { state: 'canFire', missingFields: [], reason: null, missing: null };

/** `known`: rules of its pack by id, title and name. One that is not among them may come with another pack and counts as ready. */
export function correlationReadiness(correlation: SigmaCorrelation, known: ReadonlyMap<string, Readiness>): Readiness {
  const parts = correlation.rules.map((reference) => known.get(reference) ?? READY);
  const never = parts.filter(({ state }) => state === 'cannotFire');
  // Rules that have to be seen together are needed each; of those that are counted one is enough.
  const needsAll = TEMPORAL_TYPES.some((type) => type === correlation.type);
  const [why] = never;
  if (why !== undefined && (needsAll || never.length === parts.length)) return why;
  const [degraded] = parts.filter(({ state }) => state !== 'canFire');
  if (degraded === undefined) return READY;
  return { state: 'degraded', missingFields: [...new Set(parts.flatMap(({ missingFields }) => missingFields))].sort(), reason: degraded.reason, missing: null };
}
