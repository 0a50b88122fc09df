/** The scheduler of a real process. */
import type { Alarm, Scheduler } from '../core/scheduler.ts';

/** `kernelAlarm`: null where the kernel gives none; one of Node's does the work then. */
export function systemScheduler(kernelAlarm: (run: () => void) => Alarm | null = () => null): Scheduler {
  return {
    soon: (run) => void setImmediate(run),
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    alarm: (run) => kernelAlarm(run) ?? nodeAlarm(run),
  };
}

/** One of Node's timers. */
export function nodeAlarm(run: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined;
  const clear = (): void => clearTimeout(timer);
  return {
    set: (delayMs) => {
      clear();
      timer = setTimeout(run, delayMs);
    },
    clear,
  };
}
