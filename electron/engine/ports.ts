/**
 * The seams between the parts of the engine and the world. `host/engine-child.ts` (the composition root of the engine
 * process) connects them: platform adapters on one side, tests with simulated ones on the other. Types only.
 */
import type { Arguments, HeldProcess, ProcessStat } from '../platform/contract.ts';
import type { Action, HistoryEntry, ProcessBelow } from '../../shared/history/entry.ts';
import type { RecordedHit, StartRecord } from '../../shared/link/messages.ts';
import type { Result } from '../../shared/result.ts';
import type { FactReader } from '../../shared/start/facts.ts';

/** Wall and monotonic time, so that tests own both. */
export interface Clock {
  /** Milliseconds since the epoch. May jump; see `engine/core/expiry-clock`. */
  nowMs(): number;
  /** Nanoseconds that only grow (CLOCK_MONOTONIC, the same for all processes of this boot). */
  monotonicNs(): bigint;
}

/** Living processes, read from the system at the time of the call. Every method returns null when the process is gone. */
export interface LiveProcesses {
  stat(pid: number): ProcessStat | null;
  image(pid: number): string | null;
  /**
   * Reads the arguments without holding this thread up; `take` is called once, soon. Null: the process is gone. No values and
   * not complete: they can not be read this way (large, or withheld), see `argvWithin`.
   */
  argvSoon(pid: number, take: (found: Arguments | null) => void): void;
  /** What is asked of `argvSoon` within `work` is read together. */
  inOneBatch(work: () => void): void;
  /** Those that `argvSoon` can not read; null also when it takes longer than that. */
  argvWithin(pid: number, deadlineMs: number): Promise<Arguments | null>;
  uid(pid: number): number | null;
  userName(uid: number): string;
  currentDirectory(pid: number): string | null;
  /** Facts for judging a process that already runs; the same names the sentinel uses. */
  facts(pid: number, known: KnownStart): FactReader;
  hold(pid: number, startTicks: number): Result<HeldProcess | null>;
  /** May be read step by step: a list of thousands is long to read at once. */
  list(): Iterable<number>;
  /** Wall time of a start, ms since the epoch. */
  startTimeMs(startTicks: number): number;
}

/** What the tree knows of a start, so that facts are not read twice. */
export interface KnownStart {
  readonly image: string;
  readonly argv: readonly string[] | null;
  readonly uid: number | null;
  readonly ancestors: readonly { readonly pid: number; readonly startTicks: number; readonly image: string }[];
  readonly parentArgv: readonly string[] | null;
}

/** A finding on its way into history. The recorder turns it into a `HistoryEntry`, stores it, and tells listeners. */
export interface Finding {
  readonly id: string;
  readonly timeMs: number;
  readonly action: Action;
  readonly hit: RecordedHit;
  readonly process: FoundProcess;
  readonly ancestors: readonly FoundProcess[];
  readonly notes: readonly string[];
  /** Only of findings about a pause. */
  readonly pause?: HistoryEntry['pause'];
  /** What had ended below the process. */
  readonly below?: readonly FoundBelow[];
}

export interface FoundBelow extends FoundProcess {
  readonly parentPid: number;
  readonly outcome: ProcessBelow['outcome'];
}

export interface FoundProcess {
  readonly pid: number;
  readonly startTicks: number | null;
  readonly image: string;
  readonly argv: readonly string[] | null;
  readonly uid: number | null;
}

export interface Recorder {
  /** Durable when it returns ok. On failure (full disk) the recorder keeps the finding and retries; nothing is lost while it lives. */
  record(finding: Finding): Result<HistoryEntry>;
  /** Same id again (a denial drained twice) is no second entry. */
  has(id: string): boolean;
}

/** Stops under way, noted before the first signal. None of these throws. */
export interface StopJournal {
  begin(finding: Finding): void;
  end(id: string): void;
  /** What is begun and not done; at the start, what earlier engines left. */
  left(): readonly Finding[];
}

/** Denials of the sentinel that came over its log, in order, each exactly once. */
export interface DenialSink {
  /** Resolves when all are decided and handed to the recorder (an unconfirmed one waits for news); only then may the log be forgotten. */
  onDenials(sentinelId: string, records: readonly (StartRecord & { readonly confirmed: boolean })[]): Promise<void>;
}
