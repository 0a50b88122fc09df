/** The decision is about the full new command line of the thread that calls exec, in every way it can be called. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DecisionStage, RAN, REFUSED, RESCUE } from '../../support/linux/decision-stage.ts';
import { execProgram32 } from '../../support/linux/elf-bytes.ts';
import { exitOf, spawnExec } from '../../support/linux/exec-plan.ts';
import { run } from '../../support/linux/live-holdfast.ts';
import { describeNeeds } from '../../support/requirement.ts';

const EPERM = 1;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts', 'c-compiler', 'x64'], 'the command line that is judged', () => {
  let stage: DecisionStage;
  let starter: string;
  beforeAll(async () => {
    stage = await DecisionStage.open({ [RESCUE]: 'block' });
    starter = stage.starter();
  });
  afterAll(() => stage.close());

  async function expectPrevented(image: string, commandLine: string): Promise<void> {
    const entry = await stage.entryOf(image);
    expect(entry).toMatchObject({ action: 'prevented', process: { image, commandLine, user: 'root' }, count: 1 });
    expect(entry.ancestors.length).toBeGreaterThan(0);
  }

  it('is refused before the first instruction, and only with the arguments that a rule forbids', async () => {
    const tool = stage.tool();
    expect(await run(starter, ['spawn', tool, 'telinit', '3'])).toBe(RAN);
    expect(await run(starter, ['spawn', tool, 'telinit', '1'])).toBe(REFUSED);
    await expectPrevented(tool, 'telinit 1');
  });

  it('is that of a thread that is not the leader', async () => {
    const tool = stage.tool();
    expect(await run(starter, ['thread', tool, 'telinit', '3'])).toBe(RAN);
    expect(await run(starter, ['thread', tool, 'telinit', '1'])).toBe(REFUSED);
    await expectPrevented(tool, 'telinit 1');
  });

  it('is read where arguments are constants of the program that starts', async () => {
    const tool = stage.tool();
    expect(await run(starter, ['constant', tool])).toBe(REFUSED);
    await expectPrevented(tool, 'telinit 1');
  });

  it('is read from a 32-bit call', async () => {
    const caller = stage.live.scope.writeProgram('caller32', execProgram32());
    const tool = stage.tool();
    expect(await run(caller, [tool, '3'])).toBe(RAN);
    expect(await run(caller, [tool, '1'])).toBe(EPERM);
    await expectPrevented(tool, `${tool} 1`);
  });

  it('keeps bytes that are no text', async () => {
    const tool = stage.tool();
    const { code } = await exitOf(spawnExec({ path: tool, argv: ['telinit', '1', Buffer.from([0xff, 0xfe, 0x61])] }));
    expect(code).toBe(100 + EPERM);
    await expectPrevented(tool, 'telinit 1 \udcff\udcfea');
  });

  it('is judged the same under any name that the starter chooses for it', async () => {
    for (const name of ['', 'harmless', '/bin/true', 'two words', '-telinit', '\n']) {
      const tool = stage.tool();
      expect(await run(starter, ['spawn', tool, name, '1']), name).toBe(REFUSED);
      await expectPrevented(tool, `${name} 1`);
    }
  });

  it('is not taken from an exec without any argument', async () => {
    const tool = stage.tool();
    const { code } = await exitOf(spawnExec({ path: tool, argv: [] }));
    expect(code).toBe(RAN);
    expect(await stage.quietSince(tool)).toEqual([]);
  });

  it('counts where the program is named by a link, by a relative path, or through its descriptor', async () => {
    const tool = stage.tool();
    const folder = path.dirname(tool);
    expect(await run('/bin/sh', ['-c', `ln -s ${tool} link && exec ./link 1`], { cwd: folder })).toBe(126);
    expect(await run('/bin/sh', ['-c', 'exec ./../$(basename $PWD)/telinit 1'], { cwd: folder })).toBe(126);
    expect(await run('/bin/sh', ['-c', `exec 9<${tool}; exec /proc/self/fd/9 1`], { cwd: folder })).toBe(126);
    const entries = await stage.entriesOf(tool, 3);
    expect(entries.map(({ action }) => action)).toEqual(['prevented', 'prevented', 'prevented']);
  });

  it('is whole in the record for a hundred starts at once', async () => {
    const tool = stage.tool();
    const codes = await Promise.all(Array.from({ length: 100 }, (_, index) => run(starter, ['spawn', tool, 'telinit', '1', `n${index}`])));
    expect(new Set(codes)).toEqual(new Set([REFUSED]));
    const entries = await stage.live.historyWith((all) => all.filter(({ process }) => process.image === tool).length === 100);
    const lines = entries.filter(({ process }) => process.image === tool).map(({ process }) => process.commandLine);
    expect(new Set(lines).size).toBe(100);
  });

  describe('of great length', () => {
    const long = (bytes: number, size = 100_000): string[] => Array.from({ length: bytes / size }, () => 'x'.repeat(size));

    /** What can not be read within the deadline of a busy machine is judged right after the start; never does it run unseen. */
    async function expectJudged(words: readonly string[]): Promise<void> {
      const tool = stage.tool('grub-reboot');
      const outcome = await run(starter, ['spawn', tool, 'grub-reboot', ...words, 'rescue']);
      const entries = await stage.entriesOf(tool);
      if (outcome === REFUSED) {
        expect(entries.map(({ action, process }) => [action, process.commandLine.length])).toEqual([['prevented', ['grub-reboot', ...words, 'rescue'].join(' ').length]]);
        return;
      }
      expect(entries.length).toBeGreaterThan(0);
      expect(entries.map(({ action }) => action)).not.toContain('prevented');
      expect(entries.flatMap(({ notes, reason }) => [...notes, reason]).join(' ')).toMatch(/too long|did not come within the time/);
    }

    it('is judged to its end at a hundred thousand bytes', () => expectJudged(long(100_000)));
    it('is judged to its end at a megabyte, and its record is whole', () => expectJudged(long(1_000_000)));
    it('is judged with a hundred thousand arguments', () => expectJudged(long(100_000, 1)));
    it('is judged, or said not to be, at all that the kernel takes', () => expectJudged(long(1_900_000)));

    it('does not hold up anybody else', async () => {
      const tool = stage.tool('grub-reboot');
      const other = stage.tool();
      const heavy = Array.from({ length: 8 }, () => run(starter, ['spawn', tool, 'grub-reboot', ...long(1_000_000), 'list']));
      const begin = performance.now();
      expect(await run(starter, ['spawn', other, 'telinit', '3'])).toBe(RAN);
      expect(performance.now() - begin).toBeLessThan(1_000);
      expect(await Promise.all(heavy)).toEqual(heavy.map(() => RAN));
    });
  });

  it('decides for the content that lies there now, whatever ran under the name before', async () => {
    const tool = stage.tool('harmless');
    expect(await run(starter, ['spawn', tool, 'harmless', '3'])).toBe(RAN);
    const renamed = path.join(path.dirname(tool), 'telinit');
    expect(await run('/bin/mv', [tool, renamed])).toBe(0);
    expect(await run(starter, ['spawn', renamed, 'harmless', '1'])).toBe(REFUSED);
    expect(statSync(renamed).size).toBe(readFileSync(renamed).length);
  });
});
