/** Networks, dates, placeholders and words without a field, each against something simpler. */
import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../../electron/engine/rules/compile/compile.ts';
import { datePart } from '../../../../electron/engine/rules/date-part.ts';
import { plainDocument } from '../../../../electron/engine/rules/document.ts';
import { evaluate, type Outcome } from '../../../../electron/engine/rules/evaluate.ts';
import { contains, parseAddress, parseNetwork } from '../../../../electron/engine/rules/ip-address.ts';
import type { SigmaRule } from '../../../../electron/engine/rules/model.ts';
import { fillPlaceholders } from '../../../../electron/engine/rules/parse/fill.ts';
import { parseRule } from '../../../../electron/engine/rules/parse/rule.ts';
import { FieldTable, Subject, type FieldValue } from '../../../../electron/engine/rules/subject.ts';
import { documentsOf, refusal } from './documents.ts';

type Event = Readonly<Record<string, FieldValue>>;

function ruleOf(selection: unknown, condition = 's'): SigmaRule {
  const rule = parseRule(plainDocument('test', { title: 'T', id: 'x', logsource: {}, detection: { s: selection, condition } }));
  if (!rule.ok) throw new Error(rule.error.message);
  return rule.value;
}

/** `words`: whether the source offers all its texts. */
function ask(rule: SigmaRule, event: Event, words = true): Outcome {
  const fields = new FieldTable();
  const all = (): string[] => Object.values(event).flatMap((value) => (value === undefined || value === null ? [] : [String(value)]));
  return evaluate(compileRule({ fields, fieldCost: () => 1 }, rule), new Subject(fields, { read: (field) => event[field], ...(words ? { all } : {}) }));
}

const hits = (selection: unknown, event: Event): boolean => ask(ruleOf(selection), event).outcome === 'hit';

describe('networks', () => {
  it('hold the addresses that Node says they hold', () => {
    const byte = fc.constantFrom(0, 1, 10, 127, 128, 192, 255);
    const v4 = fc.array(byte, { minLength: 4, maxLength: 4 }).map((bytes) => bytes.join('.'));
    const v6 = fc.array(fc.constantFrom('0', '1', 'fe80', 'ffff', 'ab'), { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':'));
    const network = fc.oneof(fc.tuple(v4, fc.integer({ min: 0, max: 32 })), fc.tuple(v6, fc.integer({ min: 0, max: 128 })));
    fc.assert(
      fc.property(network, fc.oneof(v4, v6), ([base, bits], address) => {
        // Node takes an IPv4 address for one of ::/0; a rule that names IPv6 networks does not mean it.
        fc.pre(isIP(base) === isIP(address));
        const list = new BlockList();
        list.addSubnet(base, bits, isIP(base) === 4 ? 'ipv4' : 'ipv6');
        const parsed = parseNetwork(`${base}/${bits}`);
        if (typeof parsed === 'string') throw new Error(parsed);
        expect(contains(parsed, parseAddress(address)!)).toBe(list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6'));
      }),
      { numRuns: 500 },
    );
  });

  it('read addresses where Node does', () => {
    const piece = fc.constantFrom('1', '255', '256', '.', ':', '::', 'ffff', 'g', '0', '00001', '%1', '/');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join('')), (text) => {
        // A zone is fine here; Node wants a link-local address before it.
        if (!text.includes('%')) expect(parseAddress(text) !== null).toBe(isIP(text) !== 0);
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, string, boolean]>([
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::/0', '10.1.2.3', false],
    ['fe80::/10', 'fe80::1%12', true],
    ['192.168.1.7', '192.168.1.7', true],
    ['10.1.2.3/8', '10.9.9.9', true],
    ['10.0.0.0/8', '-', false],
  ])('%s and %s: %s', (network, address, expected) => {
    expect(hits({ 'Ip|cidr': network }, { Ip: address })).toBe(expected);
  });

  it('all means every network, and a word in any field can be asked for too', () => {
    expect(hits({ 'Ip|cidr|all': ['10.0.0.0/8', '10.1.0.0/16'] }, { Ip: '10.1.0.1' })).toBe(true);
    expect(hits({ 'Ip|cidr|all': ['10.0.0.0/8', '10.1.0.0/16'] }, { Ip: '10.2.0.1' })).toBe(false);
    expect(hits({ '|cidr': '10.0.0.0/8' }, { A: 'x', B: '10.2.0.1' })).toBe(true);
  });

  it.each(['10.0.0.0/33', 'host', '10.0.0/8', '::/129', 'fe80::1%eth0/64'])('refuse %s', (text) => {
    expect(typeof parseNetwork(text)).toBe('string');
  });
});

describe('parts of a date', () => {
  it('are those of the calendar, whatever the form', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1990-01-01'), max: new Date('2060-01-01'), noInvalidDate: true }), fc.constantFrom('T', ' '), fc.constantFrom('', 'Z', '+02:00'), (date, between, zone) => {
        const text = date.toISOString().replace('T', between).replace('Z', zone);
        expect([datePart(text, 'year'), datePart(text, 'month'), datePart(text, 'day'), datePart(text, 'hour'), datePart(text, 'minute')]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes()]);
      }),
    );
  });

  it.each([
    ['2021-01-03', 53],
    ['2021-01-04', 1],
    ['2024-12-30', 1],
    ['2026-11-25 22:00', 48],
  ])('%s lies in week %s', (text, week) => {
    expect(datePart(text, 'week')).toBe(week);
  });

  it.each(['yesterday', '2024-02-30', '2024-13-01', '2024-01-01 25:00', ''])('%s is no date', (text) => {
    expect(datePart(text, 'day')).toBeNull();
  });

  it('are compared in rules, alone and with a comparison', () => {
    expect(hits({ 'UtcTime|hour': [3, 4] }, { UtcTime: '2024-05-01 03:15:00.123' })).toBe(true);
    expect(hits({ 'UtcTime|hour|gte': 22 }, { UtcTime: '2024-05-01 21:59:00.123' })).toBe(false);
    expect(hits({ 'UtcTime|hour|neq': 3 }, { UtcTime: '2024-05-01 03:15:00' })).toBe(false);
    expect(hits({ 'Day|minute': 0 }, { Day: '2024-05-01' })).toBe(false);
  });
});

