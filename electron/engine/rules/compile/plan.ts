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
  /** Expected cost of an answer; sorts the members of a group, what is cheap or known first. */
  readonly cost: number;
  test(subject: Subject): Answer;
  /** After YES: which values matched what, for "why". */
  explain(subject: Subject, out: MatchedField[]): void;
  /** After UNKNOWN: the fields to read next. */
  needs(subject: Subject, out: Set<string>): void;
  /** Base names (`/bash`) of which the field must have one for YES; null when the node sets no such limit. */
  baseNames(slot: number): ReadonlySet<string> | null;
  /** Set for groups, so that a group inside a group of its kind dissolves into it. */
  readonly group?: { readonly type: 'all' | 'any'; readonly nodes: readonly PlanNode[] };
}

export function allOf(members: readonly PlanNode[]): PlanNode {
  const nodes = gather('all', members);
  const [only] = nodes;
  if (nodes.length === 1 && only) return only;
  return {
    // The first member that says NO ends it, so the later ones count less and less.
    cost: nodes.reduceRight((rest, node) => node.cost + rest / 10, 0),
    group: { type: 'all', nodes },
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
    baseNames(slot) {
      const limits = nodes.map((node) => node.baseNames(slot)).filter((names) => names !== null);
      return limits.sort((a, b) => a.size - b.size)[0] ?? null;
    },
  };
}

export function anyOf(members: readonly PlanNode[]): PlanNode {
  const nodes = gather('any', members);
  const [only] = nodes;
  if (nodes.length === 1 && only) return only;
  return {
    // The usual answer is NO, for which every member is asked.
    cost: nodes.reduce((sum, node) => sum + node.cost, 0),
    group: { type: 'any', nodes },
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
    needs(subject, out) {
      for (const node of nodes) if (node.test(subject) === UNKNOWN) node.needs(subject, out);
    },
    baseNames(slot) {
      const limits = nodes.map((node) => node.baseNames(slot));
      return limits.every((names) => names !== null) ? new Set(limits.flatMap((names) => [...names])) : null;
    },
  };
}

/** The opposite. A negated group becomes a group of negated members, so that each is asked in the order of its own cost. */
export function negate(node: PlanNode): PlanNode {
  if (node.group) {
    const opposite = node.group.nodes.map(negate);
    return node.group.type === 'all' ? anyOf(opposite) : allOf(opposite);
  }
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
    baseNames: () => null,
  };
}

function gather(type: 'all' | 'any', members: readonly PlanNode[]): readonly PlanNode[] {
  const flat = members.flatMap((node) => (node.group?.type === type ? node.group.nodes : [node]));
  return flat.sort((a, b) => a.cost - b.cost);
}
