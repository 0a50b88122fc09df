/**
 * What a rule asks of an event, in terms an index can use: literals that are found or not while the fields are walked
 * over, and, only where that does not settle it, a question put to the compiled test.
 */
import { selectionsNamed } from '../parse/names.ts';
import type { Condition, FieldTest, KeywordTest, RegexPattern, Search, SigmaRule, TextPattern } from '../model.ts';
import { EVERY_FIELD } from '../subject.ts';
import { needsOf, type Literal } from './literal.ts';
import { neededBy, type Needed } from './regex-literal.ts';

export type Formula =
  | { readonly op: 'and' | 'or'; readonly of: readonly Formula[] }
  | { readonly op: 'not'; readonly of: Formula }
  /** One of the literals (by number) stands in its field. */
  | { readonly op: 'literal'; readonly literals: readonly number[] }
  /** The compiled test says yes. */
  | { readonly op: 'ask'; readonly question: number };

/** Gives the same literal of the same field, and the same question, the same number, whichever rule it comes from. */
export interface FormulaBook {
  literal(field: string, literal: Literal): number;
  question(search: Search): number;
}

export function formulaOf(rule: SigmaRule, book: FormulaBook): Formula {
  const selections = new Map<string, Formula>();
  const named = (name: string): Formula => {
    const known = selections.get(name) ?? ofSearch(selectionOf(rule, name), book);
    selections.set(name, known);
    return known;
  };
  return ofCondition(rule.condition, [...rule.selections.keys()], named);
}

function selectionOf(rule: SigmaRule, name: string): Search {
  const search = rule.selections.get(name);
  // The parser has checked every name; reaching this is a bug, not a bad rule.
  if (!search) throw new Error(`no selection ${name}`);
  return search;
}

function ofCondition(condition: Condition, names: readonly string[], named: (name: string) => Formula): Formula {
  const inner = (part: Condition): Formula => ofCondition(part, names, named);
  switch (condition.op) {
    case 'selection':
      return named(condition.name);
    case 'not':
      return { op: 'not', of: inner(condition.of) };
    case 'and':
    case 'or':
      return group(condition.op, condition.of.map(inner));
    case 'of':
      return group(condition.quantifier === 'all' ? 'and' : 'or', selectionsNamed(condition.pattern, names).map(named));
  }
}

function ofSearch(search: Search, book: FormulaBook): Formula {
  switch (search.type) {
    case 'all':
      return group('and', search.of.map((part) => ofSearch(part, book)));
    case 'any':
      return group('or', search.of.map((part) => ofSearch(part, book)));
    case 'not':
      return { op: 'not', of: ofSearch(search.of, book) };
    case 'field':
      return ofTest(search.field, search.test, book);
    case 'keyword':
      return ofTest(EVERY_FIELD, search.test, book);
  }
}

/** What the index knows nothing about is asked as it stands. */
function ofTest(field: string, test: FieldTest, book: FormulaBook): Formula {
  switch (test.kind) {
    case 'text':
      return ofEach(test, test.patterns, (pattern) => ofPattern(field, pattern, test.cased, book));
    case 'regex':
      return ofEach(test, test.patterns, (pattern) => ofRegex(field, pattern, book));
    default:
      return ask(field, test, book);
  }
}

function ask(field: string, test: FieldTest, book: FormulaBook): Formula {
  return { op: 'ask', question: book.question(field === EVERY_FIELD ? { type: 'keyword', test: test as KeywordTest } : { type: 'field', field, test }) };
}

function ofEach<T>(test: { readonly every: boolean }, patterns: readonly T[], formula: (pattern: T) => Formula): Formula {
  return group(test.every ? 'and' : 'or', patterns.map(formula));
}

function ofPattern(field: string, pattern: TextPattern, cased: boolean, book: FormulaBook): Formula {
  const { groups, exact } = needsOf(pattern, cased);
  const literals = groups.map((group): Formula => ({ op: 'literal', literals: group.map((literal) => book.literal(field, literal)) }));
  if (exact) return group('and', literals);
  return group('and', [...literals, ask(field, { kind: 'text', every: false, cased, patterns: [pattern] }, book)]);
}

function ofRegex(field: string, pattern: RegexPattern, book: FormulaBook): Formula {
  const question = ask(field, { kind: 'regex', every: false, patterns: [pattern] }, book);
  const needed = neededBy(pattern.source, pattern.flags);
  return needed === null ? question : group('and', [ofNeeded(field, needed, book), question]);
}

function ofNeeded(field: string, needed: Needed, book: FormulaBook): Formula {
  if (needed.op === 'literal') return { op: 'literal', literals: [book.literal(field, needed.literal)] };
  return group(needed.op, needed.of.map((part) => ofNeeded(field, part, book)));
}

/** Groups inside groups of their kind dissolve, and literals of which one is enough become one list. */
function group(op: 'and' | 'or', members: readonly Formula[]): Formula {
  const flat = new Set(members.flatMap((member) => (member.op === op ? member.of : [member])));
  const of = op === 'or' ? joinLiterals([...flat]) : [...flat];
  const [only] = of;
  return of.length === 1 && only ? only : { op, of };
}

function joinLiterals(members: readonly Formula[]): readonly Formula[] {
  const literals = members.flatMap((member) => (member.op === 'literal' ? member.literals : []));
  if (literals.length === 0) return members;
  return [{ op: 'literal', literals: [...new Set(literals)] }, ...members.filter((member) => member.op !== 'literal')];
}
