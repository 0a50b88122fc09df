/** The clock by which allows and pauses end, over the clocks of this machine. */
import { ExpiryClock } from '../../engine/core/expiry-clock.ts';
import type { Settings } from '../../engine/settings/settings-schema.ts';
import { uptimeNs } from '../../platform/linux/proc.ts';

export function openExpiryClock(mark: Settings['clock'], bootId: string | null): ExpiryClock {
  return new ExpiryClock(mark, () => ({ wallMs: Date.now(), monotonicNs: uptimeNs(), bootId }));
}
