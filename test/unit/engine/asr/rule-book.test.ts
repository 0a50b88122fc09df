import { describe, expect, it } from 'vitest';
import { checkMode, findRule, guardedPatterns, loadRuleBook, parseMode, snapshotRule, type RuleBookFile } from '../../../../electron/engine/asr/rule-book.ts';
import { ruleFiles, shippedBook } from './rule-files.ts';

const files = ruleFiles();
const book = shippedBook();

/** The shipped files with one of them changed. */
function changed(name: string, change: (text: string) => string): RuleBookFile[] {
  return files.map((file) => (file.path.endsWith(name) ? { ...file, text: change(file.text) } : file));
}

function reason(of: readonly RuleBookFile[]): string {
  const result = loadRuleBook(of);
  if (result.ok) throw new Error('was accepted');
  expect(result.error.code).toBe('bad-rule-file');
  return result.error.message;
}

describe('a bad book is refused as a whole, with file, line, column and reason', () => {
  const office = 'asr/office-children.yml';
  it.each<[string, RuleBookFile[], RegExp]>([
    ['typing error in a key', changed(office, (text) => text.replace('number: 5', 'nubmer: 5')), /office-children\.yml:\d+:\d+: .*(number|nubmer)/],
    ['broken YAML', changed(office, (text) => text.replace('modes: [block', 'modes: [[block')), /office-children\.yml:\d+:\d+: /],
    ['unknown modifier', changed(office, (text) => text.replace('ParentImage|endswith: &parents', 'ParentImage|endwith: &parents')), /office-children\.yml:\d+:13: the modifier "endwith" is not known here/],
    ['unknown field', changed(office, (text) => text.replaceAll('ScriptPath|startswith', 'ScriptFile|startswith')), /office-children\.yml:\d+:\d+: the field "ScriptFile" is not delivered/],
    ['bad technique id', changed(office, (text) => text.replace('T1566.001', 'T15')), /office-children\.yml:\d+:\d+: attack\.0: is a technique id/],
    ['wrong product', changed(office, (text) => text.replace('product: linux', 'product: macos')), /the product is linux/],
    ['other category', changed(office, (text) => text.replace('category: process_creation', 'category: dns_query')), /category is one of/],
    ['id in capitals', changed(office, (text) => text.replace('id: d4f940ab', 'id: D4F940AB')), /written in lower case/],
    ['two documents', changed(office, (text) => `${text}---\na: 1\n`), /exactly one document/],
    ['recorded event that nobody writes', changed(office, (text) => text.replace('service: windefend', 'service: sysmon9')), /the product is windows with one of process_creation/],
    ['recorded definition for another system', changed(office, (text) => text.replace('{product: windows, service: windefend}', '{product: linux, service: windefend}')), /the product is windows/],
    ['recorded event with both a category and a service', changed(office, (text) => text.replace('{product: windows, service: windefend}', '{product: windows, category: process_creation, service: sysmon}')), /the product is windows/],
    ['unknown field of a recorded event', changed(office, (text) => text.replace('EventID: [1121, 1122]', 'EventNumber: [1121, 1122]')), /office-children\.yml:\d+:\d+: the field "EventNumber" is not written for windefend/],
    ['guarded files without a definition', changed(office, (text) => text.replace('    definitions:', '    guardedFiles: [/etc/x]\n    definitions:')), /belong together/],
    ['a rule twice', [...files, { path: 'x/again.yml', text: files.find((file) => file.path.endsWith(office))?.text ?? '' }], /already used by/],
    ['no rules', files.filter((file) => file.path.endsWith('presets.yml')), /no rule file was found/],
    ['preset without a rule', changed('presets.yml', (text) => text.replace('        office-children: block\n', '')), /presets\.yml:\d+:\d+: the rule "office-children" has no mode here/],
    ['preset with an unknown rule', changed('presets.yml', (text) => text.replace('        office-children: block\n', '        office-children: block\n        offise: block\n')), /presets\.yml:\d+:\d+: there is no rule "offise"/],
    ['preset with a mode the rule lacks', changed('presets.yml', (text) => text.replace('credential-stores: audit', 'credential-stores: warn')), /can not be set to warn/],
    ['preset that promises too much', changed('presets.yml', (text) => text.replace("wmi-persistence: 'off'", 'wmi-persistence: block')), /a preset must not promise it/],
  ])('%s', (_, of, expected) => {
    expect(reason(of)).toMatch(expected);
  });
});

it('finds a rule by GUID in any case, short name and number', () => {
  const office = findRule(book, 'office-children');
  expect(office?.number).toBe(5);
  expect(findRule(book, 'D4F940AB-401B-4EFC-AADC-AD5F3C50688A')).toBe(office);
  expect(findRule(book, ' 5 ')).toBe(office);
  expect(findRule(book, 'nothing')).toBeNull();
});

it('refuses a mode that a rule does not have, in words', () => {
  const reading = findRule(book, '2');
  if (reading === null) throw new Error('no rule 2');
  expect(checkMode(reading, 'warn')).toMatchObject({ ok: false, error: { message: expect.stringContaining('off, block or audit') as string } });
  expect(checkMode(reading, 'off').ok).toBe(true);
});

it('reads modes by name and by number', () => {
  expect(['1', 'Block', '5', '6', 'notconfigured', '3', ''].map(parseMode)).toEqual(['block', 'block', 'notConfigured', 'warn', 'notConfigured', null, null]);
});

it('gives a snapshot nothing to act on where the system can not', () => {
  const wmi = findRule(book, 'wmi-persistence');
  if (wmi === null) throw new Error('no such rule');
  expect(snapshotRule(wmi, 'windows', 'block', []).definitions).toEqual([]);
  expect(guardedPatterns([wmi], 'windows')).toEqual([]);
});
