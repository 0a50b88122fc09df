/** Rules and events over few letters and fields, so that they often have something to do with each other. */
import fc from 'fast-check';
import { plainDocument } from '../../../../../electron/engine/rules/document.ts';
import type { LogSource, SigmaRule } from '../../../../../electron/engine/rules/model.ts';
import { parseRule } from '../../../../../electron/engine/rules/parse/rule.ts';
import type { RuleEvent } from '../../../../../electron/engine/rules/set/rule-event.ts';
import type { FieldValue } from '../../../../../electron/engine/rules/subject.ts';

/** With the letters whose lower case is a trap: sigmas, the dotted I, a pair beyond the basic plane, Kelvin, sharp s, dashes. */
const LETTERS = ['a', 'A', 'b', 'B', 'k', '\u212a', 's', '\u017f', 'Σ', 'σ', 'ς', 'İ', 'i', '\u0307', 'ẞ', 'ß', '𐐀', '𐐨', '\ud801', '\udc00', 'é', 'É', '\\', '/', '-', '\u2013', '\u2014', ' ', '.', '0'];
const text = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 8 });
const written = fc.string({ unit: fc.constantFrom(...LETTERS, '*', '?', '*'), maxLength: 5 });

const FIELDS = ['A', 'B', 'constructor'];
const MODIFIERS = ['', '|contains', '|startswith', '|endswith', '|contains|all', '|cased', '|contains|cased', '|endswith|cased', '|windash', '|contains|windash', '|contains|windash|cased', '|neq'];
const REGEXES = ['ab+', '^a', 'k$', '(?:ab|bA)s', 'a.b', '[sS]\\.', '[^a]bk', '(?:aa){2}', 'İ', 'σs', 'a\\b', '(?:ab)?k0', '.{3,}'];

const textTest = fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom(...MODIFIERS), fc.array(fc.oneof({ weight: 9, arbitrary: written }, { weight: 1, arbitrary: fc.constant(0) }), { minLength: 1, maxLength: 4 }));
const regexTest = fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom('|re', '|re|i', '|re|s'), fc.array(fc.constantFrom(...REGEXES), { minLength: 1, maxLength: 2 }));
const otherTest = fc.constantFrom<[string, string, unknown][]>(['A', '', null], ['A', '|exists', true], ['B', '|exists', false], ['A', '|gt', 0], ['A', '|fieldref', 'B'], ['A', '|startswith|fieldref', 'B']);
const test = fc.oneof({ weight: 8, arbitrary: textTest }, { weight: 2, arbitrary: regexTest }, { weight: 1, arbitrary: otherTest });
const map = fc.array(test, { minLength: 1, maxLength: 3 }).map((tests) => Object.fromEntries(tests.map(([field, modifiers, values]) => [field + modifiers, values])));
/** Words without a field: each may stand in any, also in one of which no rule speaks. */
const words = fc.array(written, { minLength: 1, maxLength: 3 });
const selection = fc.oneof({ weight: 4, arbitrary: map }, { weight: 3, arbitrary: fc.array(map, { minLength: 1, maxLength: 3 }) }, { weight: 1, arbitrary: words }, { weight: 1, arbitrary: words.map((some) => ({ '|all': some })) });
const CONDITIONS = ['s1', 's1 and s2', 's1 or s2', 's1 and not s2', 'not s1', '1 of s*', 'all of them', 's1 and (s2 or not s3)', 'not (s1 and s2) and s3', 'not 1 of s*', '(s1 or s2) and (s1 or s3)'];

const source: fc.Arbitrary<LogSource> = fc.record({
  category: fc.constantFrom('process_creation', 'file_event', null),
  product: fc.constantFrom('windows', 'linux', null),
  service: fc.constantFrom('sysmon', null, null),
});

export const ruleArbitrary: fc.Arbitrary<SigmaRule> = fc
  .record({ s1: selection, s2: selection, s3: selection, condition: fc.constantFrom(...CONDITIONS), logsource: source })
  .map(({ logsource, ...detection }) => {
    const rule = parseRule(plainDocument('generated', { title: 'T', id: 'x', logsource, detection }));
    if (!rule.ok) throw new Error(rule.error.message);
    return rule.value;
  });

/** Now and then longer than what is searched at once or remembered. */
const long = fc.tuple(text, fc.nat(1_500), text).map(([before, count, after]) => before + 'ab'.repeat(count) + after);
const value: fc.Arbitrary<FieldValue> = fc.oneof({ weight: 16, arbitrary: text }, { weight: 1, arbitrary: long }, fc.constantFrom(0, 1, true, null), fc.array(text, { maxLength: 3 }));

export const eventArbitrary: fc.Arbitrary<RuleEvent> = fc.record({ logsource: source, fields: fc.record({ A: value, B: value, constructor: value, unknown: value }, { requiredKeys: [] }) });
