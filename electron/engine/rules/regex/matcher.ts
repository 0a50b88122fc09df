/**
 * Searches a text for a regular expression in one pass, whatever the expression: sets of states are followed together, and
 * each set that occurs becomes one row of a table, so a character usually costs one look-up. No pattern and no text makes
 * it slower than in proportion to the text.
 */
import { has, LINE_END, WORD, type CharSet } from './char-set.ts';
import { parseRegex, type Assertion } from './parse.ts';
import { buildProgram, type Step } from './program.ts';

/** What stands next to a place in the text, as far as assertions ask. */
const EDGE = 0;
const LINE = 1;
const LETTER = 2;
const OTHER = 3;
type Kind = typeof EDGE | typeof LINE | typeof LETTER | typeof OTHER;

interface State {
  readonly steps: readonly number[];
  readonly before: Kind;
  /** Next state by class of unit; undefined until it occurs, `MATCHED` when the expression is found. */
  readonly next: (State | typeof MATCHED | undefined)[];
  atEnd: boolean | null;
}

const MATCHED = 'matched';
/** Rows kept; more are thrown away together and built again as they occur. */
const MAX_STATES = 1500;

export class RegexMatcher {
  private readonly program: readonly Step[];
  private readonly classes: UnitClasses;
  private readonly states = new Map<string, State>();
  private first: State;

  /** The expression has been checked; a bad one throws `RegexError`. */
  constructor(source: string, flags: string) {
    this.program = buildProgram(parseRegex(source, flags));
    this.classes = new UnitClasses(this.program);
    this.first = this.state([0], EDGE);
  }

  test(text: string): boolean {
    let state = this.first;
    for (let at = 0; at < text.length; at += 1) {
      const unit = this.classes.of(text.charCodeAt(at));
      const next = state.next[unit] ?? this.advance(state, unit);
      if (next === MATCHED) return true;
      state = next;
    }
    state.atEnd ??= this.closure(state, EDGE) === null;
    return state.atEnd;
  }

  private advance(state: State, unit: number): State | typeof MATCHED {
    const sample = this.classes.sample(unit);
    const kind = kindOf(sample);
    const reached = this.closure(state, kind);
    if (reached === null) return (state.next[unit] = MATCHED);
    // A match may begin at every place: the start state is always among the next ones.
    const steps = new Set([0]);
    for (const index of reached) {
      const step = this.program[index];
      if (step?.op === 'read' && has(step.set, sample)) steps.add(step.next);
    }
    const next = this.state([...steps].sort((a, b) => a - b), kind);
    state.next[unit] = next;
    return next;
  }

  /** The reading states that can be reached without reading, or null when a match is among them. */
  private closure(state: State, after: Kind): readonly number[] | null {
    const seen = new Set<number>();
    const open = [...state.steps];
    const reading: number[] = [];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (seen.has(index)) continue;
      seen.add(index);
      const step = this.program[index];
      if (step === undefined || step.op === 'matched') return null;
      if (step.op === 'read') reading.push(index);
      else if (step.op === 'branch') open.push(...step.to);
      else if (holds(step.what, state.before, after)) open.push(step.next);
    }
    return reading;
  }

  private state(steps: readonly number[], before: Kind): State {
    const key = `${before}:${steps.join(',')}`;
    const known = this.states.get(key);
    if (known) return known;
    if (this.states.size >= MAX_STATES) this.forget();
    const state: State = { steps, before, next: new Array<State | typeof MATCHED | undefined>(this.classes.count).fill(undefined), atEnd: null };
    this.states.set(key, state);
    return state;
  }

  /** Rows in use go on working; they are only no longer found by others. */
  private forget(): void {
    this.states.clear();
    this.first = this.state([0], EDGE);
  }
}

function kindOf(unit: number): Kind {
  if (has(LINE_END, unit)) return LINE;
  return has(WORD, unit) ? LETTER : OTHER;
}

function holds(what: Assertion, before: Kind, after: Kind): boolean {
  switch (what) {
    case 'start':
      return before === EDGE;
    case 'end':
      return after === EDGE;
    case 'line-start':
      return before === EDGE || before === LINE;
    case 'line-end':
      return after === EDGE || after === LINE;
    case 'boundary':
      return (before === LETTER) !== (after === LETTER);
    case 'inside':
      return (before === LETTER) === (after === LETTER);
  }
}

/** Units that no state and no assertion tells apart fall into one class, so the table stays narrow. */
class UnitClasses {
  private readonly starts: readonly number[];
  private readonly low = new Uint16Array(256);

  constructor(program: readonly Step[]) {
    const sets: CharSet[] = [WORD, LINE_END];
    for (const step of program) if (step.op === 'read') sets.push(step.set);
    const starts = new Set([0]);
    for (const [from, to] of sets.flat()) {
      starts.add(from);
      if (to < 0xffff) starts.add(to + 1);
    }
    this.starts = [...starts].sort((a, b) => a - b);
    for (let unit = 0; unit < 256; unit += 1) this.low[unit] = this.search(unit);
  }

  get count(): number {
    return this.starts.length;
  }

  of(unit: number): number {
    return unit < 256 ? (this.low[unit] ?? 0) : this.search(unit);
  }

  sample(unitClass: number): number {
    return this.starts[unitClass] ?? 0;
  }

  private search(unit: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
