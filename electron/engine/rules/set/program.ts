/**
 * Formulas as steps with jumps: each step asks one thing and says where a yes and where a no leads. Cheap and telling
 * things are asked first. All rules of a group share one array.
 */
import type { Formula } from './formula.ts';

/** Jump targets that end a rule. */
export const MATCH = -1;
export const CLEAR = -2;

/** Numbers of a step: what is asked, where to go on after yes, after no. */
export const STEP_SIZE = 3;

export interface Weights {
  /** Expected share of events in which the literal is found. */
  share(literal: number): number;
  /** Whether it is looked for only when it is asked. */
  isLate(literal: number): boolean;
}

/** Numbers what can be asked; the same list of literals has one number. */
export interface AskBook {
  literals(literals: readonly number[]): number;
  question(question: number): number;
}

interface Weighed {
  readonly cost: number;
  /** Chance of a yes. */
  readonly chance: number;
}

/** Costs in about two nanoseconds: of a late literal more than of an early one, and of a question, which most often is a regular expression. */
const LATE = 20;
const QUESTION: Weighed = { cost: 300, chance: 0.3 };

export class ProgramWriter {
  readonly steps: number[] = [];
  private readonly weights: Weights;
  private readonly asks: AskBook;
  /** Groups inside groups are weighed again and again otherwise. */
  private readonly weighed = new Map<Formula, Weighed>();

  constructor(weights: Weights, asks: AskBook) {
    this.weights = weights;
    this.asks = asks;
  }

  /** Writes the steps of one rule and returns where it begins. */
  write(formula: Formula): number {
    return this.emit(formula, MATCH, CLEAR);
  }

  private emit(formula: Formula, yes: number, no: number): number {
    switch (formula.op) {
      case 'literal':
        return this.step(this.asks.literals(formula.literals), yes, no);
      case 'ask':
        return this.step(this.asks.question(formula.question), yes, no);
      case 'not':
        return this.emit(formula.of, no, yes);
      case 'and':
        return this.inOrder(formula.of, true).reduceRight((next, part) => this.emit(part, next, no), yes);
      case 'or':
        return this.inOrder(formula.of, false).reduceRight((next, part) => this.emit(part, yes, next), no);
    }
  }

  private step(ask: number, yes: number, no: number): number {
    this.steps.push(ask, yes, no);
    return this.steps.length - STEP_SIZE;
  }

  /** What ends the group soonest for its cost comes first: a likely no in AND, a likely yes in OR. */
  private inOrder(parts: readonly Formula[], endsWithNo: boolean): readonly Formula[] {
    const rank = (part: Formula): number => {
      const { cost, chance } = this.weigh(part);
      return cost / Math.max(1e-6, endsWithNo ? 1 - chance : chance);
    };
    return parts.map((part) => ({ part, rank: rank(part) })).sort((a, b) => a.rank - b.rank).map(({ part }) => part);
  }

  private weigh(formula: Formula): Weighed {
    const known = this.weighed.get(formula);
    if (known) return known;
    const weighed = this.weighNew(formula);
    this.weighed.set(formula, weighed);
    return weighed;
  }

  private weighNew(formula: Formula): Weighed {
    switch (formula.op) {
      case 'literal':
        return { cost: 1 + formula.literals.length / 4 + (formula.literals.some((literal) => this.weights.isLate(literal)) ? LATE : 0), chance: Math.min(1, formula.literals.reduce((sum, literal) => sum + this.weights.share(literal), 0)) };
      case 'ask':
        return QUESTION;
      case 'not': {
        const { cost, chance } = this.weigh(formula.of);
        return { cost, chance: 1 - chance };
      }
      case 'and':
      case 'or':
        return this.weighGroup(formula.of, formula.op === 'and');
    }
  }

  private weighGroup(parts: readonly Formula[], endsWithNo: boolean): Weighed {
    let cost = 0;
    let goesOn = 1;
    for (const part of this.inOrder(parts, endsWithNo)) {
      const weighed = this.weigh(part);
      cost += goesOn * weighed.cost;
      goesOn *= endsWithNo ? weighed.chance : 1 - weighed.chance;
    }
    return { cost, chance: endsWithNo ? goesOn : 1 - goesOn };
  }
}
