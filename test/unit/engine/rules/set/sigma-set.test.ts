/** The index against asking every rule: the answers must be the same, whatever the rules and the event. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDocument } from '../../../../../electron/engine/rules/document.ts';
import type { SigmaRule } from '../../../../../electron/engine/rules/model.ts';
import { parseRule } from '../../../../../electron/engine/rules/parse/rule.ts';
import { fold, HARD } from '../../../../../electron/engine/rules/set/fold.ts';
import { PlainLoop } from '../../../../../electron/engine/rules/set/plain-loop.ts';
import { SigmaSet } from '../../../../../electron/engine/rules/set/sigma-set.ts';
import type { FieldValue } from '../../../../../electron/engine/rules/subject.ts';
import { eventArbitrary, ruleArbitrary } from './generated.ts';

const rules = fc.array(ruleArbitrary, { minLength: 1, maxLength: 12 });
const events = fc.array(eventArbitrary, { minLength: 1, maxLength: 12 });

describe('a set of rules', () => {
  it('matches what asking each rule gives', () => {
    fc.assert(
      fc.property(rules, events, (someRules, someEvents) => {
        const set = SigmaSet.build(someRules);
        const loop = new PlainLoop(someRules);
        expect(someEvents.map((event) => set.match(event))).toEqual(someEvents.map((event) => loop.match(event)));
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it('gives the same answers when events come again, whole or in part', () => {
    fc.assert(
      fc.property(rules, events, (someRules, someEvents) => {
        const set = SigmaSet.build(someRules);
        const loop = new PlainLoop(someRules);
        const mixed = someEvents.map((event, index) => ({ ...event, fields: { ...event.fields, ...someEvents[index - 1]?.fields } }));
        for (const event of [...someEvents, ...mixed, ...someEvents]) expect(set.match(event)).toEqual(loop.match(event));
      }),
      { numRuns: 100 },
    );
  }, 120_000);
});

describe('rules with long lists', () => {
  const words = Array.from({ length: 150 }, (_, number) => `-${number}-${'qxz'.charAt(number % 3)}`);
  const some = (most: number): fc.Arbitrary<string[]> => fc.shuffledSubarray(words, { minLength: 1, maxLength: most });
  const text = some(3).map((parts) => parts.join(' '));
  const ruleOf = (selections: Record<string, unknown>, condition: string): SigmaRule => {
    const parsed = parseRule(plainDocument('test', { title: 'T', id: 'x', logsource: { product: 'windows' }, detection: { ...selections, condition } }));
    if (!parsed.ok) throw new Error(parsed.error.message);
    return parsed.value;
  };
  // The first list of each wakes it; the others are asked then: late, of the same field and of another, and turned round.
  const rule = fc.tuple(some(100), some(100), some(100), fc.constantFrom('a', 'a and b', 'a and not b', 'a and b and not c', 'a and (b or c)', 'not a', 'a or b', '(a and b) or (a and c) or (b and not c)')).map(([a, b, c, condition]) => ruleOf({ a: { 'A|contains': a }, b: { 'B|contains': b }, c: { 'A|endswith': c } }, condition));

  it('match what asking each rule gives', () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), fc.array(fc.record({ A: text, B: text }), { minLength: 1, maxLength: 10 }), (someRules, fields) => {
        const set = SigmaSet.build(someRules);
        const loop = new PlainLoop(someRules);
        const events = [...fields, ...fields].map((one) => ({ logsource: { category: 'process_creation', product: 'windows', service: null }, fields: one }));
        expect(events.map((event) => set.match(event))).toEqual(events.map((event) => loop.match(event)));
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});

describe('what an index could get wrong', () => {
  const cases: [string, unknown, Record<string, FieldValue>, boolean][] = [
    ['a capital sigma at the end of a word', { 'A|endswith': 'ς' }, { A: 'ΟΔΟΣ' }, true],
    ['and in the middle of one', { 'A|contains': 'σ' }, { A: 'ΟΣΟ' }, true],
    ['a dotted capital I is two units in lower case', { A: '?i\u0307' }, { A: 'aİ' }, true],
    ['letters beyond the basic plane', { 'A|contains': '𐐨' }, { A: 'x𐐀y' }, true],
    ['the Kelvin sign is a k', { 'A|contains': 'ok' }, { A: 'O\u212a' }, true],
    ['a look-alike does not', { 'A|contains': 'о' }, { A: 'o' }, false],
    ['a long dash where windash allows it', { 'A|contains|windash': ' -enc' }, { A: 'powershell \u2014ENC x' }, true],
    ['a hyphen is no long dash elsewhere', { 'A|contains': ' \u2014enc' }, { A: 'powershell -enc' }, false],
    ['the beginning and the end may not overlap', { A: 'aba*bab' }, { A: 'abab' }, false],
    ['two parts in the wrong order', { 'A|contains': 'one*two' }, { A: 'two one' }, false],
    ['parts in two entries of a list', { 'A|contains': 'one*two' }, { A: ['one', 'two'] }, false],
    ['all of a list may stand in different entries', { 'A|contains|all': ['one', 'two'] }, { A: ['one', 'two'] }, true],
    ['a number in a field', { A: 4624 }, { A: 4624 }, true],
    ['what every object has is no field', { 'constructor|contains': 'Object' }, {}, false],
    ['an expression that minds case', { 'A|re': 'Abc' }, { A: 'abc' }, false],
    ['the empty text is no missing field', { A: '' }, {}, false],
    ['a word without a field', ['*one*', 'three'], { A: 'two', B: ['x', 'ONE more'] }, true],
    ['a word without a field that is nowhere', ['one'], { A: 'two' }, false],
    ['a word of which two fields have a part each', ['onetwo'], { A: 'one', B: 'two', C: 'onetwo'.slice(1) }, false],
    ['nor is it made whole by what is put between two texts', ['one\0two'], { A: 'one', B: 'two' }, false],
    ['though one of them may hold that', ['one\0two'], { A: 'x', B: 'ONE\0two' }, true],
    ['a capital sigma that ends one of several fields', ['δος'], { A: 'x', B: 'ΟΔΟΣ', C: 'Σ' }, true],
    ['a literal longer than a call may have arguments, asked for late', { 'A|contains': ['x'.repeat(300_000), 'rare'], 'B|contains': 'seldom' }, { A: 'X'.repeat(300_001), B: 'seldom' }, true],
    ['a word in a list of values', ['one'], { A: ['two', 'one'] }, true],
    ['words of which each stands in another field', { '|all': ['*one*', '*two*'] }, { A: 'x one', B: 'two x' }, true],
    ['parts of a word in two fields', ['one*two'], { A: 'one', B: 'two' }, false],
    ['a word in a number', ['46'], { A: 46 }, true],
    ['the name of a field is no word in it', ['A'], { A: 'b' }, false],
    ['an address in a network', { 'A|cidr': '10.0.0.0/8' }, { A: '10.1.2.3' }, true],
    ['a rule that waits for a list', [{ 'A|expand': '%list%' }, { A: 'x' }], { A: 'x' }, false],
  ];
  it.each(cases)('%s', (_, selection, fields, expected) => {
    const parsed = parseRule(plainDocument('test', { title: 'T', id: 'x', logsource: { product: 'Windows' }, detection: { s: selection, condition: 's' } }));
    if (!parsed.ok) throw new Error(parsed.error.message);
    const event = { logsource: { category: 'process_creation', product: 'windows', service: null }, fields };
    expect(SigmaSet.build([parsed.value]).match(event)).toEqual(expected ? [0] : []);
    expect(new PlainLoop([parsed.value]).match(event)).toEqual(expected ? [0] : []);
  });
});

describe('the lower case of single units', () => {
  it('is that of the whole text, but for those marked', () => {
    let text = '';
    let folded = '';
    for (let unit = 0; unit < 0x10000; unit += 1) {
      if (fold(unit) === HARD) continue;
      text += String.fromCharCode(unit);
      folded += String.fromCharCode(fold(unit));
    }
    expect(text.toLowerCase() === folded).toBe(true);
    expect(folded.toLowerCase() === folded).toBe(true);
  });
});
