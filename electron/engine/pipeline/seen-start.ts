/** One start of a program as the pipeline carries it: what the exec news and the first look at the process gave. */
import type { ProcessLife, Program } from '../core/process-node.ts';

export interface SeenStart {
  readonly pid: number;
  readonly life: ProcessLife;
  /** The entry of this very start in the tree. */
  readonly program: Program | null;
  readonly atNs: bigint;
  readonly ppid: number | null;
  readonly startTicks: number | null;
  /** Null: the process was gone before it could be read. */
  readonly image: string | null;
  /** Null: not read (yet). */
  readonly argv: readonly string[] | null;
  readonly argvComplete: boolean;
  /** The process has ended or gone on to another program: what is not known by now is not to be had from it. */
  readonly gone: boolean;
  readonly uid: number | null;
  readonly currentDirectory: string | null;
  /** Why this start was not seen when it happened, in words; null for one that was. */
  readonly missedBecause: string | null;
}

/** The process is there, and its arguments could not be read. */
export function isUnread(start: SeenStart): boolean {
  return !start.gone && start.image !== null && start.argv === null;
}
