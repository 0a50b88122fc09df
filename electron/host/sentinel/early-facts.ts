/**
 * Which facts to read of a program's start while its arguments are still being read.
 *
 * Most starts are clear whatever their arguments are, so they are judged without them first. Some programs (shells, interpreters) never
 * are; judging those twice is in vain. For them the facts are read that the last start of the same program was judged by, and nothing
 * else: without arguments rules ask for much that they do not need with them. This only says what is read early, never how it is judged.
 */
import type { FactName } from '../../../shared/start/facts.ts';

const MOST_PROGRAMS = 1_024;
const FIRST_GUESS: readonly FactName[] = ['runningImage'];

export class EarlyFacts {
  private readonly byProgram = new Map<string, readonly FactName[]>();

  /** Null: judge it without arguments first. */
  of(image: string): readonly FactName[] | null {
    return this.byProgram.get(image) ?? null;
  }

  /** It could not be judged without arguments. */
  needsArguments(image: string): void {
    if (this.byProgram.size >= MOST_PROGRAMS) this.byProgram.clear();
    this.byProgram.set(image, FIRST_GUESS);
  }

  /** What the first start that was judged only with its arguments was judged by. */
  learn(image: string, read: () => readonly FactName[]): void {
    if (this.byProgram.get(image) === FIRST_GUESS) this.byProgram.set(image, read());
  }

  /** Other rules ask for other facts. */
  forget(): void {
    this.byProgram.clear();
  }
}
