/** The condition language: `or` binds weakest, then `and`, `not`, and `1 of x*` / `all of them` strongest. */
import type { Condition } from '../model.ts';

export class ConditionError extends Error {}

interface Word {
  readonly text: string;
  readonly at: number;
}

/** Brackets deeper than any person writes; keeps the parser's recursion bounded. */
const MAX_DEPTH = 64;

export function parseCondition(text: string): Condition {
  const words = split(text);
  const parser = new Parser(words);
  const condition = parser.or(0);
  const rest = parser.peek();
  if (rest) throw new ConditionError(`unexpected "${rest.text}" at character ${rest.at + 1} of the condition`);
  return condition;
}

function split(text: string): Word[] {
  const words: Word[] = [];
  for (const found of text.matchAll(/[()|]|[^\s()|]+/g)) {
    if (found[0] === '|') throw new ConditionError('aggregation with "|" is no longer part of Sigma; use a correlation rule');
    words.push({ text: found[0], at: found.index });
  }
  if (words.length === 0) throw new ConditionError('the condition is empty');
  return words;
}

class Parser {
  private next = 0;
  private readonly words: readonly Word[];

  constructor(words: readonly Word[]) {
    this.words = words;
  }

  peek(ahead = 0): Word | undefined {
    return this.words[this.next + ahead];
  }

  or(depth: number): Condition {
    return this.chain('or', depth, () => this.chain('and', depth, () => this.not(depth)));
  }

  private chain(op: 'and' | 'or', depth: number, part: () => Condition): Condition {
    if (depth > MAX_DEPTH) throw new ConditionError(`more than ${MAX_DEPTH} brackets stand inside each other`);
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
    if (!word) throw new ConditionError('the condition ends too early');
    this.next += 1;
    if (word.text === '(') {
      const inner = this.or(depth + 1);
      if (this.peek()?.text !== ')') throw new ConditionError(`the bracket at character ${word.at + 1} is never closed`);
      this.next += 1;
      return inner;
    }
    if (is(this.peek(), 'of')) return this.of(word);
    if (word.text === ')' || ['and', 'or', 'not', 'of', 'them'].includes(word.text.toLowerCase()))
      throw new ConditionError(`"${word.text}" at character ${word.at + 1} stands where a selection name is expected`);
    return { op: 'selection', name: word.text };
  }

  private of(quantifier: Word): Condition {
    const kind = quantifier.text.toLowerCase();
    if (kind !== '1' && kind !== 'any' && kind !== 'all')
      throw new ConditionError(`"${quantifier.text} of" is not known; "1 of", "any of" and "all of" are`);
    this.next += 1;
    const target = this.peek();
    if (!target || target.text === '(' || target.text === ')') throw new ConditionError(`"${kind} of" names no selection`);
    this.next += 1;
    const pattern = target.text.toLowerCase() === 'them' ? null : target.text;
    return { op: 'of', quantifier: kind === 'all' ? 'all' : 'any', pattern };
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