describe('words without a field', () => {
  it.each<[string, unknown, Event, boolean]>([
    ['stand anywhere in any value, in any case', ['EVIL', 'bad'], { A: 'x', B: 'an evil thing' }, true],
    ['are not field names', ['evil'], { evil: 'x' }, false],
    ['may be a single one', 'evil', { A: 'evil' }, true],
    ['may have wildcards', ['e?il*g'], { A: 'an evil thing' }, true],
    ['of "all" may stand in different values', { '|all': ['one', 'two'] }, { A: 'one', B: 'two' }, true],
    ['of "all" must all stand somewhere', { '|all': ['one', 'two'] }, { A: 'one' }, false],
    ['may be anchored', { '|startswith': 'evil' }, { A: 'an evil' }, false],
    ['may be expressions', { '|re': '^an? e' }, { A: 'an evil' }, true],
    ['may mind case', { '|contains|cased': 'Evil' }, { A: 'evil' }, false],
    ['may be encoded', { '|base64offset': 'evil' }, { A: Buffer.from('an evil thing').toString('base64') }, true],
    ['stand beside maps in a list', ['nothing', { A: 'x', B: 'y' }], { A: 'x', B: 'y' }, true],
    ['stand beside maps in a list, the word', ['word', { A: 'x' }], { B: 'a word' }, true],
    ['stand beside fields in a map', { A: 'x', '|all': ['y'] }, { A: 'x', B: 'z' }, false],
    ['may be numbers', [4625], { EventID: 4625 }, true],
    ['may be denied', { '|contains|neq': 'evil' }, { A: 'evil' }, false],
  ])('%s', (_, selection, event, expected) => {
    expect(hits(selection, event)).toBe(expected);
  });

  it('are never found where the source does not offer its texts', () => {
    expect(ask(ruleOf(['evil']), { A: 'evil' }, false)).toEqual({ outcome: 'clear' });
  });

  it('say which value they were found in', () => {
    expect(ask(ruleOf(['evil', 'bad']), { A: 'fine', B: 'so evil' })).toEqual({ outcome: 'hit', matched: [{ field: 'any field', value: 'so evil', pattern: '*evil*' }] });
  });
});

