/**
 * Which facts to read of a program's start while its arguments are still being read.
 *
 * Most starts are clear whatever their arguments are, so they are judged without them first. Some programs (shells, interpreters) never
 * are; judging those twice is in vain. For them the facts are read that their starts were judged by, and nothing else: without arguments
 * rules ask for much that they do not need with them. Now and then a start is judged with nothing read ahead; a fact that it did without
 * is not read ahead any more. This only says what is read early, never how it is judged.
 */
import type { FactName } from '../../../shared/start/facts.ts';

const MOST_PROGRAMS = 1_024;
const FIRST_GUESS: readonly FactName[] = ['runningImage'];
/** Starts between two that are judged with nothing read ahead: few for a program that is new. */
const LEAST_BETWEEN = 16;
const MOST_BETWEEN = 512;

interface Known {
  /** Null until a start has told. */
  facts: readonly FactName[] | null;
  /** How many to go; the one that comes to zero tells. */
  left: number;
  between: number;
}

export class EarlyFacts {
  private readonly byProgram = new Map<string, Known>();

  /** Null: judge it without arguments first. */
  of(image: string): readonly FactName[] | null {
    const known = this.byProgram.get(image);
    if (known === undefined) return null;
    known.left -= 1;
    return known.left > 0 && known.facts !== null ? known.facts : FIRST_GUESS;
  }

  /** It could not be judged without arguments. */
  needsArguments(image: string): void {
    if (this.byProgram.size >= MOST_PROGRAMS) this.byProgram.clear();
    this.byProgram.set(image, { facts: null, left: 0, between: LEAST_BETWEEN });
  }

  /** `read`: what a start that was judged only with its arguments was judged by. Asked for when that tells something. */
  learn(image: string, read: () => readonly FactName[]): void {
    const known = this.byProgram.get(image);
    if (known === undefined || known.left > 0) return;
    const facts = read();
    known.facts = known.facts?.filter((fact) => facts.includes(fact)) ?? facts;
    known.left = known.between;
    known.between = Math.min(known.between * 2, MOST_BETWEEN);
  }

  /** Other rules ask for other facts. */
  forget(): void {
    this.byProgram.clear();
  }
}
