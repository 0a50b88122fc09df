/** The condition language: `or` binds weakest, then `and`, `not`, and `1 of x*` / `all of them` strongest. */
import type { Condition } from '../model.ts';

export class ConditionError extends Error {
  /** Place in the text of the condition, from 0. */
  readonly at: number;

  constructor(reason: string, at: number) {
    super(reason);
    this.at = at;
  }
}

interface Word {
  readonly text: string;
  readonly at: number;
}

/** Brackets deeper than any person writes; keeps the parser's recursion bounded. */
const MAX_DEPTH = 64;

/** Says in words what is wrong with a name or an `of` term, or null. */
export type TermCheck = (term: Extract<Condition, { readonly op: 'selection' | 'of' }>) => string | null;

/** Throws `ConditionError` with the place of what is wrong. */
export function parseCondition(text: string, check: TermCheck = () => null): Condition {
  const parser = new Parser(split(text), text.length, check);
  const condition = parser.or(0);
  const rest = parser.peek();
  if (rest) throw new ConditionError(`unexpected "${rest.text}" at character ${rest.at + 1} of the condition`, rest.at);
  return condition;
}

function split(text: string): Word[] {
  const words: Word[] = [];
  for (const found of text.matchAll(/[()|]|[^\s()|]+/g)) {
    if (found[0] === '|') throw new ConditionError('aggregation with "|" is no longer part of Sigma; use a correlation rule', found.index);
    words.push({ text: found[0], at: found.index });
  }
  if (words.length === 0) throw new ConditionError('the condition is empty', 0);
  return words;
}

class Parser {
  private next = 0;
  private readonly words: readonly Word[];
  private readonly end: number;
  private readonly check: TermCheck;

  constructor(words: readonly Word[], end: number, check: TermCheck) {
    this.words = words;
    this.end = end;
    this.check = check;
  }

  peek(ahead = 0): Word | undefined {
    return this.words[this.next + ahead];
  }

  or(depth: number): Condition {
    return this.chain('or', depth, () => this.chain('and', depth, () => this.not(depth)));
  }

  private chain(op: 'and' | 'or', depth: number, part: () => Condition): Condition {
    if (depth > MAX_DEPTH) throw new ConditionError(`more than ${MAX_DEPTH} brackets stand inside each other`, this.place());
    const parts = [part()];
    while (is(this.peek(), op)) {
      this.next += 1;
      parts.push(part());
    }
    const [only] = parts;
    return parts.length === 1 && only ? only : { op, of: parts };
  }

  private not(depth: number): Condition {
    let negated = false;
    while (is(this.peek(), 'not')) {
      this.next += 1;
      negated = !negated;
    }
    const inner = this.primary(depth);
    return negated ? { op: 'not', of: inner } : inner;
  }

  private primary(depth: number): Condition {
    const word = this.peek();
    if (!word) throw new ConditionError('the condition ends too early', this.place());
    this.next += 1;
    if (word.text === '(') {
      const inner = this.or(depth + 1);
      if (this.peek()?.text !== ')') throw new ConditionError(`the bracket at character ${word.at + 1} is never closed`, word.at);
      this.next += 1;
      return inner;
    }
    if (is(this.peek(), 'of')) return this.of(word);
    if (word.text === ')' || ['and', 'or', 'not', 'of', 'them'].includes(word.text.toLowerCase()))
      throw new ConditionError(`"${word.text}" at character ${word.at + 1} stands where a selection name is expected`, word.at);
    return this.checked({ op: 'selection', name: word.text }, word);
  }

  private of(quantifier: Word): Condition {
    const kind = quantifier.text.toLowerCase();
    if (kind !== '1' && kind !== 'any' && kind !== 'all')
      throw new ConditionError(`"${quantifier.text} of" is not known; "1 of", "any of" and "all of" are`, quantifier.at);
    this.next += 1;
    const target = this.peek();
    if (!target || target.text === '(' || target.text === ')') throw new ConditionError(`"${kind} of" names no selection`, quantifier.at);
    this.next += 1;
    const pattern = target.text.toLowerCase() === 'them' ? null : target.text;
    return this.checked({ op: 'of', quantifier: kind === 'all' ? 'all' : 'any', pattern }, target);
  }

  private checked(term: Parameters<TermCheck>[0], word: Word): Condition {
    const problem = this.check(term);
    if (problem !== null) throw new ConditionError(problem, word.at);
    return term;
  }

  private place(): number {
    return this.peek()?.at ?? this.end;
  }
}

function is(word: Word | undefined, keyword: string): boolean {
  return word?.text.toLowerCase() === keyword;
}

/** The condition as text again, with no more brackets than needed. Parsing it gives the same condition. */
export function printCondition(condition: Condition): string {
  switch (condition.op) {
    case 'selection':
      return condition.name;
    case 'of':
      return `${condition.quantifier === 'any' ? '1' : 'all'} of ${condition.pattern ?? 'them'}`;
    case 'not':
      return `not ${bracket(condition.of, ['and', 'or', 'not'])}`;
    case 'and':
      return condition.of.map((part) => bracket(part, ['or', 'and'])).join(' and ');
    case 'or':
      return condition.of.map((part) => bracket(part, ['or'])).join(' or ');
  }
}

function bracket(condition: Condition, ops: readonly Condition['op'][]): string {
  const text = printCondition(condition);
  return ops.includes(condition.op) ? `(${text})` : text;
}
