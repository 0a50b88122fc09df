import { describe, expect, it } from 'vitest';
import { ok } from '../../../../shared/result.ts';
import { ANN, BOB, ControlRig, entry, process, ROOT, SHELL_RULE } from './control-rig.ts';

describe('the right to change, asked for', () => {
  it('is not asked where nobody can be asked, and says so', async () => {
    const rig = new ControlRig();
    expect(await rig.done('me', {}, ANN)).toMatchObject({ user: 'ann', mayChange: false, mayAsk: false, whyNot: 'Nobody can be asked here.' });
    expect(await rig.call('rulesSet', { rule: SHELL_RULE, mode: 'block' }, ANN)).toMatchObject({ error: { code: 'no-right' } });
  });

  it('is asked only with the word of the caller, each time anew, and serves that one call', async () => {
    const rig = new ControlRig();
    rig.whyNobodyAsks = null;
    let asked = 0;
    rig.askPerson = (caller) => {
      asked += 1;
      expect(caller).toMatchObject(ANN);
      return Promise.resolve(ok(undefined));
    };
    const set = { rule: SHELL_RULE, mode: 'block' };
    expect(await rig.handle('rulesSet', set, ANN)).toMatchObject({ error: { code: 'right-can-be-asked' } });
    expect(asked).toBe(0);
    expect(await rig.handle('rulesSet', set, ANN, true)).toMatchObject({ ok: true });
    expect(await rig.handle('rulesSet', set, ANN, true)).toMatchObject({ ok: true });
    expect(asked).toBe(2);
    expect(await rig.handle('rulesSet', set, ANN)).toMatchObject({ error: { code: 'right-can-be-asked' } });
  });

  it('that is not given changes nothing', async () => {
    const rig = new ControlRig();
    rig.whyNobodyAsks = null;
    const before = JSON.stringify(rig.settings);
    expect(await rig.handle('rulesSet', { rule: SHELL_RULE, mode: 'block' }, ANN, true)).toMatchObject({ error: { code: 'ask-refused' } });
    expect(JSON.stringify(rig.settings)).toBe(before);
  });
});

describe('what another account sees', () => {
  it('is no command line and no path, in list, detail, tree, questions and live view', async () => {
    const rig = new ControlRig();
    rig.entries[0] = entry({ rule: { ...entry().rule, mode: 'warn' } });
    rig.live.add({ timeMs: 0, kind: 'process-start', pid: 1, image: '/home/ann/secret-plan/tool', commandLine: 'tool --password hunter2', uid: 1000, parentImage: '/home/ann/secret-plan/x', outcome: 'clear', rule: null });
    const seen = JSON.stringify([
      await rig.done('historySearch', { filter: {} }, BOB),
      await rig.done('historyDetail', { id: 'entry-1' }, BOB),
      await rig.done('historySummary', {}, BOB),
      await rig.done('allowPreview', { historyId: 'entry-1', parts: {} }, BOB),
      await rig.done('liveEvents', { after: null }, BOB),
      await rig.done('liveEvents', { after: null, text: 'hunter2' }, BOB),
      await rig.done('watch', { revision: null }, BOB),
    ]);
    expect(seen).not.toMatch(/hunter2|secret-plan/);
    expect(JSON.stringify(await rig.done('historyDetail', { id: 'entry-1' }, ANN))).toContain('hunter2');
  });

  it('does not let them answer a question of somebody else', async () => {
    const rig = new ControlRig();
    expect(await rig.call('undecidedDismiss', { historyId: 'entry-1' }, BOB)).toMatchObject({ ok: false, error: { code: 'no-right' } });
    expect(await rig.call('undecidedDismiss', { historyId: 'entry-1' }, ANN)).toMatchObject({ ok: true });
  });

  it('is no secret in the support bundle', async () => {
    const rig = new ControlRig();
    await rig.done('rulesExclude', { rule: null, path: '/home/ann/secret-plan/' });
    await rig.done('allowAdd', { historyId: 'entry-1', for: '24h', reason: 'hunter2 said so' });
    const text = JSON.stringify(await rig.done('supportBundle', {}, BOB));
    expect(text).not.toMatch(/ann|secret-plan|hunter2|root/);
  });
});

