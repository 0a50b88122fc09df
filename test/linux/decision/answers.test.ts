/** What each mode, an allow, an exclusion and a pause make of the same start, in force when the command returns. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallInput } from '../../../shared/control/calls.ts';
import { DecisionStage, RAN, REFUSED, RESCUE } from '../../support/linux/decision-stage.ts';
import { run } from '../../support/linux/live-holdfast.ts';
import { describeNeeds } from '../../support/requirement.ts';

const FLIPS = 50;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts', 'c-compiler'], 'answers', () => {
  let stage: DecisionStage;
  let starter: string;
  /** Ends with RAN at once when it runs. */
  let grub: string;
  beforeAll(async () => {
    stage = await DecisionStage.open({});
    starter = stage.starter();
  });
  afterAll(() => stage.close());
  beforeEach(() => {
    grub = stage.tool('grub-reboot');
  });

  const start = (tool: string, ...args: readonly string[]): Promise<number | string> => run(starter, ['spawn', tool, path.basename(tool), ...args]);
  const forbidden = (tool = grub): Promise<number | string> => start(tool, '-v', 'rescue');

  async function allow(choice: Omit<CallInput<'allowAdd'>, 'historyId' | 'reason'>, tool = grub): Promise<string> {
    const [entry] = await stage.entriesOf(tool);
    const { allow: made } = await stage.live.call('allowAdd', { historyId: entry?.id ?? '', reason: 'needed for a test', ...choice });
    return made.id;
  }

  describe('modes', () => {
    it('off: runs, nothing is recorded', async () => {
      await stage.useModes({ [RESCUE]: 'off' });
      expect(await forbidden()).toBe(RAN);
      expect(await stage.quietSince(grub)).toEqual([]);
    });

    it('audit: runs and is recorded as audited, once', async () => {
      await stage.useModes({ [RESCUE]: 'audit' });
      expect(await forbidden()).toBe(RAN);
      expect(await stage.entryOf(grub)).toMatchObject({ action: 'audited', rule: { mode: 'audit' }, process: { commandLine: 'grub-reboot -v rescue' } });
      expect(await stage.quietSince(grub)).toHaveLength(1);
    });

    it('block and warn: refused at once', async () => {
      for (const mode of ['block', 'warn'] as const) {
        await stage.useModes({ [RESCUE]: mode });
        const tool = stage.tool('grub-reboot');
        const begin = performance.now();
        expect(await forbidden(tool)).toBe(REFUSED);
        expect(performance.now() - begin).toBeLessThan(1_000);
        expect(await stage.entryOf(tool)).toMatchObject({ action: 'prevented', rule: { mode } });
      }
    });

    it('a mode is in force when the command returns, fifty times over', async () => {
      for (let flip = 0; flip < FLIPS; flip += 1) {
        const mode = flip % 2 === 0 ? 'block' : 'off';
        await stage.useModes({ [RESCUE]: mode });
        expect(await forbidden(), `flip ${flip}`).toBe(mode === 'block' ? REFUSED : RAN);
      }
    });

    it('warn is refused for a rule that has none, in words', async () => {
      await expect(stage.live.call('rulesSet', { rule: 'credential-stores', mode: 'warn' })).rejects.toThrow(/warn/);
    });
  });

  describe('after a warning', () => {
    beforeEach(async () => {
      await stage.useModes({ [RESCUE]: 'warn' });
      expect(await forbidden()).toBe(REFUSED);
    });

    it('an allow for a day lets the same start pass, no other arguments and no other parent', async () => {
      await allow({ for: '24h' });
      expect(await forbidden()).toBe(RAN);
      expect(await forbidden()).toBe(RAN);
      expect(await start(grub, '--', 'rescue')).toBe(REFUSED);
      expect(await run(stage.starter('another'), ['spawn', grub, 'grub-reboot', '-v', 'rescue'])).toBe(REFUSED);
      const copy = path.join(stage.folder(), 'grub-reboot');
      copyFileSync(grub, copy);
      expect(await forbidden(copy)).toBe(REFUSED);
    });

    it('an allow does not outlive the program it was given for', async () => {
      await allow({ for: '24h' });
      expect(await forbidden()).toBe(RAN);
      writeFileSync(grub, Buffer.concat([readFileSync(grub), Buffer.from('other')]));
      expect(await forbidden()).toBe(REFUSED);
    });

    it('an allow until a time ends then', async () => {
      const untilMs = Date.now() + 1_500;
      await allow({ for: 'until', untilMs });
      expect(await forbidden()).toBe(RAN);
      await new Promise((resolve) => setTimeout(resolve, untilMs - Date.now() + 50));
      expect(await forbidden()).toBe(REFUSED);
    });

    it('an allow for once is spent after one use', async () => {
      await allow({ for: 'once' });
      expect(await forbidden()).toBe(RAN);
      expect(await forbidden()).toBe(REFUSED);
    });

    it('an allow for once lets its one start run on to the end', async () => {
      const tools = Array.from({ length: 10 }, () => stage.tool());
      await Promise.all(tools.map(async (tool) => {
        expect(await start(tool, '1')).toBe(REFUSED);
        await allow({ for: 'once' }, tool);
        expect(await start(tool, '1')).toBe(RAN);
        expect((await stage.entriesOf(tool)).map(({ action }) => action)).toEqual(['prevented']);
      }));
    });

    it('an allow for once serves one of many that come at the same time', async () => {
      await allow({ for: 'once' });
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => forbidden()));
      expect(outcomes.filter((outcome) => outcome === RAN)).toHaveLength(1);
    });

    it('an allow that is taken back ends when the command returns', async () => {
      const id = await allow({ for: '24h' });
      expect(await forbidden()).toBe(RAN);
      await stage.live.call('allowRevoke', { id });
      expect(await forbidden()).toBe(REFUSED);
    });

    it('an allow for ever needs a second word', async () => {
      await expect(allow({ for: 'permanent' })).rejects.toThrow();
      expect(await forbidden()).toBe(REFUSED);
      await allow({ for: 'permanent', confirmPermanent: true });
      expect(await forbidden()).toBe(RAN);
    });
  });

  describe('exclusions', () => {
    for (const rule of [null, RESCUE]) {
      it(`${rule === null ? 'of all rules' : 'of one rule'} are in force when the command returns, fifty times over`, async () => {
        await stage.useModes({ [RESCUE]: 'block' });
        for (let flip = 0; flip < FLIPS; flip += 1) {
          await stage.live.call('rulesExclude', { rule, path: grub, remove: flip % 2 === 1 });
          expect(await forbidden(), `flip ${flip}`).toBe(flip % 2 === 0 ? RAN : REFUSED);
        }
      });
    }

    it('of another rule say nothing about this one', async () => {
      await stage.useModes({ [RESCUE]: 'block' });
      await stage.live.call('rulesExclude', { rule: 'office-children', path: grub });
      expect(await forbidden()).toBe(REFUSED);
    });
  });

  it('a pause records what would have been refused, and ends when it is told to', async () => {
    await stage.useModes({ [RESCUE]: 'block' });
    await stage.live.call('pause', { minutes: 1, reason: 'a test' });
    expect((await stage.live.status()).state).toBe('paused');
    expect(await forbidden()).toBe(RAN);
    expect(await stage.entryOf(grub)).toMatchObject({ action: 'audited' });
    await stage.live.call('resume', {});
    expect(await forbidden()).toBe(REFUSED);
  });
});
