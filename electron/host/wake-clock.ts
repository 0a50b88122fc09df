/**
 * One timer for what has to be done now and then. Each thing says by when it is due and from when on it may be done: whenever this
 * process wakes up for one of them, it does along what else may be done. At idle waking up is most of what a process costs.
 */
import type { Alarm } from '../engine/core/scheduler.ts';
import { nodeAlarm } from '../engine/pipeline/system-scheduler.ts';
import { monotonicMs } from './beat-file.ts';

export interface Slot {
  readonly isSet: boolean;
  /** `untilMs` from now at the latest; from `fromMs` on when this process is awake anyway. Once: `run` may set it again. */
  set(fromMs: number, untilMs: number): void;
  clear(): void;
}

interface Due {
  readonly run: () => void;
  fromMs: number;
  /** Infinity: nothing is to be done. */
  untilMs: number;
}

export class WakeClock {
  private readonly alarm: Alarm;
  private readonly all: Due[] = [];
  /** What the alarm is set to. */
  private wakesAtMs = Infinity;
  private running = false;

  constructor(makeAlarm: (run: () => void) => Alarm = nodeAlarm) {
    this.alarm = makeAlarm(() => this.wake());
  }

  slot(run: () => void): Slot {
    const due: Due = { run, fromMs: 0, untilMs: Infinity };
    this.all.push(due);
    return {
      get isSet() {
        return due.untilMs !== Infinity;
      },
      set: (fromMs, untilMs) => {
        const nowMs = monotonicMs();
        due.fromMs = nowMs + fromMs;
        due.untilMs = nowMs + untilMs;
        if (!this.running) this.arm();
      },
      // The alarm may wake this process for nothing then, once.
      clear: () => {
        due.untilMs = Infinity;
      },
    };
  }

  /** Ends all of it. */
  close(): void {
    this.all.length = 0;
    this.alarm.clear();
  }

  private wake(): void {
    this.wakesAtMs = Infinity;
    this.running = true;
    try {
      for (const due of this.all) this.runDue(due);
    } finally {
      this.running = false;
      this.arm();
    }
  }

  private runDue(due: Due): void {
    if (due.untilMs === Infinity || monotonicMs() < Math.min(due.fromMs, due.untilMs)) return;
    due.untilMs = Infinity;
    due.run();
  }

  private arm(): void {
    const untilMs = this.all.reduce((first, due) => Math.min(first, due.untilMs), Infinity);
    if (untilMs >= this.wakesAtMs) return;
    this.wakesAtMs = untilMs;
    this.alarm.set(Math.max(0, untilMs - monotonicMs()));
  }
}
