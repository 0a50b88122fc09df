/**
 * Runs the index of one log source. For each event: a search of each field marks the literals that stand in it and the
 * rules they make worth asking; these rules are then answered from the marks, from late literals that are looked for then, and
 * where neither can tell from a question of their own.
 */
import { compileSearch } from '../compile/compile.ts';
import type { PlanNode } from '../compile/plan.ts';
import { YES } from '../compile/plan.ts';
import { EVERY_FIELD, FieldTable, Subject } from '../subject.ts';
import type { FieldPlan } from './field-plan.ts';
import { FieldWalk, walkOver, type LiteralSink } from './field-walk.ts';
import type { FieldSearch } from './group-tables.ts';
import type { GroupPlan } from './group-plan.ts';
import { LateField } from './late-field.ts';
import { flattenProgram, LATE_END, LIST_AT, LOOK_SIZE, LOOKS_END, NO_AT, questionOf, YES_AT, type FlatProgram } from './flat-program.ts';
import { MarkSet } from './mark-set.ts';
import { CLEAR, MATCH } from './program.ts';
import { fieldNames, fieldValues, readField, sourceOf, type RuleEvent } from './rule-event.ts';
import { ValueCache } from './value-cache.ts';

interface WalkedField {
  readonly name: string;
  readonly index: number;
  readonly walk: FieldWalk;
  /** Null: its literals are looked for in every event, or in all fields at once. */
  readonly late: LateField | null;
}

/** Stands between texts that are searched as one. */
const BETWEEN = '\0';

const LAST_ROUND = 0xffffffff;
/** Places of fields that are remembered. */
const MOST_PLACES = 64;

export class GroupMatcher implements LiteralSink {
  private readonly plan: GroupPlan;
  private readonly fields: readonly WalkedField[];
  private readonly early: readonly WalkedField[];
  /** Looks for what may stand in any field; null when no rule asks that. */
  private readonly every: WalkedField | null;
  /** Whether what may stand in any field can not be mistaken where two texts meet. */
  private readonly joins: boolean;
  private readonly byName: ReadonlyMap<string, WalkedField>;
  /** By place in the last events: the field that stood there. */
  private readonly lastFields: { readonly name: string; readonly field: WalkedField }[] = [];
  /** By field: the round in which a late one was first asked, and that in which it was walked over. */
  private readonly begun: Uint32Array;
  private readonly walked: Uint32Array;
  /** By literal: its late field, and its place among the literals there. */
  private readonly lateOf: Uint16Array;
  private readonly placeOf: Uint32Array;
  private readonly program: FlatProgram;
  /** The literals that stand in the event. */
  private readonly marks: MarkSet;
  /** Late literals wake no rule. */
  private readonly lateSink: LiteralSink = { found: (literal) => void this.marks.add(literal) };
  private readonly awake: MarkSet;
  private readonly queue: Uint32Array;
  private queued = 0;
  private round = 0;
  /** Made ready when they are asked first: most never are. */
  private readonly questions: (PlanNode | undefined)[];
  private readonly table = new FieldTable();
  /** By question: twice the round in which it was answered, and one more when the answer was yes. */
  private readonly answers: Float64Array;
  private readonly subject: Subject;
  private isSubjectOfEvent = false;
  private event: RuleEvent;

  constructor(plan: GroupPlan, tables: readonly FieldSearch[]) {
    this.plan = plan;
    this.fields = tables.map(walkedField);
    const early = this.fields.filter(({ index }) => plan.fields[index]?.isLate === false);
    this.every = early.find(({ name }) => name === EVERY_FIELD) ?? null;
    this.early = early;
    this.joins = early.every(({ name, index }) => name !== EVERY_FIELD || standsWithinOne(plan.fields[index]));
    this.byName = new Map(early.map((field) => [field.name, field]));
    this.begun = new Uint32Array(plan.fields.length);
    this.walked = new Uint32Array(plan.fields.length);
    this.lateOf = new Uint16Array(plan.literals);
    this.placeOf = new Uint32Array(plan.literals);
    const late = new MarkSet(plan.literals);
    for (const [index, { plain, wide, isLate }] of plan.fields.entries()) if (isLate) this.place(index, [...plain.ids, ...wide.ids], late);
    this.program = flattenProgram(plan, late);
    this.marks = new MarkSet(plan.literals);
    this.awake = new MarkSet(plan.rules.length);
    this.queue = new Uint32Array(plan.rules.length);
    this.questions = plan.questions.map(() => undefined);
    this.answers = new Float64Array(this.questions.length);
    this.event = { logsource: plan.logsource, fields: {} };
    this.subject = new Subject(this.table, { read: (name) => readField(this.event, name), all: () => sourceOf(this.event).all() });
  }

  /** Adds the numbers of the rules that match, in no special order. */
  match(event: RuleEvent, out: number[]): void {
    this.begin(event);
    if (this.every === null) for (const { name, walk } of this.early) walkOver(readField(event, name), walk, this);
    else this.lookEverywhere(this.every);
    const { rules, always } = this.plan;
    const { entries } = this.program;
    for (const rule of always) if (this.matches(entries[rule] ?? 0)) out.push(rules[rule] ?? 0);
    for (let at = 0; at < this.queued; at += 1) {
      const rule = this.queue[at] ?? 0;
      if (this.matches(entries[rule] ?? 0)) out.push(rules[rule] ?? 0);
    }
  }

