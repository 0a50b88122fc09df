/** What the control service needs of the engine. Filled by the composition root; by fakes in tests. */
import type { AsrRule, RuleBook, System } from '../asr/rule-book.ts';
import type { Times } from '../core/expiry-clock.ts';
import type { Settings } from '../settings/settings-schema.ts';
import type { DoctorFinding } from '../../../shared/control/calls.ts';
import type { Result } from '../../../shared/result.ts';
import type { HistoryQuery } from '../edr/history-query.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { Status } from '../../../shared/status/status.ts';
import type { RuleStanding } from '../status/derive-state.ts';
import type { Sqlite } from '../edr/sqlite.ts';
import type { LiveRing } from '../pipeline/live-ring.ts';
import type { Authority } from './authority.ts';
import type { ChangeSignal } from './change-signal.ts';
import type { PackControl } from './pack-calls.ts';
import type { PolicyKeeper } from './policy-keeper.ts';
import type { Rehearsals } from './rehearsals.ts';

export interface ControlDeps {
  readonly book: RuleBook;
  readonly system: System;
  readonly settings: { readonly current: Settings };
  readonly keeper: Pick<PolicyKeeper, 'change'>;
  /** Leaves a line of history about a pause that has begun or was ended; the caller is answered after that. */
  readonly recordPause: (event: 'begun' | 'ended', pause: NonNullable<Settings['pause']>, caller: { readonly uid: number; readonly pid: number; readonly name: string }) => Promise<void>;
  readonly store: {
    history(query: HistoryQuery): Result<{ readonly entries: readonly HistoryEntry[]; readonly more: boolean }>;
    counts(ruleId: string): { readonly prevented: number; readonly stopped: number; readonly audited: number };
    view<T>(read: (sqlite: Sqlite) => T): Result<T>;
  };
  readonly changes: ChangeSignal;
  readonly live: LiveRing;
  readonly authority: Authority;
  /** Own processes: name and id. */
  readonly family: () => readonly { readonly name: string; readonly pid: number }[];
  /** Processor time so far (ms) and memory (bytes) of a process; null when it is gone. */
  readonly useOf: (pid: number) => { readonly cpuMs: number; readonly memoryBytes: number } | null;
  readonly monotonicMs: () => number;
  readonly hostFacts: () => Readonly<Record<string, string>>;
  readonly packs: PackControl;
  readonly rehearsals: Rehearsals;
  readonly status: () => Status;
  readonly doctor: () => DoctorFinding[];
  /** What the rule set to this mode really does on this device now. */
  readonly standing: (rule: AsrRule) => RuleStanding;
  readonly userName: (uid: number) => string;
  /**
   * Identity of the program's content now, as allows name it. Null for openings, which are allowed by path, and where reading
   * could wait for somebody else's server; a failure when the program is gone, or an allow would fit whatever comes there next.
   */
  readonly contentOf: (entry: HistoryEntry) => Result<string | null>;
  readonly times: () => Times;
  readonly bootId: string | null;
  readonly newId: () => string;
  readonly scope: readonly string[];
  readonly ownUid: number;
  /** Ends Holdfast after the answer has gone out. */
  readonly requestStop: () => void;
}
