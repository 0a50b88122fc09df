/** Literals found by their rare grams against looking for each: the same ones, in every text, also one made to mislead. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldWalk } from '../../../../../electron/engine/rules/set/field-walk.ts';
import { planFields } from '../../../../../electron/engine/rules/set/field-plan.ts';
import { CANDIDATE_SIZE, makeGramTable } from '../../../../../electron/engine/rules/set/gram-table.ts';
import { ValueCache } from '../../../../../electron/engine/rules/set/value-cache.ts';
import type { Literal } from '../../../../../electron/engine/rules/set/literal.ts';
import { joinLiterals, listLiterals } from '../../../../../electron/engine/rules/set/literal-list.ts';

function search(literals: readonly Literal[], texts: readonly string[], comesAgain: boolean): number[][] {
  const [field] = planFields('A', literals.map((literal, id) => ({ literal, id })), () => false);
  if (field === undefined) return texts.map(() => []);
  const walk = new FieldWalk(field, () => makeGramTable(field.plain), comesAgain ? new ValueCache(true) : null);
  return texts.map((text) => {
    const found = new Set<number>();
    walk.find(text, { found: (literal) => void found.add(literal) });
    return [...found].sort((a, b) => a - b);
  });
}

function lookForEach(literals: readonly Literal[], text: string): number[] {
  const lower = text.toLowerCase();
  const stands = ({ text: part, atBegin, atEnd }: Literal): boolean => {
    if (atBegin && atEnd) return lower === part;
    if (atBegin) return lower.startsWith(part);
    return atEnd ? lower.endsWith(part) : lower.includes(part);
  };
  return [...literals.keys()].filter((number) => literals.slice(number, number + 1).some(stands));
}

/** Few letters, so that literals overlap, repeat themselves and almost stand in a text. */
const unit = fc.constantFrom('a', 'b', 'A', 'k', '\u212a', 'é', 'É', '–', 'Σ', 'σ', ' ');
const lower = fc.string({ unit, maxLength: 9 }).map((text) => text.toLowerCase());
const literal = fc.record({ text: lower, atBegin: fc.boolean(), atEnd: fc.boolean() });
const literals = fc.array(literal, { minLength: 1, maxLength: 40 });
const text = fc.array(fc.string({ unit, maxLength: 12 }), { maxLength: 6 }).map((parts) => parts.join(''));

describe('a search for literals', () => {
  it('finds those that stand in the text', () => {
    fc.assert(
      fc.property(literals, fc.array(text, { minLength: 1, maxLength: 5 }), fc.boolean(), (some, texts, comesAgain) => {
        const twice = [...texts, ...texts];
        expect(search(some, twice, comesAgain)).toEqual(twice.map((one) => lookForEach(some, one)));
      }),
      { numRuns: 400 },
    );
  }, 60_000);

  it('is not misled by texts that are literals but for one unit', () => {
    fc.assert(
      fc.property(literals, fc.array(fc.tuple(fc.nat(), fc.nat(), unit), { maxLength: 20 }), (some, changes) => {
        const almost = changes.map(([which, at, other]) => {
          const { text: whole } = some[which % some.length] ?? { text: '' };
          const place = at % (whole.length + 1);
          return whole.slice(0, place) + other + whole.slice(place + 1);
        });
        const texts = [...almost, almost.join(''), almost.join('').repeat(20)];
        expect(search(some, texts, true)).toEqual(texts.map((one) => lookForEach(some, one)));
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('finds a literal wherever in a long text', () => {
    const some = [{ text: 'needle', atBegin: false, atEnd: false }, { text: 'hay', atBegin: true, atEnd: false }, { text: 'dle', atBegin: false, atEnd: true }, { text: 'n', atBegin: false, atEnd: false }];
    const hay = 'hay '.repeat(20_000);
    expect(search(some, [hay, `${hay}NeedLe`, `${hay}needle `, `needle${hay}`], true)).toEqual([[1], [0, 1, 2, 3], [0, 1, 3], [0, 3]]);
  });

  it.each([
    ['few and long ones, of which fewer grams are looked up', 200, 9],
    ['thousands', 5_000, 5],
  ])('finds each of many literals at any place: %s', (_, count, length) => {
    const some = Array.from({ length: count }, (__, number) => ({ text: `${number.toString(36).padStart(4, '_')}${'-rest-of-it'.slice(0, length - 4)}`, atBegin: false, atEnd: false }));
    const texts = Array.from({ length: 2_000 }, (__, number) => `${'x'.repeat(number % 7)}${some[(number * 31) % count]?.text.toUpperCase() ?? ''}${'Y'.repeat(number % 3)}`);
    expect(search(some, texts, false)).toEqual(texts.map((__, number) => [(number * 31) % count]));
  });

  it('tells units apart that share a code', () => {
    const signs = Array.from({ length: 0x5f }, (_, at) => String.fromCharCode(0x20 + at)).filter((sign) => sign === sign.toLowerCase());
    const some = signs.flatMap((one) => [`x${one}`, `x${one}yz`, `abcdef${one}`].map((part) => ({ text: part, atBegin: false, atEnd: false })));
    const texts = signs.flatMap((one) => [`x${one}`, `x${one}yz`, `ABCDEF${one}`]);
    expect(signs.length).toBeGreaterThan(64);
    expect(search(some, texts, false)).toEqual(texts.map((one) => lookForEach(some, one)));
  });

  it('finds what two lists hold alike under both numbers', () => {
    const one = listLiterals(['a', 'ab', 'abcdefg'].map((part, id) => ({ literal: { text: part, atBegin: false, atEnd: false }, id })));
    const table = makeGramTable(joinLiterals(one, one, 3));
    const found = new Set<number>();
    new FieldWalk({ name: 'A', isLate: false, plain: one, wide: listLiterals([]) }, () => table, null).find('ABCDEFG', { found: (id) => void found.add(id) });
    expect([...found].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('spreads literals that are alike over many grams', () => {
    const some = Array.from({ length: 2_000 }, (_, number) => ({ text: `\\powershell${number}.exe`, atBegin: false, atEnd: true }));
    const { candidates } = makeGramTable(listLiterals(some.map((one, id) => ({ literal: one, id }))));
    const chained = Array.from({ length: candidates.length / CANDIDATE_SIZE }, (_, at) => candidates[(at + 1) * CANDIDATE_SIZE - 1]).filter((next) => next !== 0);
    // Two places each: every second gram of a text is looked up.
    expect(chained.length).toBeLessThan(2 * some.length);
    let longest = 0;
    for (let first = 0; first < candidates.length / CANDIDATE_SIZE; first += 1) {
      let length = 1;
      for (let at = candidates[(first + 1) * CANDIDATE_SIZE - 1] ?? 0; at !== 0; at = candidates[(at + 1) * CANDIDATE_SIZE - 1] ?? 0) length += 1;
      longest = Math.max(longest, length);
    }
    expect(longest).toBeLessThanOrEqual(40);
  });
});
