/** The scheduler of a real process. */
import type { Scheduler } from '../core/scheduler.ts';

export function systemScheduler(): Scheduler {
  return {
    soon: (run) => void setImmediate(run),
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  };
}
