/**
 * What engine and sentinel tell each other over their private socket (one JSON object a line; the socket lies in a folder
 * only their account can enter, and the peer's uid is checked). The sentinel listens: it outlives engines.
 */
import type { PolicySnapshot } from '../policy/snapshot.ts';
import type { Ancestor } from '../start/facts.ts';
import type { Coverage } from '../status/status.ts';

/** A rule that matched, as it is recorded. */
export interface RecordedHit {
  readonly ruleId: string;
  readonly definitionId: string;
  readonly mode: 'block' | 'audit' | 'warn';
  readonly matched: readonly { readonly field: string; readonly value: string; readonly pattern: string }[];
}

/** One judged start. `answer` is what the kernel was told. */
export interface StartRecord {
  readonly kind: 'start' | 'open';
  /** Grows by one per record of this sentinel; with `sentinelId` it names the record for ever. */
  readonly seq: number;
  readonly timeMs: number;
  readonly tid: number;
  /** The process the thread belongs to, when that is another number. The exec news that follows names the process. */
  readonly pid?: number;
  readonly image: string;
  /** Opened file, for `open`. */
  readonly target?: string;
  readonly argv: readonly string[] | null;
  readonly argvComplete: boolean;
  readonly ppid?: number;
  readonly startTicks?: number;
  readonly uid?: number;
  readonly cwd?: string | null;
  /** Present on denials and audits. */
  readonly ancestors?: readonly Ancestor[];
  readonly answer: 'allow' | 'deny';
  /** Why without a rule: the deadline passed, arguments were too long, too many held. */
  readonly unjudged?: 'deadline' | 'too-long' | 'held' | 'user-stuck';
  readonly hits?: readonly RecordedHit[];
  /** The allow that let it pass. */
  readonly allowId?: string;
  readonly generation: number;
}

/** Whether the engine has to put it on record; of the others it only needs to know. */
export function belongsInHistory({ hits, unjudged }: Pick<StartRecord, 'hits' | 'unjudged'>): boolean {
  return unjudged !== undefined || (hits !== undefined && hits.length > 0);
}

export interface SentinelStats {
  readonly decisions: number;
  readonly denied: number;
  readonly p50us: number | null;
  readonly p99us: number | null;
  readonly held: number;
  readonly stuckReads: number;
  readonly lastEventMs: number | null;
}

export type FromSentinel =
  | { readonly t: 'hello'; readonly sentinelId: string; readonly pid: number; readonly startTicks: number; readonly generation: number; readonly denialLog: string }
  | { readonly t: 'beat' }
  | { readonly t: 'starts'; readonly records: readonly StartRecord[] }
  | { readonly t: 'denied'; readonly throughSeq: number }
  /** A denial that could not be written to the log (its file system is full): it is known only by this message. */
  | { readonly t: 'denied-unlogged'; readonly record: StartRecord }
  | { readonly t: 'stats'; readonly stats: SentinelStats }
  | { readonly t: 'coverage'; readonly coverage: readonly Coverage[] }
  | { readonly t: 'policy-in-force'; readonly generation: number }
  | { readonly t: 'policy-refused'; readonly generation: number; readonly message: string }
  | { readonly t: 'allow-used'; readonly allowId: string };

export type ToSentinel =
  | { readonly t: 'policy'; readonly snapshot: PolicySnapshot }
  | { readonly t: 'drained'; readonly throughSeq: number }
  /** Records with hits, and starts that could not be judged, are in the store up to here. */
  | { readonly t: 'taken'; readonly throughSeq: number };
