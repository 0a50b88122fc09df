/** Tests of one field, made ready for many events. Common shapes get their own fast form; all give the same answers. */
import { datePart } from '../date-part.ts';
import { contains, parseAddress } from '../ip-address.ts';
import type { CidrNetwork, Comparison, FieldTest, KeywordTest, RegexPattern, TextPattern } from '../model.ts';
import { RegexMatcher } from '../regex/matcher.ts';
import { EVERY_FIELD, someText, Subject, type FieldTable, type FieldValue, type Texts } from '../subject.ts';
import { NOT_READ } from '../../../../shared/start/facts.ts';
import { NO, UNKNOWN, YES, type MatchedField, type PlanNode } from './plan.ts';
import { textPredicate, type TextPredicate } from './text-test.ts';

export interface CompileContext {
  readonly fields: FieldTable;
  /** Relative cost of reading a field; orders the tests of a rule. */
  readonly fieldCost: (field: string) => number;
}

export function compileFieldTest(context: CompileContext, field: string, test: FieldTest): PlanNode {
  switch (test.kind) {
    case 'text':
      return test.every ? everyText(context, field, test.patterns, test.cased) : anyText(context, field, test.patterns, test.cased);
    case 'regex':
      return textNode(context, field, 40, regexPredicate(test.patterns, test.every));
    case 'cidr':
      return textNode(context, field, 10, cidrPredicate(test.networks, test.every));
    case 'compare':
      return presenceNode(context, field, `${test.op} ${test.bound}`, someValue((value) => holds(test.op, numberOf(value), test.bound)));
    case 'time':
      return presenceNode(context, field, `${test.part} ${test.op} ${test.bound}`, someValue((value) => typeof value === 'string' && holds(test.op, datePart(value, test.part), test.bound)));
    case 'exists':
      return presenceNode(context, field, `exists: ${test.expected}`, (value) => (value !== undefined) === test.expected);
    case 'null':
      return presenceNode(context, field, 'null', (value) => value === undefined || value === null);
    case 'fieldref':
      return fieldrefNode(context, field, test);
    case 'unfilled':
      return neverNode;
  }
}

/** Holds when one of all the values of the event passes. There are many of them, so this is asked last. */
export function compileKeyword(context: CompileContext, test: KeywordTest): PlanNode {
  const node = compileFieldTest(context, EVERY_FIELD, test);
  const slot = context.fields.slot(EVERY_FIELD);
  return {
    ...node,
    cost: node.cost + 100,
    // All values together say nothing; the one that passes does.
    explain(subject, out) {
      const texts = subject.text(slot);
      const passing = typeof texts === 'object' ? texts.find((text) => node.test(new Subject(context.fields, { read: () => undefined, all: () => [text] })) === YES) : undefined;
      const [found] = explained(node, subject);
      out.push({ field: 'any field', value: shortened(passing ?? ''), pattern: found?.pattern ?? '' });
    },
  };
}

function explained(node: PlanNode, subject: Subject): readonly MatchedField[] {
  const out: MatchedField[] = [];
  node.explain(subject, out);
  return out;
}

/** Without its lists nobody knows what the test asks for. A rule that has one is not asked at all (`compile.ts`). */
export const neverNode: PlanNode = {
  cost: 0,
  test: () => NO,
  explain: () => undefined,
  needs: () => undefined,
  baseNames: () => null,
};

function anyText(context: CompileContext, field: string, patterns: readonly TextPattern[], cased: boolean): PlanNode {
  return textNode(context, field, 1 + patterns.length / 10, textPredicate(patterns, cased));
}

function everyText(context: CompileContext, field: string, patterns: readonly TextPattern[], cased: boolean): PlanNode {
  const parts = patterns.map((pattern) => textPredicate([pattern], cased));
  return textNode(context, field, 1 + patterns.length / 10, {
    baseNames: null,
    test: (subject, slot) => parts.every((part) => part.test(subject, slot)),
    shown: (subject, slot) => parts.map((part) => part.shown(subject, slot)).join(' and '),
  });
}

function regexPredicate(patterns: readonly RegexPattern[], every: boolean): TextPredicate {
  const compiled = patterns.map(lazyMatcher);
  const fits = (texts: Texts, regex: LazyMatcher): boolean => regex().some(texts);
  return {
    baseNames: null,
    test(subject, slot) {
      const texts = subject.text(slot);
      if (texts === undefined) return false;
      return every ? compiled.every((regex) => fits(texts, regex)) : compiled.some((regex) => fits(texts, regex));
    },
    shown(subject, slot) {
      const texts = subject.text(slot) ?? '';
      return patterns
        .filter((_, index) => compiled.slice(index, index + 1).some((regex) => fits(texts, regex)))
        .map((pattern) => `/${pattern.source}/${pattern.flags}`)
        .join(' and ');
    },
  };
}

type LazyMatcher = () => RegexMatcher;

