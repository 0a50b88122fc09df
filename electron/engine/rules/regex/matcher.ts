/**
 * Searches a text for a regular expression in one pass, whatever the expression: sets of states are followed together, and
 * each set that occurs becomes one row of a table, so a character usually costs one look-up. No pattern and no text makes
 * it slower than in proportion to the text, and no event is searched beyond a fixed amount of work.
 */
import { has, LINE_END, WORD, type CharSet } from './char-set.ts';
import { parseRegex, type Assertion } from './parse.ts';
import { buildProgram, type RunPlace, type Step } from './program.ts';
import { asRun, neededRun, RunFinder, shortestMatch } from './shape.ts';

/** What stands next to a place in the text, as far as assertions ask. */
const EDGE = 0;
const LINE = 1;
const LETTER = 2;
const OTHER = 3;
type Kind = typeof EDGE | typeof LINE | typeof LETTER | typeof OTHER;

interface State {
  readonly steps: readonly number[];
  readonly before: Kind;
  /** Where its row begins in the table. */
  readonly row: number;
}

/** Entries of the table below 1, which is no row: nothing is known yet, the expression is found. */
const UNKNOWN = 0;
const MATCHED = -1;
/** What reading gives when the event has cost enough; never in the table. */
const GAVE_UP = -2;
/** Rows kept; more are thrown away together and built again as they occur. */
const MAX_STATES = 1500;
const FEW_STATES = 16;
/**
 * Work that one event may cost beyond looking up rows: about half a millisecond. Building a row costs a share of it for each
 * step looked at; a pattern that makes rows without end runs out of it and has not matched.
 */
const WORK_PER_EVENT = 45_000;
const WORK_PER_ROW = 40;
/** Characters of an event that are looked at: more than the kernel takes as arguments, or padding would hide what follows it. */
const LENGTH_PER_EVENT = 4_194_304;

export class RegexMatcher {
  private readonly program: readonly Step[];
  private readonly classes: UnitClasses;
  /** Units of a row: one for each class, one for the end of the text. */
  private readonly width: number;
  private readonly byKey = new Map<string, State>();
  /** By row number; row 0 is none, so that no entry of the table is 0 but for want of knowledge. */
  private states: (State | null)[] = [null];
  private table: Int32Array;
  private first: State;
  private readonly shortest: number;
  /** What the text must contain besides; the whole answer when the expression is nothing else. */
  private readonly run: RunFinder | null;
  private readonly isRun: boolean;
  /** Whether what stands before a place matters beyond the beginning. */
  private readonly looksBack: boolean;
  /** Steps seen by the running closure carry its number. */
  private readonly seen: Uint32Array;
  private round = 0;
  private work = 0;
  private length = 0;
  /** How often an event was left because the pattern had cost enough. */
  gaveUp = 0;

  /** The expression has been checked; a bad one throws `RegexError`. */
  constructor(source: string, flags: string) {
    const node = parseRegex(source, flags);
    this.program = buildProgram(node);
    this.shortest = shortestMatch(node);
    const run = asRun(node) ?? neededRun(node);
    this.run = run === null ? null : new RunFinder(run);
    this.isRun = asRun(node) !== null;
    this.looksBack = this.program.some((step) => step.op === 'assert' && step.what !== 'start' && step.what !== 'end');
    this.classes = new UnitClasses(this.program, this.looksBack);
    this.seen = new Uint32Array(this.program.length);
    this.width = this.classes.count + 1;
    this.table = new Int32Array(FEW_STATES * this.width);
    this.first = this.state([0], EDGE);
  }

  /** Whether the expression is found in the text. What one event has of texts is better asked together: see `some`. */
  test(text: string): boolean {
    return this.some(text);
  }

  /** Whether it is found in one of the texts of an event, within what one event may cost. */
  some(texts: string | readonly string[]): boolean {
    this.work = WORK_PER_EVENT;
    this.length = LENGTH_PER_EVENT;
    return typeof texts === 'string' ? this.search(texts) : texts.some((text) => this.search(text));
  }

  private search(text: string): boolean {
    if (text.length < this.shortest) return false;
    if (this.run !== null) {
      const found = this.run.isIn(text);
      if (this.isRun || !found) return found;
    }
    const end = Math.min(text.length, this.length);
    this.length -= end;
    const { low } = this.classes;
    let { row } = this.first;
    for (let at = 0; at < end; at += 1) {
      const code = text.charCodeAt(at);
      const unit = code < 256 ? (low[code] ?? 0) : this.classes.search(code);
      let next = this.table[row + unit] ?? UNKNOWN;
      if (next === UNKNOWN) next = this.advance(row, unit);
      if (next === MATCHED) return true;
      if (next === GAVE_UP) return false;
      row = next;
    }
    return end === text.length && this.matchesAtEnd(row);
  }

