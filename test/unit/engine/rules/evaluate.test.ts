/** The evaluator against the plainest possible reading of a rule. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Candidates } from '../../../../electron/engine/rules/candidates.ts';
import { compileRule } from '../../../../electron/engine/rules/compile/compile.ts';
import { plainDocument } from '../../../../electron/engine/rules/document.ts';
import { evaluate, type Outcome } from '../../../../electron/engine/rules/evaluate.ts';
import type { Condition } from '../../../../electron/engine/rules/model.ts';
import { parseCondition, printCondition } from '../../../../electron/engine/rules/parse/condition.ts';
import { parseRule } from '../../../../electron/engine/rules/parse/rule.ts';
import { FieldTable, Subject, type FieldValue } from '../../../../electron/engine/rules/subject.ts';
import { NOT_READ } from '../../../../shared/start/facts.ts';

type Detection = Readonly<Record<string, unknown>>;
type Event = Readonly<Record<string, FieldValue | typeof NOT_READ>>;

function compiled(detection: Detection, fields = new FieldTable()) {
  const rule = parseRule(plainDocument('test', { title: 'T', id: 'x', logsource: { category: 'process_creation' }, detection }));
  if (!rule.ok) throw new Error(rule.error.message);
  return { fields, rule: compileRule({ fields, fieldCost: (field) => (field === 'C' ? 100 : 1) }, rule.value) };
}

function ask(detection: Detection, event: Event): Outcome {
  const { fields, rule } = compiled(detection);
  return evaluate(rule, new Subject(fields, { read: (field) => event[field] }));
}

describe('one selection', () => {
  const cases: [string, Detection, Event, boolean][] = [
    ['equality minds no case', { Image: '/USR/bin/Sh' }, { Image: '/usr/bin/sh' }, true],
    ['cased does', { 'Image|cased': '/USR' }, { Image: '/usr' }, false],
    ['a list is OR', { 'Image|endswith': ['/sh', '/bash'] }, { Image: '/bin/bash' }, true],
    ['all makes it AND', { 'C|contains|all': ['a', 'b'] }, { C: 'xa' }, false],
    ['a map is AND', { A: 'x', B: 'y' }, { A: 'x', B: 'z' }, false],
    ['endswith means the end, not the base name', { 'Image|endswith': '/sh' }, { Image: 'sh' }, false],
    ['numbers and texts are compared as text', { A: 5 }, { A: '5' }, true],
    ['true is a value', { A: false }, { A: false }, true],
    ['null is an absent or empty field', { A: null }, {}, true],
    ['null is not the empty text', { A: null }, { A: '' }, false],
    ['the empty text is itself', { A: '' }, { A: '' }, true],
    ['the empty text is not absence', { A: '' }, {}, false],
    ['null beside text', { A: [null, 'x'] }, { A: 'x' }, true],
    ['neq', { 'A|neq': 'x' }, { A: 'y' }, true],
    ['neq of an absent field', { 'A|neq': 'x' }, {}, true],
    ['exists', { 'A|exists': true }, { A: null }, true],
    ['does not exist', { 'A|exists': false }, { A: 'x' }, false],
    ['lt', { 'A|lt': 24 }, { A: 0.5 }, true],
    ['gte on text', { 'A|gte': '3' }, { A: '3' }, true],
    ['comparison with an absent field', { 'A|lt': 24 }, {}, false],
    ['comparison with what is no number', { 'A|lt': 24 }, { A: 'new' }, false],
    ['re minds case', { 'A|re': 'ab+' }, { A: 'xABB' }, false],
    ['re with i', { 'A|re|i': 'ab+' }, { A: 'xABB' }, true],
    ['a list field matches when one entry does', { 'A|endswith': '/cron' }, { A: ['/bin/sh', '/usr/sbin/cron'] }, true],
    ['an empty list has no value', { A: '*' }, { A: [] }, false],
    ['fieldref', { 'A|endswith|fieldref': 'B' }, { A: '/x/usr/bin/ls', B: '/usr/bin/ls' }, true],
    ['fieldref to nothing', { 'A|fieldref': 'B' }, { A: 'x' }, false],
    ['windash', { 'C|windash|contains': ' -e' }, { C: 'p /e' }, true],
  ];
  it.each(cases)('%s', (_, selection, event, expected) => {
    expect(ask({ s: selection, condition: 's' }, event).outcome).toBe(expected ? 'hit' : 'clear');
  });

  it('may be a list of maps, of which one is enough', () => {
    const detection = { s: [{ A: 'x' }, { B: 'y', C: 'z' }], condition: 's' };
    expect(ask(detection, { B: 'y', C: 'z' }).outcome).toBe('hit');
    expect(ask(detection, { B: 'y' }).outcome).toBe('clear');
  });
});

describe('what is not read', () => {
  const detection = { shell: { A: 'x' }, line: { C: 'y' }, condition: 'shell and line' };

  it('is asked for only when it can change the answer', () => {
    expect(ask(detection, { A: 'other', C: NOT_READ })).toEqual({ outcome: 'clear' });
    expect(ask(detection, { A: 'x', C: NOT_READ })).toEqual({ outcome: 'needs', fields: ['C'] });
  });

  it('is asked for cheapest first', () => {
    expect(ask(detection, { A: NOT_READ, C: NOT_READ })).toEqual({ outcome: 'needs', fields: ['A'] });
    expect(ask({ ...detection, condition: 'shell or line' }, { A: NOT_READ, C: NOT_READ })).toEqual({ outcome: 'needs', fields: ['A', 'C'] });
  });

  it('leaves a filter open', () => {
    expect(ask({ ...detection, condition: 'shell and not line' }, { A: 'x', C: NOT_READ })).toEqual({ outcome: 'needs', fields: ['C'] });
  });
});

it('says what matched, and what of a list', () => {
  const detection = { s: { 'A|endswith': ['/sh', '/bash'], 'C|contains|all': ['a', 'b'] }, other: { B: 'z' }, condition: 's or other' };
  expect(ask(detection, { A: '/bin/sh', C: 'cab' })).toEqual({
    outcome: 'hit',
    matched: [
      { field: 'A', value: '/bin/sh', pattern: '*/sh' },
      { field: 'C', value: 'cab', pattern: '*a* and *b*' },
    ],
  });
});

