/**
 * Findings to verdicts: each goes to the case of its tree, whose culprit is the topmost process that is neither a root of
 * the session or the system nor trusted. A verdict comes out when it is new or graver than before, never twice.
 */
import { ancestorsOf, type ProcessPoint } from '../core/process-point.ts';
import type { Evidence } from './evidence.ts';
import { isRootProgram } from './roots.ts';
import { TreeCase, type Decision, type Reach } from './tree-case.ts';

export interface Verdict {
  readonly decision: Decision;
  /** The decision before this one; the same where only the reach has grown. */
  readonly was: Decision | null;
  /** How far the containment may go; null for a tree that is only observed. */
  readonly reach: Reach | null;
  readonly score: number;
  /** Null when the finding names no process: then there is nothing to stop. */
  readonly culprit: ProcessPoint | null;
  /** False for a root of the session or the system: what hangs below it is not its doing. */
  readonly withDescendants: boolean;
  readonly reasons: readonly string[];
}

/** A person's word about one process and what came from it. */
export interface Order {
  readonly by: string;
  readonly process: ProcessPoint;
}

/** Programs whose children are their own masters, by the administrator's word. */
export type Trust = (process: ProcessPoint) => boolean;

const NOBODY: Trust = () => false;
const MOST_CASES = 4_096;

export class CaseBook {
  private readonly isTrusted: Trust;
  /** In the order of the last evidence. */
  private readonly cases = new Map<string, TreeCase>();

  constructor(isTrusted: Trust = NOBODY) {
    this.isTrusted = isTrusted;
  }

  add(process: ProcessPoint | null, evidence: Evidence): Verdict | null {
    const found = this.caseOf(process, `rule ${evidence.ruleId}`);
    const was = found.decision;
    return found.add(process, evidence) ? verdictOf(found, was) : null;
  }

  order({ by, process }: Order): Verdict | null {
    const found = this.caseOf(process, '');
    const was = found.decision;
    return found.order(by) ? verdictOf(found, was) : null;
  }

  /** The topmost process that answers for this one. */
  culpritOf(process: ProcessPoint): ProcessPoint {
    let culprit = process;
    for (const ancestor of ancestorsOf(process)) {
      // Above an unknown program anything could stand: nobody is blamed on a guess.
      if (ancestor.image === null || isRootProgram(ancestor.image) || this.isTrusted(ancestor)) break;
      culprit = ancestor;
    }
    return culprit;
  }

  /** `without` names the case of findings that have no process. */
  private caseOf(process: ProcessPoint | null, without: string): TreeCase {
    const culprit = process === null ? null : this.culpritOf(process);
    const key = culprit?.key ?? without;
    const known = this.cases.get(key) ?? (process === null ? undefined : this.openBelow(process, culprit));
    const found = known ?? new TreeCase(culprit);
    const kept = found.culprit?.key ?? key;
    this.cases.delete(kept);
    this.cases.set(kept, found);
    const [oldest] = this.cases.size > MOST_CASES ? this.cases.keys() : [];
    if (oldest !== undefined) this.cases.delete(oldest);
    return found;
  }

  /** Recordings can tell of a parent late: the case that is open goes on under the culprit it began with. */
  private openBelow(process: ProcessPoint, culprit: ProcessPoint | null): TreeCase | undefined {
    if (process.key === culprit?.key) return undefined;
    const own = this.cases.get(process.key);
    if (own !== undefined) return own;
    for (const ancestor of ancestorsOf(process)) {
      const found = this.cases.get(ancestor.key);
      if (found !== undefined || ancestor.key === culprit?.key) return found;
    }
    return undefined;
  }
}

function verdictOf(found: TreeCase, was: Decision | null): Verdict {
  const { decision, reach, score, culprit } = found;
  if (decision === null) throw new Error('a case without a decision has no verdict');
  return { decision, was, reach, score, culprit, withDescendants: culprit !== null && !isRootProgram(culprit.image ?? ''), reasons: found.reasons() };
}
