/**
 * Several log sources can cover one event (process creations of Windows; anything of Windows). Their indexes are put
 * together, so that each field of such an event is searched once.
 */
import type { FieldPlan } from './field-plan.ts';
import type { GroupPlan } from './group-plan.ts';
import type { Lists } from './lists.ts';
import { joinLiterals, joinNumbers } from './literal-list.ts';
import { STEP_SIZE } from './program.ts';

/** Null when there is none. The log source of the first stands for all. */
export function joinPlans(plans: readonly GroupPlan[]): GroupPlan | null {
  const [first, ...others] = plans;
  return first === undefined ? null : others.reduce(joinTwo, first);
}

function joinTwo(one: GroupPlan, other: GroupPlan): GroupPlan {
  return {
    logsource: one.logsource,
    rules: joinNumbers(Uint32Array, one.rules, other.rules),
    literals: one.literals + other.literals,
    fields: joinFields(one, other),
    wakes: joinLists(one.wakes, other.wakes, one.rules.length),
    always: joinNumbers(Uint32Array, one.always, other.always.map((rule) => rule + one.rules.length)),
    entries: joinNumbers(Int32Array, one.entries, other.entries.map((step) => moved(step, one.steps.length))),
    steps: joinSteps(one, other),
    asks: joinLists(one.asks, other.asks, one.literals),
    questions: [...one.questions, ...other.questions],
  };
}

function joinFields(one: GroupPlan, other: GroupPlan): FieldPlan[] {
  const keyOf = ({ name, isLate }: FieldPlan): string => `${isLate ? 'late' : 'early'} ${name}`;
  const fields = new Map(one.fields.map((field) => [keyOf(field), field]));
  for (const field of other.fields) {
    const known = fields.get(keyOf(field)) ?? { ...field, plain: EMPTY, wide: EMPTY };
    fields.set(keyOf(field), { ...field, plain: joinLiterals(known.plain, field.plain, one.literals), wide: joinLiterals(known.wide, field.wide, one.literals) });
  }
  return [...fields.values()];
}

const EMPTY = { units: new Uint16Array(0), ends: new Uint32Array(0), edges: new Uint8Array(0), ids: new Uint32Array(0) };

/** What is asked is numbered anew: the lists of both, then the questions of both. */
function joinSteps(one: GroupPlan, other: GroupPlan): Int32Array {
  const [lists, more] = [one.asks.starts.length - 1, other.asks.starts.length - 1];
  const first = one.steps.map((value, at) => (at % STEP_SIZE === 0 && value >= lists ? value + more : value));
  const second = other.steps.map((value, at) => {
    if (at % STEP_SIZE !== 0) return moved(value, one.steps.length);
    return value < more ? value + lists : value + lists + one.questions.length;
  });
  return joinNumbers(Int32Array, first, second);
}

/** Where a jump leads when its steps stand later; below zero it is an answer. */
function moved(step: number, by: number): number {
  return step < 0 ? step : step + by;
}

/** `more` is added to the entries of the second. */
function joinLists(one: Lists, other: Lists, more: number): Lists {
  const end = one.starts.at(-1) ?? 0;
  return {
    starts: joinNumbers(Uint32Array, one.starts, other.starts.subarray(1).map((start) => start + end)),
    entries: joinNumbers(Uint32Array, one.entries, other.entries.map((entry) => entry + more)),
  };
}
