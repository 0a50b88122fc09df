/** What `holdfast` ends with. A promise to scripts: values are added, never changed. */
export const EXIT = {
  ok: 0,
  /** The engine refused, a rule file was refused, doctor found a problem. */
  refused: 1,
  /** What was typed can not be understood: unknown command, rule, mode or time. */
  usage: 2,
  /** No engine answered, or nothing that may be believed. */
  noEngine: 3,
  /** A rehearsal did not go as the present modes promise. */
  rehearsal: 4,
  /** Ended by Ctrl-C or a request to end, after cleaning up; 128 + the signal, as shells have it. */
  interrupted: 130,
} as const;