it('reads a field once and lower-cases it once, however many tests ask', () => {
  let reads = 0;
  const { fields, rule } = compiled({ a: { A: 'x' }, b: { 'A|endswith': '/y' }, c: { 'A|re': 'z' }, condition: '1 of them' });
  evaluate(rule, new Subject(fields, { read: () => ((reads += 1), 'q') }));
  expect(reads).toBe(1);
});

const value = fc.constantFrom('x', 'y', '/bin/sh', '/bin/bash', 'X*', '*h', 'a b', '', null, 5);
const key = fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.constantFrom('', '|contains', '|startswith', '|endswith', '|contains|all', '|neq', '|cased')).map((parts) => parts.join(''));
const usable = (name: string, list: readonly unknown[]): readonly unknown[] => (/contains|with/.test(name) ? list.filter((one) => one !== null) : list);
const map = fc.dictionary(key, fc.array(value, { minLength: 1, maxLength: 3 }), { minKeys: 1, maxKeys: 3 }).map((entries) => Object.fromEntries(Object.entries(entries).map(([name, list]) => [name, usable(name, list).length > 0 ? usable(name, list) : ['x']])));
const selection = fc.oneof(map, fc.array(map, { minLength: 1, maxLength: 2 }));
const NAMES = ['s1', 's2', 'f1'] as const;
const condition: fc.Arbitrary<Condition> = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.record({ op: fc.constant('selection' as const), name: fc.constantFrom(...NAMES) }),
    fc.record({ op: fc.constant('of' as const), quantifier: fc.constantFrom('any' as const, 'all' as const), pattern: fc.option(fc.constantFrom('s*', 'f*')) }),
    fc.record({ op: fc.constant('not' as const), of: tie('any') }),
    fc.record({ op: fc.constantFrom('and' as const, 'or' as const), of: fc.array(tie('any'), { minLength: 2, maxLength: 3 }) }),
  ),
})).any;
const detections = fc.record({ s1: selection, s2: selection, f1: selection, condition: condition.map(printCondition) });
const fieldValue = fc.constantFrom<FieldValue>('x', 'y', '/bin/sh', '/BIN/bash', 'Xh', 'a b', '', null, undefined, 5, true).chain((one) => fc.oneof(fc.constant(one), fc.array(fc.constantFrom('x', '/bin/sh'), { maxLength: 2 })));
const events = fc.record({ A: fieldValue, B: fieldValue, C: fieldValue });