  private matchesAtEnd(row: number): boolean {
    const end = row + this.width - 1;
    if (this.table[end] === UNKNOWN) this.table[end] = this.closure(this.stateAt(row), EDGE) === null ? MATCHED : 1;
    return this.table[end] === MATCHED;
  }

  private advance(row: number, unit: number): number {
    if (this.work < 0) {
      this.gaveUp += 1;
      return GAVE_UP;
    }
    const state = this.stateAt(row);
    const sample = this.classes.sample(unit);
    const kind = kindOf(sample);
    const reached = this.closure(state, kind);
    if (reached === null) return (this.table[row + unit] = MATCHED);
    // A match may begin at every place: the start state is always among the next ones.
    const steps = this.after(reached, sample);
    this.work -= WORK_PER_ROW + reached.length + steps.length * 4;
    const known = this.states.length;
    const next = this.state(steps.sort((a, b) => a - b), this.looksBack ? kind : OTHER);
    // After a clearing the row that led here is another's.
    if (this.states.length >= known) this.table[row + unit] = next.row;
    return next.row;
  }

  /** Where reading the unit leads: each place once, and of the places of a run the last. */
  private after(reached: readonly number[], sample: number): number[] {
    this.round += 1;
    this.seen[0] = this.round;
    const steps = [0];
    const runs = new Map<number, { readonly place: number; readonly index: number }>();
    for (const index of reached) {
      const step = this.program[index];
      if (step?.op !== 'read' || !has(step.set, sample) || this.seen[step.next] === this.round) continue;
      this.seen[step.next] = this.round;
      const run = this.runOf(step.next);
      if (!run) steps.push(step.next);
      else if ((runs.get(run.id)?.place ?? -1) < run.place) runs.set(run.id, { place: run.place, index: step.next });
    }
    for (const { index } of runs.values()) steps.push(index);
    return steps;
  }

  private runOf(index: number): RunPlace | undefined {
    const step = this.program[index];
    return step?.op === 'read' || step?.op === 'branch' ? step.run : undefined;
  }

  /** The reading states that can be reached without reading, or null when a match is among them. */
  private closure(state: State, after: Kind): readonly number[] | null {
    this.round += 1;
    const open = [...state.steps];
    const reading: number[] = [];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (this.seen[index] === this.round) continue;
      this.seen[index] = this.round;
      this.work -= 1;
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
    const known = this.byKey.get(key);
    if (known) return known;
    if (this.states.length > MAX_STATES) this.forget();
    const state: State = { steps, before, row: this.states.length * this.width };
    this.states.push(state);
    this.byKey.set(key, state);
    if (this.table.length < state.row + this.width) this.grow();
    return state;
  }

  private stateAt(row: number): State {
    const state = this.states[row / this.width];
    if (!state) throw new Error(`no state at ${row}`);
    return state;
  }

  private grow(): void {
    const larger = new Int32Array(Math.min(this.table.length * 2, (MAX_STATES + 2) * this.width));
    larger.set(this.table);
    this.table = larger;
  }

  private forget(): void {
    this.byKey.clear();
    this.states = [null];
    this.table.fill(UNKNOWN);
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
  /** The class of each of the first 256 units. */
  readonly low = new Uint16Array(256);
  /** The class of unit 256; mostly that of all behind it too. */
  private readonly high: number;

  constructor(program: readonly Step[], assertsKinds: boolean) {
    const sets: CharSet[] = assertsKinds ? [WORD, LINE_END] : [];
    for (const step of program) if (step.op === 'read') sets.push(step.set);
    const starts = new Set([0]);
    for (const [from, to] of sets.flat()) {
      starts.add(from);
      if (to < 0xffff) starts.add(to + 1);
    }
    this.starts = [...starts].sort((a, b) => a - b);
    for (let unit = 0; unit < 256; unit += 1) this.low[unit] = this.between(unit, 0);
    this.high = this.between(256, 0);
  }

  get count(): number {
    return this.starts.length;
  }

  sample(unitClass: number): number {
    return this.starts[unitClass] ?? 0;
  }

  /** The class of a unit from 256 on. */
  search(unit: number): number {
    return this.between(unit, this.high);
  }

  private between(unit: number, lowest: number): number {
    let low = lowest;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