/** Made when it is first asked: most are not for a long time, and a policy must be ready at once. The parser has checked the expression. */
function lazyMatcher(pattern: RegexPattern): LazyMatcher {
  let made: RegexMatcher | null = null;
  return () => (made ??= new RegexMatcher(pattern.source, pattern.flags));
}

function textNode(context: CompileContext, field: string, cost: number, predicate: TextPredicate): PlanNode {
  const slot = context.fields.slot(field);
  return {
    cost: context.fieldCost(field) + cost,
    test(subject) {
      if (subject.isUnread(slot)) return UNKNOWN;
      return predicate.test(subject, slot) ? YES : NO;
    },
    explain(subject, out) {
      out.push({ field, value: shownValue(subject, slot), pattern: predicate.shown(subject, slot) });
    },
    needs: (_subject, out) => void out.add(field),
    baseNames: (which) => (which === slot ? predicate.baseNames : null),
  };
}

function cidrPredicate(networks: readonly CidrNetwork[], every: boolean): TextPredicate {
  const within = (texts: Texts, network: CidrNetwork): boolean =>
    someText(texts, (text) => {
      const address = parseAddress(text);
      return address !== null && contains(network, address);
    });
  return {
    baseNames: null,
    test(subject, slot) {
      const texts = subject.text(slot);
      if (texts === undefined) return false;
      return every ? networks.every((network) => within(texts, network)) : networks.some((network) => within(texts, network));
    },
    shown(subject, slot) {
      const texts = subject.text(slot) ?? '';
      return networks
        .filter((network) => within(texts, network))
        .map((network) => network.shown)
        .join(every ? ' and ' : ' or ');
    },
  };
}

function holds(op: Comparison | 'eq', value: number | null, bound: number): boolean {
  if (value === null) return false;
  switch (op) {
    case 'lt':
      return value < bound;
    case 'lte':
      return value <= bound;
    case 'gt':
      return value > bound;
    case 'gte':
      return value >= bound;
    case 'eq':
      return value === bound;
  }
}

function numberOf(value: FieldValue): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}

/** A field with a list of values passes when one of them does. */
function someValue(passes: (value: FieldValue) => boolean): (value: ReturnType<Subject['value']>) => boolean {
  return (value) => value !== NOT_READ && (typeof value === 'object' && value !== null ? value.some(passes) : passes(value));
}

function presenceNode(context: CompileContext, field: string, shown: string, passes: (value: ReturnType<Subject['value']>) => boolean): PlanNode {
  const slot = context.fields.slot(field);
  return {
    cost: context.fieldCost(field) + 1,
    test(subject) {
      if (subject.isUnread(slot)) return UNKNOWN;
      return passes(subject.value(slot)) ? YES : NO;
    },
    explain(subject, out) {
      out.push({ field, value: shownValue(subject, slot), pattern: shown });
    },
    needs: (_subject, out) => void out.add(field),
    baseNames: () => null,
  };
}

function fieldrefNode(context: CompileContext, field: string, test: FieldTest & { kind: 'fieldref' }): PlanNode {
  const slot = context.fields.slot(field);
  const others = test.fields.map((name) => context.fields.slot(name));
  const read = (subject: Subject, which: number): Texts | undefined => (test.cased ? subject.text(which) : subject.lower(which));
  const anchors = { whole: (a: string, b: string) => a === b, start: (a: string, b: string) => a.startsWith(b), end: (a: string, b: string) => a.endsWith(b), inside: (a: string, b: string) => a.includes(b) };
  const fits = anchors[test.anchor];
  const holds = (subject: Subject, other: number): boolean => {
    const mine = read(subject, slot);
    const theirs = read(subject, other);
    return mine !== undefined && theirs !== undefined && someText(mine, (one) => someText(theirs, (two) => fits(one, two)));
  };
  return {
    cost: context.fieldCost(field) + test.fields.reduce((sum, name) => sum + context.fieldCost(name), 1),
    test(subject) {
      const unread = [slot, ...others].some((which) => subject.isUnread(which));
      if (unread) return UNKNOWN;
      return (test.every ? others.every((other) => holds(subject, other)) : others.some((other) => holds(subject, other))) ? YES : NO;
    },
    explain(subject, out: MatchedField[]) {
      out.push({ field, value: shownValue(subject, slot), pattern: `value of ${test.fields.join(', ')}` });
    },
    needs(subject, out) {
      for (const name of [field, ...test.fields]) if (subject.isUnread(context.fields.slot(name))) out.add(name);
    },
    baseNames: () => null,
  };
}

/** A person reads this; the full value stands elsewhere in the record. */
const SHOWN_LENGTH = 512;

function shownValue(subject: Subject, slot: number): string {
  const texts = subject.text(slot);
  return shortened(texts === undefined ? '' : typeof texts === 'string' ? texts : texts.join(', '));
}

function shortened(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