it('equals the plain reading of the rule', () => {
  fc.assert(
    fc.property(detections, events, (detection, event) => {
      expect(ask(detection, event).outcome).toBe(plainly(detection, event) ? 'hit' : 'clear');
    }),
    { numRuns: 5000 },
  );
});

it('never decides before it knows enough, and always ends', () => {
  fc.assert(
    fc.property(detections, events, fc.subarray(['A', 'B', 'C']), (detection, event, hidden) => {
      const known: Record<string, FieldValue | typeof NOT_READ> = { ...event };
      for (const field of hidden) known[field] = NOT_READ;
      let outcome = ask(detection, known);
      for (let rounds = 0; outcome.outcome === 'needs'; rounds += 1) {
        expect(rounds).toBeLessThan(4);
        for (const field of outcome.fields) {
          expect(known[field]).toBe(NOT_READ);
          known[field] = event[field as 'A' | 'B' | 'C'];
        }
        outcome = ask(detection, known);
      }
      expect(outcome.outcome).toBe(plainly(detection, event) ? 'hit' : 'clear');
    }),
    { numRuns: 3000 },
  );
});

it('is never asked in vain by the sieve, and never left out by it', () => {
  fc.assert(
    fc.property(fc.array(detections, { minLength: 1, maxLength: 4 }), events, (all, event) => {
      const fields = new FieldTable();
      const rules = all.map((detection) => compiled(detection, fields).rule);
      const subject = new Subject(fields, { read: (field) => event[field as 'A' | 'B' | 'C'] });
      const sieve = new Candidates(fields, ['A', 'B'], rules);
      const list = sieve.of(subject);
      expect(sieve.of(subject)).toEqual(list);
      expect([...list].sort((a, b) => a - b)).toEqual(list);
      // Left out by the values of A and B, so whatever C is.
      const others = [...new Set(['', 'x', '/sh', event.C])].map((C) => new Subject(fields, { read: (field) => ({ ...event, C })[field as 'A' | 'B' | 'C'] }));
      for (const [index, rule] of rules.entries()) if (!list.includes(index)) for (const other of others) expect(evaluate(rule, other).outcome).toBe('clear');
      for (const [index, rule] of rules.entries()) if (!list.includes(index)) expect(evaluate(rule, subject).outcome).toBe('clear');
    }),
    { numRuns: 2000 },
  );
});

function plainly(detection: Detection, event: Event): boolean {
  const holds = (of: Condition): boolean => {
    switch (of.op) {
      case 'selection':
        return matchesBlock(detection[of.name], event);
      case 'not':
        return !holds(of.of);
      case 'and':
        return of.of.every(holds);
      case 'or':
        return of.of.some(holds);
      case 'of': {
        const names = NAMES.filter((name) => of.pattern === null || name.startsWith(of.pattern.replace('*', '')));
        return of.quantifier === 'all' ? names.every((name) => matchesBlock(detection[name], event)) : names.some((name) => matchesBlock(detection[name], event));
      }
    }
  };
  return holds(parseCondition(String(detection['condition'])));
}

function matchesBlock(block: unknown, event: Event): boolean {
  if (Array.isArray(block)) return block.some((one) => matchesBlock(one, event));
  return Object.entries(block as Detection).every(([name, values]) => matchesEntry(name, values as readonly unknown[], event));
}

function matchesEntry(name: string, values: readonly unknown[], event: Event): boolean {
  const [field = '', ...modifiers] = name.split('|');
  const given = event[field] as FieldValue;
  const single = (wanted: unknown): boolean => {
    if (wanted === null) return given === undefined || given === null;
    const texts = given === undefined || given === null ? [] : typeof given === 'object' ? given : [String(given)];
    return texts.some((text) => toRegex(`${wanted as string | number}`, modifiers).test(text));
  };
  const found = modifiers.includes('all') ? values.every(single) : values.some(single);
  return modifiers.includes('neq') ? !found : found;
}

function toRegex(pattern: string, modifiers: readonly string[]): RegExp {
  const body = pattern.replace(/[.+^${}()|[\]\\/]/g, '\\$&').replaceAll('*', '[^]*').replaceAll('?', '[^]');
  const before = modifiers.includes('contains') || modifiers.includes('endswith') ? '[^]*' : '';
  const after = modifiers.includes('contains') || modifiers.includes('startswith') ? '[^]*' : '';
  return new RegExp(`^${before}${body}${after}$`, modifiers.includes('cased') ? '' : 'i');
}
