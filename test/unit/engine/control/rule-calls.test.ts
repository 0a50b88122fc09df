import { describe, expect, it } from 'vitest';
import { ok } from '../../../../shared/result.ts';
import { ControlRig, NO_WARN_RULE, SHELL_RULE, WINDOWS_RULE } from './control-rig.ts';

describe('rules set', () => {
  it.each([SHELL_RULE, SHELL_RULE.toUpperCase(), 'shell', '1'])('knows the rule as %s', async (rule) => {
    const rig = new ControlRig();
    expect(await rig.done('rulesSet', { rule, mode: 'audit' })).toMatchObject({ rule: { id: SHELL_RULE, slug: 'shell', mode: 'audit' } });
    expect(rig.inForce().rules).toMatchObject([{ id: SHELL_RULE, mode: 'audit' }]);
  });

  it('refuses warn where the rule has none, and says what it has', async () => {
    const answer = await new ControlRig().call('rulesSet', { rule: NO_WARN_RULE, mode: 'warn' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'mode-not-offered' } });
    if (!answer.ok) expect(answer.error.message).toMatch(/block or audit/);
  });

  it('lets a rule be set that this system can not enforce; nothing acts for it', async () => {
    const rig = new ControlRig();
    expect(await rig.done('rulesSet', { rule: WINDOWS_RULE, mode: 'block' })).toMatchObject({ rule: { mode: 'block' } });
    expect(rig.inForce().rules.flatMap(({ definitions }) => definitions)).toEqual([]);
  });

  it('says which rules there are when the name fits none', async () => {
    expect(await new ControlRig().call('rulesSet', { rule: 'shel', mode: 'block' })).toMatchObject({ ok: false, error: { code: 'no-such-rule' } });
  });

  it('names the modes that may really be set, notConfigured among them', async () => {
    const rig = new ControlRig();
    const { rules } = await rig.done('rulesList', {});
    for (const { id, allowedModes } of rules) {
      for (const mode of allowedModes) expect(await rig.call('rulesSet', { rule: id, mode }), `${id} ${mode}`).toMatchObject({ ok: true });
    }
    expect(rules.find(({ id }) => id === NO_WARN_RULE)?.allowedModes).not.toContain('warn');
  });
});

describe('presets', () => {
  it('say what they changed, and change nothing the second time', async () => {
    const rig = new ControlRig();
    await rig.done('rulesSet', { rule: SHELL_RULE, mode: 'audit' });
    const first = await rig.done('rulesPreset', { preset: 'standard' });
    expect(first.changed).toContainEqual({ id: SHELL_RULE, from: 'audit', to: 'block' });
    expect(first.changed).toContainEqual({ id: NO_WARN_RULE, from: 'notConfigured', to: 'audit' });
    expect((await rig.done('rulesPreset', { preset: 'standard' })).changed).toEqual([]);
  });

  it('compare with what was in force when their turn came', async () => {
    const rig = new ControlRig();
    rig.publish = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return ok(undefined);
    };
    const [, preset] = await Promise.all([rig.done('rulesSet', { rule: SHELL_RULE, mode: 'warn' }), rig.done('rulesPreset', { preset: 'standard' })]);
    expect(preset.changed).toContainEqual({ id: SHELL_RULE, from: 'warn', to: 'block' });
  });

  it('keep exclusions and modes of rules that the book does not know', async () => {
    const rig = new ControlRig();
    rig.settings = { ...rig.settings, rules: { 'cccccccc-0000-4000-8000-000000000009': 'block' } };
    await rig.done('rulesExclude', { rule: SHELL_RULE, path: '/opt/tool/' });
    await rig.done('rulesPreset', { preset: 'quiet' });
    expect(rig.settings.rules).toMatchObject({ 'cccccccc-0000-4000-8000-000000000009': 'block', [SHELL_RULE]: 'audit' });
    expect(rig.settings.exclusions.perRule[SHELL_RULE]).toEqual(['/opt/tool/']);
  });

  it('that do not exist are refused with the names of those that do', async () => {
    const answer = await new ControlRig().call('rulesPreset', { preset: 'paranoid' });
    expect(answer.ok ? '' : answer.error.message).toMatch(/standard.*quiet/);
  });
});

describe('exclusions', () => {
  it('are in force for their rule or for all when the call returns', async () => {
    const rig = new ControlRig();
    await rig.done('rulesSet', { rule: SHELL_RULE, mode: 'block' });
    await rig.done('rulesExclude', { rule: 'shell', path: '/opt/tool/' });
    await rig.done('rulesExclude', { rule: null, path: '/opt/suite/bin/*' });
    expect(rig.inForce()).toMatchObject({ exclusions: [{ path: '/opt/suite/bin/*' }], rules: [{ id: SHELL_RULE, exclusions: [{ path: '/opt/tool/' }] }] });
    expect(await rig.done('exclusionsList', {})).toEqual({ global: ['/opt/suite/bin/*'], perRule: { [SHELL_RULE]: ['/opt/tool/'] } });
  });

  it('are kept once, and taken back by the same words', async () => {
    const rig = new ControlRig();
    await rig.done('rulesExclude', { rule: null, path: '/opt/tool/' });
    await rig.call('rulesExclude', { rule: null, path: '/opt/tool/' });
    expect(rig.settings.exclusions.global).toEqual(['/opt/tool/']);
    await rig.done('rulesExclude', { rule: null, path: '/opt/tool/', remove: true });
    expect(rig.inForce().exclusions).toEqual([]);
    expect(await rig.call('rulesExclude', { rule: null, path: '/opt/tool/', remove: true })).toMatchObject({ ok: false });
  });

  it.each(['', ' ', '*', '**', '/', '//', '/*', '/**', '/*/**', '*/', 'relative/tool', './tool', '../tool', '/opt/../', '~/tool', '/opt/\0tool'])('%j is refused', async (path) => {
    const rig = new ControlRig();
    expect(await rig.call('rulesExclude', { rule: null, path })).toMatchObject({ ok: false });
    expect(rig.settings.exclusions.global).toEqual([]);
  });
});