describe('placeholders', () => {
  const rule = ruleOf({ 'User|expand': ['%admins%', 'x\\%y'], 'Host|contains|expand': 'srv-%site%-%kind%' });

  it('keep a rule from matching until their lists are there', () => {
    expect(rule.placeholders).toEqual(['admins', 'site', 'kind']);
    expect(ask(rule, { User: '%admins%', Host: 'srv-%site%-%kind%' })).toEqual({ outcome: 'clear' });
    expect(ask(ruleOf({ 'A|expand': '%x%' }, 'not s'), {})).toEqual({ outcome: 'clear' });
  });

  it('may have spaces in their names, and are no two per cent signs apart', () => {
    expect(ruleOf({ 'A|expand': '%My Servers%' }).placeholders).toEqual(['My Servers']);
    expect(ruleOf({ 'A|expand': '50% or 60% of it' }).placeholders).toEqual([]);
  });

  it('are filled with every combination', () => {
    const filled = fillPlaceholders(rule, new Map([['admins', ['root', 'adm*']], ['site', ['a', 'b']], ['kind', ['web']]]));
    if (!filled.ok) throw new Error(filled.error.message);
    expect(filled.value.placeholders).toEqual([]);
    const asks = (User: string, Host: string): string => ask(filled.value, { User, Host }).outcome;
    expect([asks('root', 'srv-b-web1'), asks('admin', 'srv-a-web'), asks('x%y', 'srv-a-web')]).toEqual(['hit', 'hit', 'hit']);
    expect([asks('eve', 'srv-a-web'), asks('root', 'srv-c-web')]).toEqual(['clear', 'clear']);
  });

  it('match nothing when their list is empty, and stay when it is not there', () => {
    const some = fillPlaceholders(rule, new Map([['admins', []]]));
    expect(some).toMatchObject({ ok: true, value: { placeholders: ['site', 'kind'] } });
    const empty = fillPlaceholders(ruleOf({ 'A|expand|neq': '%x%' }), new Map([['x', []]]));
    expect(empty.ok && ask(empty.value, { A: 'y' }).outcome).toBe('hit');
  });

  it('are refused when an entry does not fit or there are too many', () => {
    expect(fillPlaceholders(ruleOf({ 'Ip|cidr|expand': '%nets%' }), new Map([['nets', ['no network']]]))).toMatchObject({ ok: false, error: { code: 'bad-placeholder-list' } });
    const many = Array.from({ length: 200 }, (_, at) => String(at));
    expect(fillPlaceholders(ruleOf({ 'A|expand': '%x%%x%' }), new Map([['x', many]]))).toMatchObject({ ok: false });
  });

  it('without the modifier are plain text', () => {
    expect(hits({ A: '%temp%' }, { A: '%TEMP%' })).toBe(true);
  });
});

it('windash takes each of the five dashes for the others, where an option begins', () => {
  for (const dash of ['-', '/', '\u2013', '\u2014', '\u2015']) {
    expect(hits({ 'C|contains|windash': ' -enc' }, { C: `p ${dash}enc x` })).toBe(true);
    expect(hits({ 'C|contains|windash|all': ['/a', '-b'] }, { C: `p ${dash}a ${dash}b` })).toBe(true);
  }
  expect(hits({ 'C|contains|windash': ' \u2013enc' }, { C: 'p -enc x' })).toBe(true);
  expect(hits({ 'C|contains|windash': 'a-b' }, { C: 'a/b' })).toBe(false);
});

