import { describe, expect, it } from 'vitest';
import type { CallInput } from '../../../../shared/control/calls.ts';
import { ControlRig, entry, process, SHELL_RULE } from './control-rig.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const add = (input: Partial<CallInput<'allowAdd'>> = {}): CallInput<'allowAdd'> => ({ historyId: 'entry-1', for: '15m', reason: 'it is ours', ...input });

describe('allow add', () => {
  it('names what history shows and nothing wider', async () => {
    const rig = new ControlRig();
    const { allow } = await rig.done('allowAdd', add());
    expect(allow).toMatchObject({
      ruleId: SHELL_RULE,
      image: '/home/ann/secret-plan/tool',
      content: 'build:abcdef',
      commandLine: 'tool --password hunter2',
      // `env` carries programs; the decision compares with what stands above it.
      parentImage: '/usr/bin/bash',
      reason: 'it is ours',
      approver: 'root',
    });
    expect(rig.inForce().allows).toMatchObject([{ id: allow.id, image: '/home/ann/secret-plan/tool' }]);
  });

  it.each([
    ['15m', 15 * MINUTE_MS, 'time'],
    ['24h', 24 * HOUR_MS, 'time'],
  ] as const)('%s ends after that time', async (duration, lasts, ends) => {
    const rig = new ControlRig();
    const { allow } = await rig.done('allowAdd', add({ for: duration }));
    expect(allow).toMatchObject({ ends, expiresAtMs: rig.wallNowMs + lasts });
    rig.pass(lasts - 1);
    expect((await rig.done('allowList', {})).allows).toMatchObject([{ expired: false }]);
    rig.pass(1);
    expect((await rig.done('allowList', {})).allows).toMatchObject([{ expired: true }]);
    await rig.keeper.refresh();
    expect(rig.inForce().allows).toEqual([]);
  });

  it('gains nothing from a clock that is set back', async () => {
    const rig = new ControlRig();
    await rig.done('allowAdd', add());
    rig.effectiveNowMs += 15 * MINUTE_MS;
    rig.wallNowMs -= 24 * HOUR_MS;
    expect((await rig.done('allowList', {})).allows).toMatchObject([{ expired: true }]);
    await rig.keeper.refresh();
    expect(rig.inForce().allows).toEqual([]);
  });

  it('shows and publishes ends by the wall clock, also when that was set back before', async () => {
    const rig = new ControlRig();
    rig.wallNowMs -= 48 * HOUR_MS;
    const { allow } = await rig.done('allowAdd', add({ for: '24h' }));
    expect(allow.expiresAtMs).toBe(rig.wallNowMs + 24 * HOUR_MS);
    expect(rig.inForce().allows).toMatchObject([{ expiresAtMs: rig.wallNowMs + 24 * HOUR_MS }]);
    expect((await rig.done('allowList', {})).allows).toMatchObject([{ expiresAtMs: rig.wallNowMs + 24 * HOUR_MS, expired: false }]);
  });

  it('boot holds for this boot', async () => {
    const rig = new ControlRig();
    expect((await rig.done('allowAdd', add({ for: 'boot' }))).allow).toMatchObject({ ends: 'boot', bootId: 'boot-a' });
  });

  it('boot is refused where boots can not be told apart', async () => {
    const rig = new ControlRig();
    rig.bootId = null;
    expect(await rig.call('allowAdd', add({ for: 'boot' }))).toMatchObject({ ok: false });
  });

  it('until takes a time that is to come, by the wall clock', async () => {
    const rig = new ControlRig();
    rig.effectiveNowMs += HOUR_MS;
    const untilMs = rig.wallNowMs + 2 * HOUR_MS;
    expect((await rig.done('allowAdd', add({ for: 'until', untilMs }))).allow).toMatchObject({ ends: 'time', expiresAtMs: untilMs });
    rig.pass(2 * HOUR_MS);
    expect((await rig.done('allowList', {})).allows).toMatchObject([{ expired: true }]);
    for (const bad of [undefined, 0, rig.wallNowMs, -1, 1e300, Number.MAX_SAFE_INTEGER]) {
      expect(await rig.call('allowAdd', add({ for: 'until', ...(bad === undefined ? {} : { untilMs: bad }) })), String(bad)).toMatchObject({ ok: false });
    }
  });

  it('permanent needs the second step', async () => {
    const rig = new ControlRig();
    expect(await rig.call('allowAdd', add({ for: 'permanent' }))).toMatchObject({ ok: false });
    expect(rig.settings.allows).toEqual([]);
    expect((await rig.done('allowAdd', add({ for: 'permanent', confirmPermanent: true }))).allow).toMatchObject({ ends: 'never', expiresAtMs: null });
  });

  it('of an entry that is not there is refused', async () => {
    expect(await new ControlRig().call('allowAdd', add({ historyId: 'entry-9' }))).toMatchObject({ ok: false, error: { code: 'no-such-entry' } });
  });

  it('of what no rule decided is refused', async () => {
    const rig = new ControlRig();
    rig.entries.push(entry({ id: 'own', rule: { id: 'holdfast-unjudged-start', name: 'x', source: 'holdfast', mode: null, attack: [] } }));
    expect(await rig.call('allowAdd', add({ historyId: 'own' }))).toMatchObject({ ok: false });
  });

  it.each(['', '(the arguments could not be read)'])('with arguments %j never becomes one for any arguments', async (commandLine) => {
    const rig = new ControlRig();
    rig.entries.push(entry({ id: 'blind', process: process({ commandLine }) }));
    expect(await rig.call('allowAdd', add({ historyId: 'blind' }))).toMatchObject({ ok: false });
    expect(rig.settings.allows).toEqual([]);
  });
});

describe('allow revoke', () => {
  it('is in force when it returns', async () => {
    const rig = new ControlRig();
    const { allow } = await rig.done('allowAdd', add());
    await rig.done('allowRevoke', { id: allow.id });
    expect(rig.inForce().allows).toEqual([]);
    expect((await rig.done('allowList', {})).allows).toEqual([]);
    expect(await rig.call('allowRevoke', { id: allow.id })).toMatchObject({ ok: false, error: { code: 'no-such-allow' } });
  });
});
