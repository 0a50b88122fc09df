/** The last events, for the live view of Diagnostics: bounded, in memory only. */
import type { LiveEvent } from '../../../shared/live/event.ts';

const CAPACITY = 2_000;
const MOST_CHARACTERS = 1_000;

export interface LiveFacts extends Omit<LiveEvent, 'seq' | 'time' | 'user'> {
  readonly timeMs: number;
  readonly uid: number | null;
}

interface Numbered extends LiveFacts {
  readonly seq: number;
}

export class LiveRing {
  private readonly kept: LiveFacts[] = [];
  private seq = 0;

  /** Number of the newest event; 0 when there was none. */
  get last(): number {
    return this.seq;
  }

  add(facts: LiveFacts): void {
    this.seq += 1;
    const { commandLine } = facts;
    // Many come for each that is ever looked at, so they are kept as they are.
    this.kept[(this.seq - 1) % CAPACITY] = commandLine.length > MOST_CHARACTERS ? { ...facts, commandLine: `${commandLine.slice(0, MOST_CHARACTERS)}…` } : facts;
  }

  /** Oldest first; `missed` are those that came and went since `after`. */
  after(after: number, limit: number): { readonly events: readonly Numbered[]; readonly missed: number } {
    const oldest = Math.max(1, this.seq - CAPACITY + 1);
    const from = Math.max(after + 1, oldest, this.seq - limit + 1);
    const events: Numbered[] = [];
    for (let seq = from; seq <= this.seq; seq += 1) {
      const event = this.kept[(seq - 1) % CAPACITY];
      if (event !== undefined) events.push({ ...event, seq });
    }
    return { events, missed: Math.max(0, from - after - 1) };
  }
}
