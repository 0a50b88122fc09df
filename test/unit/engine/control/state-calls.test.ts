import { describe, expect, it } from 'vitest';
import { fail } from '../../../../shared/result.ts';
import { runningPause } from '../../../../electron/engine/settings/build-snapshot.ts';
import { ANN, BOB, ControlRig, ROOT } from './control-rig.ts';

const MINUTE_MS = 60_000;

describe('pause', () => {
  it('lets rules only record until its end, and names who and why', async () => {
    const rig = new ControlRig();
    const { until } = await rig.done('pause', { minutes: 15, reason: 'installing a printer' });
    expect(Date.parse(until ?? '')).toBe(rig.wallNowMs + 15 * MINUTE_MS);
    expect(rig.inForce().pausedUntilMs).toBe(rig.wallNowMs + 15 * MINUTE_MS);
    expect(rig.settings.pause).toMatchObject({ who: 'root', reason: 'installing a printer' });
  });

  it('is told by the wall clock and counted by the other one', async () => {
    const rig = new ControlRig();
    rig.wallNowMs -= 3_600_000;
    const { until } = await rig.done('pause', { minutes: 15, reason: 'x' });
    expect(Date.parse(until ?? '')).toBe(rig.wallNowMs + 15 * MINUTE_MS);
    rig.effectiveNowMs += 15 * MINUTE_MS;
    await rig.keeper.refresh();
    expect(rig.inForce().pausedUntilMs).toBeNull();
  });

  it('does not begin when the sentinel does not take it', async () => {
    const rig = new ControlRig();
    rig.publish = () => Promise.resolve(fail('sentinel-silent', 'The sentinel did not answer.'));
    expect(await rig.call('pause', { minutes: 15, reason: 'x' })).toMatchObject({ ok: false });
    expect(rig.settings.pause).toBeNull();
  });

  it('ends with resume; resuming twice is no failure', async () => {
    const rig = new ControlRig();
    await rig.done('pause', { minutes: 15, reason: 'x' });
    await rig.done('resume', {});
    expect(rig.inForce().pausedUntilMs).toBeNull();
    await rig.done('resume', {});
  });
});

describe('the record of pauses', () => {
  it('has who began and who ended one, and nothing that did not happen', async () => {
    const rig = new ControlRig();
    await rig.done('resume', {});
    await rig.done('pause', { minutes: 15, reason: 'a printer' });
    await rig.done('pause', { minutes: 30, reason: 'a second printer' });
    await rig.done('resume', {});
    await rig.done('resume', {});
    expect(rig.pauses).toEqual([
      { event: 'begun', who: 'root', reason: 'a printer' },
      { event: 'begun', who: 'root', reason: 'a second printer' },
      { event: 'ended', who: 'root', reason: 'a second printer' },
    ]);
  });

  it('has no pause that was refused or did not come in force', async () => {
    const rig = new ControlRig();
    await rig.call('pause', { minutes: 15, reason: 'x' }, ANN);
    rig.publish = () => Promise.resolve(fail('sentinel-silent', 'The sentinel did not answer.'));
    await rig.call('pause', { minutes: 15, reason: 'x' });
    expect(rig.pauses).toEqual([]);
  });

  it('leaves one that expired to the engine: nobody ended it', async () => {
    const rig = new ControlRig();
    await rig.done('pause', { minutes: 15, reason: 'x' });
    rig.pass(16 * MINUTE_MS);
    await rig.done('resume', {});
    expect(rig.pauses.map(({ event }) => event)).toEqual(['begun']);
    expect(rig.settings.pause).not.toBeNull();
  });
});

describe('a pause until restart', () => {
  it('ends with the boot, whatever the clock says', async () => {
    const rig = new ControlRig();
    expect(await rig.done('pause', { untilRestart: true, reason: 'a long build' })).toEqual({ until: null });
    rig.pass(30 * 24 * 60 * MINUTE_MS);
    await rig.keeper.refresh();
    expect(rig.inForce().pausedUntilMs).not.toBeNull();
    const next = new ControlRig();
    next.bootId = 'boot-b';
    next.settings = rig.settings;
    expect(runningPause(next.settings, next.times(), next.bootId)).toBeNull();
  });

  it('is either that or some minutes', async () => {
    const rig = new ControlRig();
    expect(await rig.call('pause', { minutes: 5, untilRestart: true, reason: 'x' })).toMatchObject({ ok: false });
    expect(await rig.call('pause', { reason: 'x' })).toMatchObject({ ok: false });
  });
});

describe('stop', () => {
  it('is asked for once, by who may', async () => {
    const rig = new ControlRig();
    expect(await rig.call('stop', {}, ANN)).toMatchObject({ ok: false });
    expect(await rig.done('stop', {})).toEqual({ stopping: true });
    expect(rig.stops).toBe(1);
  });
});

describe('rehearsals', () => {
  it('shield the ancestors of a caller with rights, and of no other', async () => {
    const rig = new ControlRig();
    const { token, scope } = await rig.done('rehearsalBegin', {}, ROOT);
    await rig.done('rehearsalBegin', {}, ANN);
    expect(scope).toEqual(['/scope']);
    expect([...rig.shielded]).toEqual([[token, ROOT.pid]]);
  });

  it('are ended by who began them alone', async () => {
    const rig = new ControlRig();
    const { token } = await rig.done('rehearsalBegin', {}, ROOT);
    await rig.done('rehearsalEnd', { token }, ANN);
    expect(rig.shielded.size).toBe(1);
    await rig.done('rehearsalEnd', { token }, ROOT);
    expect(rig.shielded.size).toBe(0);
    await rig.done('rehearsalEnd', { token: 'never-given' }, BOB);
  });

  it('are few at once: more of one account end its oldest, and never take another one its place', async () => {
    const rig = new ControlRig();
    const { token } = await rig.done('rehearsalBegin', {}, ROOT);
    for (let index = 0; index < 50; index += 1) await rig.done('rehearsalBegin', {}, { uid: ANN.uid, pid: 1_000 + index });
    expect([...rig.shielded.keys()]).toEqual([token]);
    for (let index = 0; index < 50; index += 1) await rig.done('rehearsalBegin', {}, { uid: 0, pid: 2_000 + index });
    expect([...rig.shielded.values()]).toEqual([2_046, 2_047, 2_048, 2_049]);
  });

  it('end after ten minutes, also when nobody asks any more', async () => {
    const rig = new ControlRig();
    await rig.done('rehearsalBegin', {}, ROOT);
    await rig.time.pass(10 * MINUTE_MS - 1);
    expect(rig.shielded.size).toBe(1);
    await rig.time.pass(1);
    expect(rig.shielded.size).toBe(0);
  });
});
