/**
 * The index of the rules of one log source, as plain numbers: what to look for in which field, which rules a find makes
 * worth asking, and how each is asked. Made once, kept in a file, and run by `group-matcher.ts`.
 */
import type { LogSource, Search, SigmaRule } from '../model.ts';
import { planFields, type FieldPlan } from './field-plan.ts';
import { chooseTriggers, type LiteralFacts } from './choose-triggers.ts';
import { formulaOf, type Formula, type FormulaBook } from './formula.ts';
import { toLists, type Lists } from './lists.ts';
import type { Literal } from './literal.ts';
import type { NumberedLiteral } from './literal-list.ts';
import { ProgramWriter } from './program.ts';
import { expectedShare } from './rarity.ts';
import type { Trigger } from './trigger.ts';

export interface GroupPlan {
  /** In lower case. */
  readonly logsource: LogSource;
  /** Number in the whole set of each rule of this group, ascending. */
  readonly rules: Uint32Array;
  readonly literals: number;
  /** What is looked for in which field: of each field first what is looked for in every event, then what is on demand. */
  readonly fields: readonly FieldPlan[];
  /** By literal: the rules of this group that it makes worth asking. */
  readonly wakes: Lists;
  /** Rules that are asked about every event. */
  readonly always: Uint32Array;
  /** By rule: its first step, or its answer when it needs none. */
  readonly entries: Int32Array;
  readonly steps: Int32Array;
  /** What steps ask: a list of literals of which one is enough, or (from `asks.starts.length - 1` on) a question. */
  readonly asks: Lists;
  readonly questions: readonly Search[];
}

/** One of nothing. */
const NEVER: Formula = { op: 'or', of: [] };

/** `numbers`: the places of the rules in the whole set. */
export function planGroup(logsource: LogSource, rules: readonly SigmaRule[], numbers: readonly number[]): GroupPlan {
  const literals = new LiteralBook();
  // A rule that waits for lists never matches, whatever it says besides.
  const formulas = rules.map((rule) => (rule.placeholders.length > 0 ? NEVER : formulaOf(rule, literals)));
  const triggers = chooseTriggers(formulas, literals.fieldNames, literals);
  // What a rule without a trigger asks is asked in every event.
  const early = new Set(formulas.flatMap((formula, rule) => triggers[rule]?.literals ?? literalsOf(formula)));
  const isLate = (literal: number): boolean => !early.has(literal);
  const fields = literals.byField().flatMap(([name, all]) => planFields(name, all, isLate));
  const left = formulas.map((formula, rule) => withoutTrigger(formula, triggers[rule] ?? null));
  const asks = new Asks(left);
  const writer = new ProgramWriter({ share: (literal) => literals.shareOf(literal), isLate }, asks);
  const entries = Int32Array.from(left, (formula) => writer.write(formula));
  return {
    logsource,
    rules: Uint32Array.from(numbers),
    literals: literals.count,
    fields,
    wakes: wakesOf(triggers, literals.count),
    always: Uint32Array.from([...triggers.keys()].filter((rule) => triggers[rule] === null)),
    entries,
    steps: Int32Array.from(writer.steps),
    asks: asks.lists(),
    questions: literals.questions,
  };
}

/** What is left to ask once a literal of the trigger was found: where the trigger is one of the things that must all hold, the others. */
function withoutTrigger(formula: Formula, trigger: Trigger | null): Formula {
  const parts = formula.op === 'and' ? formula.of : [formula];
  const left = parts.filter((part) => part.op !== 'literal' || part.literals !== trigger?.literals);
  return left.length === parts.length ? formula : { op: 'and', of: left };
}

function literalsOf(formula: Formula): readonly number[] {
  if (formula.op === 'and' || formula.op === 'or') return formula.of.flatMap(literalsOf);
  if (formula.op === 'not') return literalsOf(formula.of);
  return formula.op === 'literal' ? formula.literals : [];
}

function wakesOf(triggers: readonly (Trigger | null)[], literals: number): Lists {
  const wakes: number[][] = Array.from({ length: literals }, () => []);
  for (const [rule, trigger] of triggers.entries()) {
    for (const literal of trigger?.literals ?? []) wakes[literal]?.push(rule);
  }
  return toLists(wakes);
}

class LiteralBook implements FormulaBook, LiteralFacts {
  readonly questions: Search[] = [];
  private readonly fields = new Map<string, Map<string, NumberedLiteral>>();
  private readonly owners: string[] = [];
  private readonly shares: number[] = [];
  private readonly asked = new Map<string, number>();

  get count(): number {
    return this.owners.length;
  }

  get fieldNames(): readonly string[] {
    return [...this.fields.keys()];
  }

  fieldOf(literal: number): string {
    return this.owners[literal] ?? '';
  }

  shareOf(literal: number): number {
    return this.shares[literal] ?? 1;
  }

  literal(field: string, literal: Literal): number {
    const known = this.fields.get(field) ?? new Map<string, NumberedLiteral>();
    this.fields.set(field, known);
    const key = `${literal.atBegin ? '^' : '.'}${literal.atEnd ? '$' : '.'}${literal.text}`;
    const same = known.get(key);
    if (same) return same.id;
    const id = this.count;
    known.set(key, { literal, id });
    this.owners.push(field);
    this.shares.push(expectedShare(literal));
    return id;
  }

  question(search: Search): number {
    const key = JSON.stringify(search);
    const same = this.asked.get(key);
    if (same !== undefined) return same;
    this.asked.set(key, this.questions.length);
    this.questions.push(search);
    return this.questions.length - 1;
  }

  byField(): [string, NumberedLiteral[]][] {
    return [...this.fields].map(([name, literals]) => [name, [...literals.values()]]);
  }
}

/** Lists of literals come first, then the questions; so the lists must all be known before a step is written. */
class Asks {
  private readonly known = new Map<string, number>();
  private readonly all: (readonly number[])[] = [];

  constructor(formulas: readonly Formula[]) {
    for (const formula of formulas) this.collect(formula);
  }

  literals(literals: readonly number[]): number {
    return this.known.get(literals.join()) ?? 0;
  }

  question(question: number): number {
    return this.all.length + question;
  }

  lists(): Lists {
    return toLists(this.all.map((literals) => [...literals].sort((a, b) => a - b)));
  }

  private collect(formula: Formula): void {
    if (formula.op === 'not') this.collect(formula.of);
    if (formula.op === 'and' || formula.op === 'or') formula.of.forEach((part) => this.collect(part));
    if (formula.op !== 'literal' || this.known.has(formula.literals.join())) return;
    this.known.set(formula.literals.join(), this.all.length);
    this.all.push(formula.literals);
  }
}
