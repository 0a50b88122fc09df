/**
 * The shape a rule is evaluated in: a tree of tests with three answers. `UNKNOWN` means that a field is not read yet; it is
 * the answer of a group only when that field can still change the group's answer.
 */
import type { Subject } from '../subject.ts';

export const NO = 0;
export const YES = 1;
export const UNKNOWN = 2;
export type Answer = typeof NO | typeof YES | typeof UNKNOWN;

export interface MatchedField {
  readonly field: string;
  readonly value: string;
  readonly pattern: string;
}

export interface PlanNode {
  /** Sorts the members of a group: what is cheap or known first. */
  readonly cost: number;
  test(subject: Subject): Answer;
  /** After YES: which values matched what, for "why". */
  explain(subject: Subject, out: MatchedField[]): void;
  /** After UNKNOWN: the fields to read next. */
  needs(subject: Subject, out: Set<string>): void;
}

export function allOf(members: readonly PlanNode[]): PlanNode {
  const [only] = members;
  if (members.length === 1 && only) return only;
  const nodes = cheapestFirst(members);
  return {
    cost: totalCost(nodes),
    test(subject) {
      let answer: Answer = YES;
      for (const node of nodes) {
        const one = node.test(subject);
        if (one === NO) return NO;
        if (one === UNKNOWN) answer = UNKNOWN;
      }
      return answer;
    },
    explain(subject, out) {
      for (const node of nodes) node.explain(subject, out);
    },
    // One NO settles the group, so only the cheapest open member is asked for: its answer may spare the rest.
    needs(subject, out) {
      nodes.find((node) => node.test(subject) === UNKNOWN)?.needs(subject, out);
    },
  };
}

export function anyOf(members: readonly PlanNode[]): PlanNode {
  const [only] = members;
  if (members.length === 1 && only) return only;
  const nodes = cheapestFirst(members);
  return {
    cost: totalCost(nodes),
    test(subject) {
      let answer: Answer = NO;
      for (const node of nodes) {
        const one = node.test(subject);
        if (one === YES) return YES;
        if (one === UNKNOWN) answer = UNKNOWN;
      }
      return answer;
    },
    explain(subject, out) {
      for (const node of nodes) if (node.test(subject) === YES) node.explain(subject, out);
    },
    // The usual end is NO, for which every open member must be known.
    needs(subject, out) {
      for (const node of nodes) if (node.test(subject) === UNKNOWN) node.needs(subject, out);
    },
  };
}

export function negate(node: PlanNode): PlanNode {
  return {
    cost: node.cost,
    test(subject) {
      const answer = node.test(subject);
      return answer === UNKNOWN ? UNKNOWN : answer === YES ? NO : YES;
    },
    explain() {
      // What did not match explains nothing.
    },
    needs: (subject, out) => node.needs(subject, out),
  };
}

function cheapestFirst(nodes: readonly PlanNode[]): readonly PlanNode[] {
  return [...nodes].sort((a, b) => a.cost - b.cost);
}

function totalCost(nodes: readonly PlanNode[]): number {
  return nodes.reduce((sum, node) => sum + node.cost, 0);
}
