/** How far a rule may go here: its own wish, held to what its pack is trusted with. A rule without a wish is evidence. */
import { TRUST_LEVELS, type TrustLevel } from '../../../shared/packs/pack.ts';

export function responseOf(wish: TrustLevel | null, trust: TrustLevel): TrustLevel {
  if (wish === null) return 'observe';
  return TRUST_LEVELS[Math.min(TRUST_LEVELS.indexOf(wish), TRUST_LEVELS.indexOf(trust))] ?? 'observe';
}
