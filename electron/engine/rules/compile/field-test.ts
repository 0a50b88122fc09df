/** Tests of one field, made ready for many events. Common shapes get their own fast form; all give the same answers. */
import type { Comparison, FieldTest, RegexPattern, TextPattern } from '../model.ts';
import { RegexMatcher } from '../regex/matcher.ts';
import { someText, type FieldTable, type Subject, type Texts } from '../subject.ts';
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
    case 'compare':
      return compareNode(context, field, test.op, test.bound);
    case 'exists':
      return presenceNode(context, field, `exists: ${test.expected}`, (value) => (value !== undefined) === test.expected);
    case 'null':
      return presenceNode(context, field, 'null', (value) => value === undefined || value === null);
    case 'fieldref':
      return fieldrefNode(context, field, test);
  }
}

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
  const compiled = patterns.map((pattern) => new RegexMatcher(pattern.source, pattern.flags));
  const fits = (texts: Texts, regex: RegexMatcher): boolean => someText(texts, (text) => regex.test(text));
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

function compareNode(context: CompileContext, field: string, op: Comparison, bound: number): PlanNode {
  const holds: Readonly<Record<Comparison, (value: number) => boolean>> = {
    lt: (value) => value < bound,
    lte: (value) => value <= bound,
    gt: (value) => value > bound,
    gte: (value) => value >= bound,
  };
  return presenceNode(context, field, `${op} ${bound}`, (value) => {
    const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
    return holds[op](number);
  });
}

function presenceNode(context: CompileContext, field: string, shown: string, holds: (value: ReturnType<Subject['value']>) => boolean): PlanNode {
  const slot = context.fields.slot(field);
  return {
    cost: context.fieldCost(field) + 1,
    test(subject) {
      if (subject.isUnread(slot)) return UNKNOWN;
      return holds(subject.value(slot)) ? YES : NO;
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
  const text = texts === undefined ? '' : typeof texts === 'string' ? texts : texts.join(', ');
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
