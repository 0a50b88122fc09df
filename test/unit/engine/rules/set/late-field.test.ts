/** Literals that are looked for on demand: the same answers one by one, all at once and from memory, and none without end. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFields } from '../../../../../electron/engine/rules/set/field-plan.ts';
import { FieldWalk } from '../../../../../electron/engine/rules/set/field-walk.ts';
import { makeGramTable } from '../../../../../electron/engine/rules/set/gram-table.ts';
import { LateField } from '../../../../../electron/engine/rules/set/late-field.ts';
import type { Literal } from '../../../../../electron/engine/rules/set/literal.ts';
import { ValueCache } from '../../../../../electron/engine/rules/set/value-cache.ts';

const inside = (text: string): Literal => ({ text, atBegin: false, atEnd: false });
const LITERALS: readonly Literal[] = [inside('sh'), inside('–c'), inside(''), { text: 'c:\\', atBegin: true, atEnd: false }, { text: '.exe', atBegin: false, atEnd: true }, { text: 'cmd', atBegin: true, atEnd: true }];

interface Opened {
  readonly field: LateField;
  /** By place: the number of the literal. */
  readonly numbers: readonly number[];
}

function open(cache: ValueCache): Opened {
  const [plan] = planFields('CommandLine', LITERALS.map((literal, id) => ({ literal, id })), () => true);
  if (plan === undefined) throw new Error('no literals');
  return { field: new LateField(plan, new FieldWalk(plan, () => makeGramTable(plan.plain), cache)), numbers: [...plan.plain.ids, ...plan.wide.ids] };
}

function standing(texts: readonly string[]): number[] {
  const stands = ({ text, atBegin, atEnd }: Literal, lower: string): boolean => (!atBegin || lower.startsWith(text)) && (!atEnd || lower.endsWith(text)) && lower.includes(text) && (!(atBegin && atEnd) || lower === text);
  return [...LITERALS.entries()].filter(([, literal]) => texts.some((text) => stands(literal, text.toLowerCase()))).map(([number]) => number);
}

function askEach({ field, numbers }: Opened): number[] {
  return numbers.filter((_, place) => field.stands(place) === true).sort((a, b) => a - b);
}

function told(tell: (sink: { found(literal: number): void }) => void): number[] {
  const found = new Set<number>();
  tell({ found: (literal) => void found.add(literal) });
  return [...found].sort((a, b) => a - b);
}

describe('literals that are looked for on demand', () => {
  const text = fc.array(fc.constantFrom('C', ':', '\\', 'sh', 'SH', '.exe', 'cmd', ' ', '–', 'İ', 'K'), { maxLength: 8 }).map((parts) => parts.join(''));

  it('are answered one by one as a search for all tells them', () => {
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 3 }), (one, list) => {
        for (const value of [one, list]) {
          const opened = open(new ValueCache(false));
          if (value.length === 0 && typeof value !== 'string') return;
          expect(opened.field.begin(value, { found: () => expect.unreachable() })).toBe(true);
          const texts = typeof value === 'string' ? [value] : value;
          expect(askEach(opened)).toEqual(standing(texts));
          expect(told((sink) => opened.field.search(sink))).toEqual(standing(texts));
        }
      }),
    );
  });

  it('are told at once for values that come again', () => {
    const { field } = open(new ValueCache(true));
    const tell = (): number[] => told((sink) => expect(field.begin('C:\\Cmd.EXE', sink)).toBe(false));
    expect(tell()).toEqual([2, 3, 4]);
    expect(tell()).toEqual([2, 3, 4]);
  });

  it('need no answer where there is no value', () => {
    const { field } = open(new ValueCache(false));
    for (const value of [undefined, null, []]) expect(field.begin(value, { found: () => expect.unreachable() })).toBe(false);
  });

  it.each([
    ['an ordinary text', 'x'.repeat(100), 64],
    ['a long text', 'x'.repeat(10_000), 16],
    ['a list of texts', ['x', 'y', 'z', 'x'], 16],
  ])('are answered only so often in %s', (_, value, most) => {
    const { field } = open(new ValueCache(false));
    field.begin(value, { found: () => expect.unreachable() });
    const answers = Array.from({ length: 100 }, () => field.stands(0));
    expect(answers.filter((answer) => answer !== null)).toHaveLength(most);
    expect(answers.at(-1)).toBeNull();
    field.begin('sh', { found: () => expect.unreachable() });
    expect(field.stands(0)).toBe(true);
  });
});
