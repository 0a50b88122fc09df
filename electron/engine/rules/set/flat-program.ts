/**
 * The steps of a plan as they are run. What a step asks stands beside it, so that a rule that is asked once in a while is found in
 * one place of memory; and of a list of literals those that share a word of marks are one look: the literals of a list have
 * neighbouring numbers, so fifty of them take two or three.
 */
import type { GroupPlan } from './group-plan.ts';
import type { Lists } from './lists.ts';
import { maskOf, wordOf, type MarkSet } from './mark-set.ts';
import { STEP_SIZE } from './program.ts';

/**
 * Numbers of a step: where to go on after yes, after no; where its list begins (or a question, see `questionOf`), where in the
 * list the looks end and where the late literals behind them do.
 */
export const YES_AT = 0;
export const NO_AT = 1;
export const LIST_AT = 2;
export const LOOKS_END = 3;
export const LATE_END = 4;
const HEAD_SIZE = 5;
/** A look: a word of marks, and the bits that count. */
export const LOOK_SIZE = 2;
/** Longer lists stand beside the first step that asks them only: a condition can name a selection many times. */
const LONGEST_COPY = 16;
const NOWHERE = -1;

export interface FlatProgram {
  /** By rule: its first step, or its answer. */
  readonly entries: Int32Array;
  readonly steps: Int32Array;
}

/** The question that stands in place of a list, and is turned into its number there: below zero, where no list begins. */
export function questionOf(listAt: number): number {
  return -1 - listAt;
}

/** In plain loops over numbers: the first event waits for this. */
export function flattenProgram(plan: GroupPlan, late: MarkSet): FlatProgram {
  const lists = flattenLists(plan.asks, late);
  const { places, listAt, size: whole } = layOut(plan, lists);
  const listCount = lists.looks.length;
  const placeOf = (step: number): number => (step < 0 ? step : (places[step / STEP_SIZE] ?? 0));
  const steps = new Int32Array(whole);
  for (let step = 0; step < places.length; step += 1) {
    const ask = plan.steps[step * STEP_SIZE] ?? 0;
    const place = places[step] ?? 0;
    const list = ask < listCount ? (listAt[step] ?? 0) : questionOf(ask - listCount);
    steps[place + YES_AT] = placeOf(plan.steps[step * STEP_SIZE + 1] ?? 0);
    steps[place + NO_AT] = placeOf(plan.steps[step * STEP_SIZE + 2] ?? 0);
    steps[place + LIST_AT] = list;
    if (list < 0) continue;
    const first = lists.starts[ask] ?? 0;
    const size = sizeOf(lists, ask);
    steps[place + LOOKS_END] = list + (lists.looks[ask] ?? 0);
    steps[place + LATE_END] = list + size;
    for (let at = 0; at < size; at += 1) steps[list + at] = lists.numbers[first + at] ?? 0;
  }
  return { entries: plan.entries.map(placeOf), steps };
}

interface Layout {
  /** By step: its place, and where its list begins. */
  readonly places: Int32Array;
  readonly listAt: Int32Array;
  readonly size: number;
}

function layOut(plan: GroupPlan, lists: FlatLists): Layout {
  const count = plan.steps.length / STEP_SIZE;
  const places = new Int32Array(count);
  const listAt = new Int32Array(count);
  const known = new Int32Array(lists.looks.length).fill(NOWHERE);
  let size = 0;
  for (let step = 0; step < count; step += 1) {
    const ask = plan.steps[step * STEP_SIZE] ?? 0;
    places[step] = size;
    size += HEAD_SIZE;
    if (ask >= known.length) continue;
    const listSize = sizeOf(lists, ask);
    const isCopied = listSize <= LONGEST_COPY || known[ask] === NOWHERE;
    if (isCopied) known[ask] = size;
    if (isCopied) size += listSize;
    listAt[step] = known[ask] ?? 0;
  }
  return { places, listAt, size };
}

/** By list of literals: its looks and behind them its late literals, and how many numbers the looks are. */
interface FlatLists {
  readonly starts: Uint32Array;
  readonly looks: Uint32Array;
  readonly numbers: Int32Array;
}

function sizeOf({ starts }: FlatLists, list: number): number {
  return (starts[list + 1] ?? 0) - (starts[list] ?? 0);
}

function flattenLists({ starts, entries }: Lists, late: MarkSet): FlatLists {
  const count = starts.length - 1;
  const flat = { starts: new Uint32Array(count + 1), looks: new Uint32Array(count), numbers: new Int32Array((LOOK_SIZE + 1) * entries.length) };
  const { numbers } = flat;
  let size = 0;
  for (let list = 0; list < count; list += 1) {
    const first = size;
    const end = starts[list + 1] ?? 0;
    let lastWord = NOWHERE;
    for (let at = starts[list] ?? 0; at < end; at += 1) {
      const word = wordOf(entries[at] ?? 0);
      // Lists are in order, so those that share a word follow each other.
      if (word !== lastWord) size += LOOK_SIZE;
      numbers[size - LOOK_SIZE] = word;
      numbers[size - 1] = (numbers[size - 1] ?? 0) | maskOf(entries[at] ?? 0);
      lastWord = word;
    }
    flat.looks[list] = size - first;
    for (let at = starts[list] ?? 0; at < end; at += 1) if (late.has(entries[at] ?? 0)) numbers[size++] = entries[at] ?? 0;
    flat.starts[list + 1] = size;
  }
  return flat;
}
