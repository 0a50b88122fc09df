import { describe, expect, it } from 'vitest';
import { maskEntry } from '../../../../electron/engine/control/masking.ts';
import { ANN, BOB, ControlRig, entry, process, ROOT } from './control-rig.ts';

const SECRETS = ['hunter2', 'secret-plan', 'root-secret', '/root/hidden'];
const leaked = (value: unknown): string[] => SECRETS.filter((secret) => JSON.stringify(value).includes(secret));

const underRoot = entry({
  ancestors: [process({ pid: 7, user: 'root', image: '/root/hidden/runner', commandLine: 'runner --token root-secret' })],
  matched: [
    { field: 'CommandLine', value: 'tool --password hunter2', pattern: 'contains tool' },
    { field: 'ParentImage', value: '/root/hidden/runner', pattern: 'ends with /runner' },
    { field: 'ParentCommandLine', value: 'runner --token root-secret', pattern: 'contains runner' },
    { field: 'AncestorImages', value: '/root/hidden/runner', pattern: 'ends with /runner' },
  ],
});

describe('history for an account without rights', () => {
  it('shows its own entries whole', () => {
    expect(maskEntry(entry(), 'ann')).toEqual(entry());
  });

  it('shows of others what happened, and nothing they typed or named', () => {
    const masked = maskEntry(entry(), 'bob');
    expect(leaked(masked)).toEqual([]);
    expect(masked).toMatchObject({ id: 'entry-1', action: 'prevented', rule: { name: 'Rule 1' }, process: { pid: 4242, user: 'ann' }, count: 1 });
  });

  it('hides a foreign parent of an own program, also where the rule matched it', () => {
    const masked = maskEntry(underRoot, 'ann');
    expect(leaked(masked)).toEqual(['hunter2', 'secret-plan']);
    expect(masked.matched.map(({ field }) => field)).toEqual(underRoot.matched.map(({ field }) => field));
    expect(masked.matched[0]).toEqual(underRoot.matched[0]);
  });

  it('hides notes of others: they quote command lines', () => {
    expect(leaked(maskEntry(entry({ notes: ['what the kernel runs differs (tool --password hunter2)'] }), 'bob'))).toEqual([]);
  });

  it('hides what others had started below, also below an own program', () => {
    const below = [{ ...process({ pid: 9, user: 'root', image: '/root/hidden/helper', commandLine: 'helper root-secret' }), parentPid: 4242, outcome: 'stopped' as const }];
    expect(leaked(maskEntry(entry({ below }), 'bob'))).toEqual([]);
    expect(leaked(maskEntry(entry({ below }), 'ann'))).toEqual(['hunter2', 'secret-plan']);
  });

  it('takes an unknown user for another one', () => {
    expect(leaked(maskEntry(entry({ process: process({ user: '(unknown)' }) }), 'ann'))).toEqual([]);
  });
});

describe('the calls', () => {
  it('mask for strangers, not for those with rights', async () => {
    const rig = new ControlRig();
    rig.entries.push({ ...underRoot, id: 'entry-2' });
    expect(leaked(await rig.done('history', {}, BOB))).toEqual([]);
    expect((await rig.done('history', { id: 'entry-1' }, ANN)).entries).toEqual([entry()]);
    expect((await rig.done('history', {}, ROOT)).entries).toEqual(rig.entries);
  });

  it('tell exclusions only to those who may change them', async () => {
    const rig = new ControlRig();
    await rig.done('rulesExclude', { rule: 'shell', path: '/opt/secret-plan/' });
    await rig.done('rulesExclude', { rule: null, path: '/opt/hunter2/' });
    expect(leaked(await rig.done('rulesList', {}, ANN))).toEqual([]);
    expect((await rig.done('rulesList', {}, ROOT)).rules[0]?.exclusions).toEqual(['/opt/secret-plan/']);
  });
});