describe('an allow', () => {
  it('names what was chosen, and its preview counts what that would have let through', async () => {
    const rig = new ControlRig();
    rig.entries.push(entry({ id: 'entry-2', process: process({ commandLine: 'tool other' }), lastTime: '2026-11-01T09:00:00.000Z' }));
    expect(await rig.done('allowPreview', { historyId: 'entry-1', parts: {} })).toMatchObject({ count: 1 });
    expect(await rig.done('allowPreview', { historyId: 'entry-1', parts: { arguments: false } })).toMatchObject({ count: 2 });
    const { allow } = await rig.done('allowAdd', { historyId: 'entry-1', for: '15m', reason: 'ours', parts: { arguments: false, parent: false } });
    expect(allow).toMatchObject({ commandLine: null, parentImage: null, image: '/home/ann/secret-plan/tool' });
    expect((await rig.done('allowList', {})).allows[0]).toMatchObject({ ruleName: 'Rule 1', uses: 0, fromHistoryId: 'entry-1' });
  });
});

describe('watch', () => {
  it('answers at once when something has changed and when nobody waits, else when it changes', async () => {
    const rig = new ControlRig();
    const { revision } = await rig.done('watch', { revision: null });
    let answered = false;
    const waiting = rig.done('watch', { revision }, ROOT).then(() => (answered = true));
    await Promise.resolve();
    expect(answered).toBe(false);
    rig.changes.raise();
    await rig.time.pass(200);
    await waiting;
    expect((await rig.done('watch', { revision })).revision).toBeGreaterThan(revision);
  });
});

it('a preset shows what it would change before it does', async () => {
  const rig = new ControlRig();
  const { changes } = await rig.done('presetPreview', { preset: 'standard' });
  const { changed } = await rig.done('rulesPreset', { preset: 'standard' });
  expect(changes.map(({ id, from, to }) => ({ id, from, to }))).toEqual(changed);
});

describe('the process tree of an entry', () => {
  const child = (pid: number, parentPid: number, outcome: 'stopped' | 'ended') => ({ ...process({ pid, image: `/bin/c${pid}`, commandLine: `c${pid}` }), parentPid, outcome });

  it('has below the subject what ended with it or before it, under what started it', async () => {
    const rig = new ControlRig();
    rig.entries[0] = entry({ action: 'stopped', below: [child(50, 4242, 'ended'), child(51, 50, 'stopped'), child(52, 999, 'stopped')] });
    const { tree } = await rig.done('historyDetail', { id: 'entry-1' });
    const keyOf = (pid: number): string | undefined => tree.find((node) => node.pid === pid)?.key;
    expect(tree.slice(-3).map(({ pid, parentKey, roles }) => [pid, parentKey, roles])).toEqual([[50, keyOf(4242), ['endedBefore']], [51, keyOf(50), ['ended']], [52, keyOf(4242), ['ended']]]);
    expect(new Set(tree.map(({ key }) => key)).size).toBe(tree.length);
  });

  it('hides below, too, what others typed', async () => {
    const rig = new ControlRig();
    rig.entries[0] = entry({ below: [child(50, 4242, 'stopped')] });
    expect(JSON.stringify((await rig.done('historyDetail', { id: 'entry-1' }, BOB)).tree)).not.toMatch(/c50/);
  });

  it('blames nobody for a pause', async () => {
    const rig = new ControlRig();
    const pause = { event: 'begun', who: 'ann', reason: 'a printer', until: null, untilRestart: true } as const;
    rig.entries[0] = entry({ action: 'observed', pause });
    const { tree } = await rig.done('historyDetail', { id: 'entry-1' });
    expect(tree.flatMap(({ roles }) => roles)).not.toContain('culprit');
    expect((await rig.done('historySearch', { filter: {} })).lines[0]?.pause).toEqual(pause);
  });
});
