/** What a stopped process had started and what became of it, for its entry: stopped with it, or ended by itself before. */
import type { ProcessLife } from '../core/process-node.ts';
import type { ProcessTree } from '../core/process-tree.ts';
import type { FoundBelow } from '../ports.ts';
import type { StopReport } from '../response/stop-tree.ts';

/** Of a tree that has thousands, the beginning explains enough. */
const MOST = 32;
/** Forks that never started a program and whose end is all that is known are looked at and left out. */
const MOST_LOOKED_AT = 2_000;

/** Parents before children. What still runs (protected, or could not be ended) is in the entry's notes. */
export function endedBelow(tree: Pick<ProcessTree, 'below' | 'programOf'>, root: ProcessLife, report: StopReport): FoundBelow[] {
  const stopped = new Set(report.processes.filter(({ outcome }) => outcome === 'stopped').map(({ pid, startTicks }) => `${pid}:${startTicks}`));
  const found: FoundBelow[] = [];
  let looked = 0;
  for (const life of tree.below(root)) {
    if (found.length === MOST || (looked += 1) > MOST_LOOKED_AT) break;
    const wasStopped = life.startTicks !== null && stopped.has(`${life.pid}:${life.startTicks}`);
    const program = tree.programOf(life);
    // Of one that ended by itself nothing may be known but that it was there.
    if (!wasStopped && (life.exitedAtMs === null || life.program === null || life.program.image === '')) continue;
    found.push({ pid: life.pid, startTicks: life.startTicks, image: program?.image ?? '', argv: program?.argv ?? null, uid: life.uid, parentPid: life.parent?.pid ?? root.pid, outcome: wasStopped ? 'stopped' : 'ended' });
  }
  return found;
}
