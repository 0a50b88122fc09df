/** Times of the wall clock as times of the clock that news and looks are counted by. */
import type { Clock } from '../ports.ts';

/** `timeMs`: ms since the epoch; one that is still to come counts as now. Right as long as nobody has set the wall clock since. */
export function monotonicOf(clock: Clock, timeMs: number): bigint {
  return clock.monotonicNs() - BigInt(Math.max(0, Math.round((clock.nowMs() - timeMs) * 1e6)));
}
