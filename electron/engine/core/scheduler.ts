/** Time for work that waits or is done in slices. A port, so that tests own time. */
export interface Scheduler {
  /** After everything else that is due on this loop had its turn. */
  soon(run: () => void): void;
  /** Returns how to call it off. */
  after(delayMs: number, run: () => void): () => void;
  /** For what is put off again and again, and mostly called off: setting it costs the loop nothing. */
  alarm(run: () => void): Alarm;
}

export interface Alarm {
  /** Runs once, so long from now. What was set before is forgotten. */
  set(delayMs: number): void;
  clear(): void;
}

export function pause(scheduler: Scheduler, delayMs: number): Promise<void> {
  return new Promise((resolve) => void scheduler.after(delayMs, resolve));
}