it('windash before an encoding means each spelling encoded, as far as they can be written out', () => {
  const encoded = (text: string): string => Buffer.from(text).toString('base64');
  for (const dash of ['-', '/', '\u2014']) {
    expect(hits({ 'C|windash|base64offset|contains': ' -enc ' }, { C: encoded(`p ${dash}enc x`) })).toBe(true);
    expect(hits({ 'C|windash|base64': ' -enc ' }, { C: encoded(` ${dash}enc `) })).toBe(true);
  }
  expect(hits({ 'C|windash|base64offset|contains': ' -enc ' }, { C: encoded('p +enc x') })).toBe(false);
  expect(refusal("title: T\nlogsource: {}\ndetection: {s: {'C|windash|base64': '-a -b -c'}, condition: s}")).toContain('25 spellings');
});

it('an expression may look like a number', () => {
  expect(hits({ 'A|re': 46 }, { A: '1468' })).toBe(true);
});

it('a selection whose name begins with an underscore is meant by its own name, or by a pattern that begins so', () => {
  const rule = (condition: string): SigmaRule => {
    const [document] = documentsOf(`title: T\nlogsource: {}\ndetection: {sel: {A: x}, _unused: {B: y}, condition: ${condition}}`);
    if (document?.kind !== 'rule') throw new Error('no rule');
    return document.rule;
  };
  expect(['all of *', '1 of *', 'all of them', '1 of _*', 'sel and _unused'].map((condition) => ask(rule(condition), { A: 'x' }).outcome)).toEqual(['hit', 'hit', 'hit', 'clear', 'clear']);
  expect(['1 of *', '1 of _*'].map((condition) => ask(rule(condition), { B: 'y' }).outcome)).toEqual(['clear', 'hit']);
});

it('fieldref goes with anchors, all, neq and cased', () => {
  expect(hits({ 'A|fieldref|startswith': 'B' }, { A: 'abc', B: 'AB' })).toBe(true);
  expect(hits({ 'A|fieldref|cased': 'B' }, { A: 'ab', B: 'AB' })).toBe(false);
  expect(hits({ 'A|fieldref|neq': 'B' }, { A: 'x', B: 'y' })).toBe(true);
  expect(hits({ 'A|fieldref|contains|all': ['B', 'C'] }, { A: 'xyz', B: 'x', C: 'q' })).toBe(false);
});

it('base64offset with all asks for one form of each value', () => {
  const text = Buffer.from('xx http:// and then .exe').toString('base64');
  expect(hits({ 'C|base64offset|contains|all': ['http://', 'then'] }, { C: text })).toBe(true);
  expect(hits({ 'C|base64offset|contains|all': ['http://', 'never'] }, { C: text })).toBe(false);
  expect(hits({ 'C|wide|base64offset|contains': 'IEX' }, { C: Buffer.from('a IEX b', 'utf16le').toString('base64') })).toBe(true);
});

it.each<[string, FieldValue, boolean]>([
  ['0x10', '0x10', true],
  ['0x10', '16', false],
  ['007', '007', true],
  ['1.0', '1.0', true],
  ['42', 42, true],
  ['true', true, true],
])('a number is compared as it is written in the rule: %s and %s: %s', (written, value, expected) => {
  const [document] = documentsOf(`title: T\nlogsource: {}\ndetection: {s: {A: ${written}}, condition: s}`);
  expect(document?.kind === 'rule' && ask(document.rule, { A: value }).outcome).toBe(expected ? 'hit' : 'clear');
});

describe('modifiers that do not go together are refused', () => {
  it.each([
    ['A|contains|base64', 'stand behind it'],
    ['A|base64offset|base64', 'is the last encoding'],
    ['A|wide|utf16', 'only one of wide'],
    ['A|base64|windash', 'windash stands before the encoding'],
    ['A|re|base64', 'go with text values only'],
    ['A|cidr|contains', 'do not go with re, cidr'],
    ['A|hour|minute', 'only one part of a date'],
    ['A|hour|cidr', 'exclude each other'],
    ['A|exists|expand', 'nothing to expand'],
    ['|exists', 'answered with true or false'],
    ['|gte', 'compares with a number'],
    ['|fieldref', 'need a field'],
  ])('%s', (key, reason) => {
    expect(refusal(`title: T\nlogsource: {}\ndetection: {s: {'${key}': x}, condition: s}`)).toContain(reason);
  });
});
