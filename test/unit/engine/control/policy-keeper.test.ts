import { describe, expect, it } from 'vitest';
import { fail, ok, type Result } from '../../../../shared/result.ts';
import { ControlRig, NO_WARN_RULE, SHELL_RULE } from './control-rig.ts';

function held(): { readonly promise: Promise<Result<void>>; release(outcome: Result<void>): void } {
  let release: (outcome: Result<void>) => void = () => undefined;
  const promise = new Promise<Result<void>>((resolve) => {
    release = resolve;
  });
  return { promise, release: (outcome) => release(outcome) };
}

async function turns(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const modesInForce = (rig: ControlRig): Record<string, string> => Object.fromEntries(rig.inForce().rules.map(({ id, mode }) => [id, mode]));

describe('a change', () => {
  it('is answered only when the sentinel has it', async () => {
    const rig = new ControlRig();
    const gate = held();
    rig.publish = () => gate.promise;
    let answered = false;
    const change = rig.call('rulesSet', { rule: SHELL_RULE, mode: 'block' }).then((answer) => {
      answered = true;
      return answer;
    });
    await turns();
    expect(answered).toBe(false);
    expect(rig.settings.rules[SHELL_RULE]).toBe('block');
    gate.release(ok(undefined));
    expect(await change).toMatchObject({ ok: true, value: { generation: 1, rule: { mode: 'block' } } });
    expect(modesInForce(rig)).toMatchObject({ [SHELL_RULE]: 'block' });
  });

  it('that the sentinel does not take is as if it had not been made', async () => {
    const rig = new ControlRig();
    await rig.done('rulesSet', { rule: SHELL_RULE, mode: 'audit' });
    rig.publish = () => Promise.resolve(fail('sentinel-silent', 'The sentinel did not answer.'));
    expect(await rig.call('rulesSet', { rule: SHELL_RULE, mode: 'block' })).toMatchObject({ ok: false, error: { code: 'sentinel-silent' } });
    expect(rig.settings.rules[SHELL_RULE]).toBe('audit');
    rig.publish = () => Promise.resolve(ok(undefined));
    const { generation } = await rig.done('rulesSet', { rule: NO_WARN_RULE, mode: 'audit' });
    // Generation 2 may have been seen by the sentinel, so it names nothing else any more.
    expect(generation).toBe(3);
    expect(modesInForce(rig)).toEqual({ [SHELL_RULE]: 'audit', [NO_WARN_RULE]: 'audit' });
  });

  it('that can not be taken back on disk either says so: a restart would bring it', async () => {
    const rig = new ControlRig();
    rig.publish = () => {
      rig.failSave = 'The disk is full.';
      return Promise.resolve(fail('sentinel-silent', 'The sentinel did not answer.'));
    };
    const answer = await rig.call('rulesSet', { rule: SHELL_RULE, mode: 'block' });
    expect(answer.ok ? '' : answer.error.message).toMatch(/did not answer\. .*taken back.*The disk is full/);
  });

  it('that the disk does not take never reaches the sentinel', async () => {
    const rig = new ControlRig();
    rig.failSave = 'The disk is full.';
    expect(await rig.call('rulesSet', { rule: SHELL_RULE, mode: 'block' })).toMatchObject({ ok: false, error: { code: 'disk-full' } });
    expect(rig.published).toEqual([]);
    expect(rig.settings.rules).toEqual({});
  });

  it('that is refused by its own check is neither saved nor published', async () => {
    const rig = new ControlRig();
    expect(await rig.call('rulesSet', { rule: NO_WARN_RULE, mode: 'warn' })).toMatchObject({ ok: false, error: { code: 'mode-not-offered' } });
    expect([rig.saves, rig.published.length]).toEqual([0, 0]);
  });

  it('waits for the one before it, and none is lost', async () => {
    const rig = new ControlRig();
    rig.publish = async () => {
      await turns();
      return ok(undefined);
    };
    const paths = Array.from({ length: 20 }, (_, index) => `/opt/tool-${index}/`);
    const answers = await Promise.all(paths.map((path) => rig.done('rulesExclude', { rule: SHELL_RULE, path })));
    expect(rig.mostInFlight).toBe(1);
    expect(answers.map(({ generation }) => generation)).toEqual(paths.map((_, index) => index + 1));
    expect(rig.settings.exclusions.perRule[SHELL_RULE]).toEqual(paths);
    expect(rig.published.map(({ generation }) => generation)).toEqual(paths.map((_, index) => index + 1));
  });

  it('after one that broke goes its way', async () => {
    const rig = new ControlRig();
    rig.publish = () => Promise.reject(new Error('a defect'));
    await expect(rig.call('rulesSet', { rule: SHELL_RULE, mode: 'block' })).rejects.toThrow('a defect');
    rig.publish = () => Promise.resolve(ok(undefined));
    expect(await rig.call('rulesSet', { rule: NO_WARN_RULE, mode: 'block' })).toMatchObject({ ok: true });
    expect(modesInForce(rig)).toEqual({ [NO_WARN_RULE]: 'block' });
  });
});

describe('refresh', () => {
  it('publishes the same settings under a new number', async () => {
    const rig = new ControlRig();
    await rig.done('rulesSet', { rule: SHELL_RULE, mode: 'block' });
    expect(await rig.keeper.refresh()).toEqual(ok(2));
    expect(rig.inForce()).toMatchObject({ generation: 2 });
    expect(modesInForce(rig)).toEqual({ [SHELL_RULE]: 'block' });
    expect(rig.saves).toBe(1);
  });

  it('drops a pause that is over', async () => {
    const rig = new ControlRig();
    await rig.done('pause', { minutes: 5, reason: 'installing' });
    expect(rig.inForce().pausedUntilMs).toBe(rig.wallNowMs + 5 * 60_000);
    rig.pass(5 * 60_000);
    await rig.keeper.refresh();
    expect(rig.inForce().pausedUntilMs).toBeNull();
  });
});