  found(literal: number): void {
    if (!this.marks.add(literal)) return;
    const { starts, entries } = this.plan.wakes;
    const end = starts[literal + 1] ?? 0;
    for (let at = starts[literal] ?? 0; at < end; at += 1) this.wake(entries[at] ?? 0);
  }

  private wake(rule: number): void {
    if (!this.awake.add(rule)) return;
    this.queue[this.queued] = rule;
    this.queued += 1;
  }

  private begin(event: RuleEvent): void {
    this.event = event;
    this.isSubjectOfEvent = false;
    this.queued = 0;
    this.marks.clear();
    this.awake.clear();
    if (this.round === LAST_ROUND) {
      this.round = 0;
      this.begun.fill(0);
      this.walked.fill(0);
      this.answers.fill(0);
    }
    this.round += 1;
  }

  private matches(entry: number): boolean {
    const { steps } = this.program;
    let step = entry;
    while (step >= 0) step = steps[step + (this.holds(steps, step) ? YES_AT : NO_AT)] ?? CLEAR;
    return step === MATCH;
  }

  private holds(steps: Int32Array, step: number): boolean {
    let at = steps[step + LIST_AT] ?? 0;
    if (at < 0) return this.answer(questionOf(at));
    const looksEnd = steps[step + LOOKS_END] ?? 0;
    const { words } = this.marks;
    for (; at < looksEnd; at += LOOK_SIZE) if (((words[steps[at] ?? 0] ?? 0) & (steps[at + 1] ?? 0)) !== 0) return true;
    const lateEnd = steps[step + LATE_END] ?? 0;
    for (; at < lateEnd; at += 1) if (this.standsLate(steps[at] ?? 0)) return true;
    return false;
  }

  private standsLate(literal: number): boolean {
    const index = this.lateOf[literal] ?? 0;
    if (this.begun[index] !== this.round) this.beginLate(index);
    if (this.walked[index] !== this.round) this.askLate(literal, index);
    return this.marks.has(literal);
  }

  private askLate(literal: number, index: number): void {
    const late = this.fields[index]?.late;
    const answer = late?.stands(this.placeOf[literal] ?? 0);
    if (answer === true) this.marks.add(literal);
    if (answer !== null) return;
    this.walked[index] = this.round;
    late?.search(this.lateSink);
  }

  private beginLate(index: number): void {
    this.begun[index] = this.round;
    const field = this.fields[index];
    if (field === undefined) return;
    if (field.late === null) this.searchAll(field);
    else if (!field.late.begin(readField(this.event, field.name), this.lateSink)) this.walked[index] = this.round;
  }

  private place(index: number, literals: readonly number[], late: MarkSet): void {
    for (const [place, literal] of literals.entries()) {
      late.add(literal);
      this.lateOf[literal] = index;
      this.placeOf[literal] = place;
    }
  }

  /** Texts of which no rule speaks by their field are searched for what may stand in any, as one text where they can be. */
  private lookEverywhere(every: WalkedField): void {
    const names = fieldNames(this.event);
    const values = fieldValues(this.event);
    let others = '';
    for (let place = 0; place < names.length; place += 1) {
      const value = values[place];
      const field = this.fieldAt(place, names[place] ?? '', every);
      if (field === every && typeof value === 'string' && this.joins) others += BETWEEN + value;
      else walkOver(value, field.walk, this);
    }
    if (others !== '') every.walk.find(others, this);
  }

  /** Events of a kind name their fields in the same order, which spares looking the name up. */
  private fieldAt(place: number, name: string, every: WalkedField): WalkedField {
    const last = this.lastFields[place];
    if (last?.name === name) return last.field;
    const field = this.byName.get(name) ?? every;
    if (place < MOST_PLACES) this.lastFields[place] = { name, field };
    return field;
  }

  /** For late literals that may stand in any field. */
  private searchAll(field: WalkedField): void {
    this.walked[field.index] = this.round;
    for (const value of fieldValues(this.event)) walkOver(value, field.walk, this.lateSink);
  }

  private answer(question: number): boolean {
    const known = (this.answers[question] ?? 0) - 2 * this.round;
    if (known >= 0) return known === 1;
    if (!this.isSubjectOfEvent) this.subject.forget();
    this.isSubjectOfEvent = true;
    const yes = (this.questions[question] ??= this.compile(question)).test(this.subject) === YES;
    this.answers[question] = 2 * this.round + (yes ? 1 : 0);
    return yes;
  }

  private compile(question: number): PlanNode {
    const search = this.plan.questions[question];
    if (search === undefined) throw new Error(`there is no question ${question}`);
    return compileSearch({ fields: this.table, fieldCost: () => 0 }, search);
  }
}

function walkedField({ field, table }: FieldSearch, index: number): WalkedField {
  const { name, isLate } = field;
  if (name === EVERY_FIELD) return { name, index, walk: new FieldWalk(field, table, null), late: null };
  const walk = new FieldWalk(field, table, new ValueCache(!isLate));
  return { name, index, walk, late: isLate ? new LateField(field, walk) : null };
}

function standsWithinOne(plan: FieldPlan | undefined): boolean {
  const lists = plan === undefined ? [] : [plan.plain, plan.wide];
  return lists.every(({ edges, units }) => edges.every((edge) => edge === 0) && !units.includes(BETWEEN.charCodeAt(0)));
}
