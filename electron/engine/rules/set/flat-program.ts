/**
 * The steps of a plan as they are run. What a step asks stands beside it, so that a rule that is asked once in a while is found in
 * one place of memory; and of a list of literals those that share a word of marks are one look: the literals of a list have
 * neighbouring numbers, so fifty of them take two or three.
 */
import type { GroupPlan } from './group-plan.ts';
import type { Lists } from './lists.ts';
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

/** In plain loops over numbers: the first event waits for this. */
export function flattenProgram(plan: GroupPlan, late: MarkSet): FlatProgram {
  const lists = flattenLists(plan.asks, late);
  const listCount = plan.asks.starts.length - 1;
  const sizeOf = (ask: number): number => (ask < listCount ? (lists.starts[ask + 1] ?? 0) - (lists.starts[ask] ?? 0) : 0);
  const count = plan.steps.length / STEP_SIZE;
  const places = new Int32Array(count + 1);
  for (let step = 0; step < count; step += 1) places[step + 1] = (places[step] ?? 0) + HEAD_SIZE + sizeOf(plan.steps[step * STEP_SIZE] ?? 0);
  const placeOf = (step: number): number => (step < 0 ? step : (places[step / STEP_SIZE] ?? 0));
  const steps = new Int32Array(places[count] ?? 0);
  for (let step = 0; step < count; step += 1) {
    const ask = plan.steps[step * STEP_SIZE] ?? 0;
    const place = places[step] ?? 0;
    steps[place + YES_AT] = placeOf(plan.steps[step * STEP_SIZE + 1] ?? 0);
    steps[place + NO_AT] = placeOf(plan.steps[step * STEP_SIZE + 2] ?? 0);
    steps[place + LOOKS_END] = ask < listCount ? place + HEAD_SIZE + (lists.looks[ask] ?? 0) : questionOf(ask - listCount);
    steps[place + LATE_END] = place + HEAD_SIZE + sizeOf(ask);
    for (let at = 0; at < sizeOf(ask); at += 1) steps[place + HEAD_SIZE + at] = lists.numbers[(lists.starts[ask] ?? 0) + at] ?? 0;
  }
  return { entries: plan.entries.map(placeOf), steps };
}

/** By list of literals: its looks and behind them its late literals, and how many numbers the looks are. */
interface FlatLists {
  readonly starts: Uint32Array;
  readonly looks: Uint32Array;
  readonly numbers: Int32Array;
}

function flattenLists({ starts, entries }: Lists, late: MarkSet): FlatLists {
  const count = starts.length - 1;
  const flat = { starts: new Uint32Array(count + 1), looks: new Uint32Array(count), numbers: new Int32Array((LOOK_SIZE + 1) * entries.length) };
  let size = 0;
  for (let list = 0; list < count; list += 1) {
    const [begin, end, first] = [starts[list] ?? 0, starts[list + 1] ?? 0, size];
    for (let at = begin; at < end; at += 1) {
      const literal = entries[at] ?? 0;
      // Lists are in order, so those that share a word follow each other.
      if (size === first || flat.numbers[size - LOOK_SIZE] !== wordOf(literal)) {
        flat.numbers[size] = wordOf(literal);
        size += LOOK_SIZE;
      }
      flat.numbers[size - 1] = (flat.numbers[size - 1] ?? 0) | maskOf(literal);
    }
    flat.looks[list] = size - first;
    for (let at = begin; at < end; at += 1) if (late.has(entries[at] ?? 0)) flat.numbers[size++] = entries[at] ?? 0;
    flat.starts[list + 1] = size;
  }
  return flat;
}
