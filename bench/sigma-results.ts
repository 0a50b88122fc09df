/** What a measurement of the Sigma index in a process of its own hands back. Times of one event in microseconds, a value a round. */

export interface SigmaSpeed {
  readonly rules: number;
  readonly events: number;
  /** Found by the index and by the plain loop alike. */
  readonly matches: number;
  readonly plainUs: number;
  readonly freshUs: readonly number[];
  readonly repeatedUs: readonly number[];
  readonly p50Us: readonly number[];
  readonly p99Us: readonly number[];
  /** With 1,800 and with 2,800 of the rules. */
  readonly fewUs: readonly number[];
  readonly manyUs: readonly number[];
}

export interface SigmaStart {
  readonly rules: number;
  readonly ms: number;
  readonly readMs: number;
  readonly buildMs: number;
  readonly firstEventMs: number;
  readonly megabytes: number;
}
