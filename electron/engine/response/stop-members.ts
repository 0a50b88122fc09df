/** Who belongs to a tree that is stopped, from what the tree knows and what the system shows now. */
import type { ProcessStat } from '../../platform/contract.ts';
import type { ProcessLife } from '../core/process-node.ts';
import type { ProcessTree } from '../core/process-tree.ts';
import type { Clock, LiveProcesses } from '../ports.ts';
import type { ChildrenByParent } from './process-scan.ts';

export interface MemberPorts {
  readonly live: Pick<LiveProcesses, 'stat' | 'startTimeMs'>;
  readonly tree: Pick<ProcessTree, 'descendants' | 'current' | 'isChildOfPresentProgram'>;
  readonly clock: Clock;
}

/** Clocks of fork news and of start times differ by their grain and by what they count during suspend. */
const START_TOLERANCE_MS = 1_500;

/**
 * Descendants of the root that live now. The tree knows those whose parents have ended; the system knows those whose
 * news has not come yet. `isBarrier` tells processes below which nothing is looked for.
 */
export function* findDescendants(ports: MemberPorts, root: ProcessLife, rootStat: ProcessStat, children: ChildrenByParent, isBarrier: (stat: ProcessStat) => boolean): Generator<ProcessStat> {
  const seen = new Set<number>([root.pid]);
  const open: ProcessStat[] = [rootStat];
  const below = new BarrierSearch(ports, root, isBarrier);
  for (const life of ports.tree.descendants(root)) {
    const stat = statOfLife(ports, life);
    if (stat === null || seen.has(stat.pid) || hasEnded(stat) || below.isBelow(life)) continue;
    seen.add(stat.pid);
    open.push(stat);
    yield stat;
  }
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    if (parent !== rootStat && isBarrier(parent)) continue;
    for (const child of children.get(parent.pid) ?? []) {
      // A child older than its parent is that of an earlier process with the parent's pid.
      if (child.startTicks < parent.startTicks || seen.has(child.pid) || hasEnded(child)) continue;
      if (parent === rootStat && isOlderThanProgram(ports.tree, child)) continue;
      seen.add(child.pid);
      open.push(child);
      yield child;
    }
  }
}

/** Whether a barrier stands between a life and the root; each life is looked at once. */
class BarrierSearch {
  private readonly ports: MemberPorts;
  private readonly isBarrier: (stat: ProcessStat) => boolean;
  private readonly known = new Map<ProcessLife, boolean>();

  constructor(ports: MemberPorts, root: ProcessLife, isBarrier: (stat: ProcessStat) => boolean) {
    this.ports = ports;
    this.isBarrier = isBarrier;
    this.known.set(root, false);
  }

  isBelow(life: ProcessLife): boolean {
    const { parent } = life;
    if (parent === null) return false;
    const path: ProcessLife[] = [];
    let at: ProcessLife | null = parent;
    for (; at !== null && !this.known.has(at); at = at.parent) path.push(at);
    let answer = at === null ? false : (this.known.get(at) ?? false);
    for (const each of path.reverse()) {
      answer ||= this.isItself(each);
      this.known.set(each, answer);
    }
    return answer;
  }

  private isItself(life: ProcessLife): boolean {
    if (life.exitedAtMs !== null) return false;
    const stat = statOfLife(this.ports, life);
    return stat !== null && this.isBarrier(stat);
  }
}

/** A leader thread that ended looks like a zombie while other threads of its process live on. */
export function hasEnded(stat: ProcessStat): boolean {
  return stat.state === 'X' || (stat.state === 'Z' && (stat.threads ?? 1) <= 1);
}

/** The process that holds the pid of this life now, when it is this life. */
export function statOfLife(ports: MemberPorts, life: ProcessLife): ProcessStat | null {
  const stat = ports.live.stat(life.pid);
  if (stat === null) return null;
  if (life.startTicks !== null) return stat.startTicks === life.startTicks ? stat : null;
  if (life.forkedAtNs === null) return null;
  const forkedMs = ports.clock.nowMs() - Number(ports.clock.monotonicNs() - life.forkedAtNs) / 1e6;
  return Math.abs(ports.live.startTimeMs(stat.startTicks) - forkedMs) <= START_TOLERANCE_MS ? stat : null;
}

/** A child the root had before it started the program it is stopped for. */
function isOlderThanProgram(tree: MemberPorts['tree'], child: ProcessStat): boolean {
  const life = tree.current(child.pid);
  if (life === null || (life.startTicks !== null && life.startTicks !== child.startTicks)) return false;
  return !tree.isChildOfPresentProgram(life);
}
