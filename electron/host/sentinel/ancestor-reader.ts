/**
 * The line of descent of a starting process, from kernel structures only.
 *
 * The process and its parent are read each time; the chain above a living parent changes rarely and is kept for a moment,
 * because a build starts thousands of programs below the same few.
 */
import type { Ancestor } from '../../../shared/start/facts.ts';
import { KnownProcesses } from '../../platform/linux/known-processes.ts';
import { readImage, readStat, type ThreadedStat } from '../../platform/linux/proc.ts';

const MOST_GENERATIONS = 16;
const KEEP_NS = 1_000_000_000n;
const MOST_KEPT = 512;

interface Kept {
  readonly startTicks: number;
  readonly above: readonly Ancestor[];
  readonly untilNs: bigint;
}

export class AncestorReader {
  private readonly kept = new Map<number, Kept>();
  private readonly parents = new KnownProcesses();
  private own: { readonly pid: number; readonly stat: ThreadedStat } | null = null;

  /** Nearest first: what `pid` runs now (before the start that waits), its parent, and so on. */
  of(pid: number): readonly Ancestor[] {
    const own = readStat(pid);
    this.own = own === null ? null : { pid, stat: own };
    if (own === null) return [];
    const first = { pid, startTicks: own.startTicks, image: readImage(pid)?.path ?? '' };
    const parent = own.ppid > 0 ? this.parents.stat(own.ppid) : null;
    if (parent === null) return [first];
    const second = { pid: own.ppid, startTicks: parent.startTicks, image: readImage(own.ppid)?.path ?? '' };
    return [first, second, ...this.above(own.ppid, parent.startTicks, parent.ppid)];
  }

  /** What the last look at this very process found, once; else a look of its own. */
  takeStat(pid: number): ThreadedStat | null {
    const { own } = this;
    this.own = null;
    return own?.pid === pid ? own.stat : readStat(pid);
  }

  private above(pid: number, startTicks: number, ppid: number): readonly Ancestor[] {
    const now = process.hrtime.bigint();
    const before = this.kept.get(pid);
    if (before?.startTicks === startTicks && before.untilNs > now) return before.above;
    const above = climb(ppid);
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(pid, { startTicks, above, untilNs: now + KEEP_NS });
    return above;
  }
}

function climb(from: number): readonly Ancestor[] {
  const chain: Ancestor[] = [];
  let pid = from;
  while (pid > 0 && chain.length < MOST_GENERATIONS - 2) {
    const stat = readStat(pid);
    if (stat === null) break;
    chain.push({ pid, startTicks: stat.startTicks, image: readImage(pid)?.path ?? '' });
    pid = stat.ppid;
  }
  return chain;
}
