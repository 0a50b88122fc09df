/**
 * The steps of a plan as they are run. What a step asks stands beside it, so that a rule that is asked once in a while is found in
 * one place of memory; and of a list of literals those that share a word of marks are one look: the literals of a list have
 * neighbouring numbers, so fifty of them take two or three.
 */
import type { GroupPlan } from './group-plan.ts';
import { maskOf, wordOf, type MarkSet } from './mark-set.ts';
import { STEP_SIZE } from './program.ts';

/** Numbers of a step: where to go on after yes, after no; where its looks end (or a question, see `questionOf`), where its late literals end. */
export const YES_AT = 0;
export const NO_AT = 1;
export const LOOKS_END = 2;
export const LATE_END = 3;
/** Behind these stand the looks, a word of marks and the bits that count each; then the literals that may be looked for late. */
export const HEAD_SIZE = 4;
export const LOOK_SIZE = 2;

export interface FlatProgram {
  /** By rule: its first step, or its answer. */
  readonly entries: Int32Array;
  readonly steps: Int32Array;
}

/** The question that stands in place of `LOOKS_END`, which it turns back into; both are told apart by their sign. */
export function questionOf(end: number): number {
  return -1 - end;
}

export function flattenProgram(plan: GroupPlan, late: MarkSet): FlatProgram {
  const asks = new AskWriter(plan, late);
  const count = plan.steps.length / STEP_SIZE;
  const places = new Int32Array(count);
  let size = 0;
  for (let step = 0; step < count; step += 1) {
    places[step] = size;
    size += HEAD_SIZE + asks.sizeOf(plan.steps[step * STEP_SIZE] ?? 0);
  }
  const placeOf = (step: number): number => (step < 0 ? step : (places[step / STEP_SIZE] ?? 0));
  const steps = new Int32Array(size);
  for (let step = 0; step < count; step += 1) {
    const [ask = 0, yes = 0, no = 0] = plan.steps.subarray(step * STEP_SIZE, (step + 1) * STEP_SIZE);
    const place = places[step] ?? 0;
    steps[place + YES_AT] = placeOf(yes);
    steps[place + NO_AT] = placeOf(no);
    asks.write(ask, steps, place);
  }
  return { entries: plan.entries.map(placeOf), steps };
}

/** What the list of an ask becomes. */
interface Ask {
  readonly looks: readonly number[];
  readonly late: readonly number[];
}

class AskWriter {
  private readonly plan: GroupPlan;
  private readonly late: MarkSet;
  private readonly lists: number;
  private readonly known: (Ask | undefined)[] = [];

  constructor(plan: GroupPlan, late: MarkSet) {
    this.plan = plan;
    this.late = late;
    this.lists = plan.asks.starts.length - 1;
  }

  sizeOf(ask: number): number {
    if (ask >= this.lists) return 0;
    const { looks, late } = this.list(ask);
    return looks.length + late.length;
  }

  write(ask: number, steps: Int32Array, place: number): void {
    if (ask >= this.lists) {
      steps[place + LOOKS_END] = questionOf(ask - this.lists);
      return;
    }
    const { looks, late } = this.list(ask);
    steps.set(looks, place + HEAD_SIZE);
    steps.set(late, place + HEAD_SIZE + looks.length);
    steps[place + LOOKS_END] = place + HEAD_SIZE + looks.length;
    steps[place + LATE_END] = place + HEAD_SIZE + looks.length + late.length;
  }

  private list(ask: number): Ask {
    return (this.known[ask] ??= this.makeList(ask));
  }

  private makeList(ask: number): Ask {
    const { starts, entries } = this.plan.asks;
    const masks = new Map<number, number>();
    const late: number[] = [];
    for (const literal of entries.subarray(starts[ask], starts[ask + 1])) {
      masks.set(wordOf(literal), (masks.get(wordOf(literal)) ?? 0) | maskOf(literal));
      if (this.late.has(literal)) late.push(literal);
    }
    return { looks: [...masks].flat(), late };
  }
}
