/** What can not be decided before the start is judged again by what the kernel really runs, stopped then, and never called prevented. */
import path from 'node:path';
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import { DecisionStage, RAN, REFUSED, RESCUE } from '../../support/linux/decision-stage.ts';
import { sleepProgram } from '../../support/linux/elf-bytes.ts';
import { startFuseServer } from '../../support/linux/fuse-server.ts';
import { detach, mount } from '../../support/linux/libc.ts';
import { run } from '../../support/linux/live-holdfast.ts';
import { describeNeeds } from '../../support/requirement.ts';

const COPIES = 'copied-system-tools';
/** What the starter ends with when a signal ended its child. */
const CHILD_KILLED = 90;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts', 'c-compiler', 'x64'], 'a start that was not decided before', () => {
  let stage: DecisionStage;
  let starter: string;
  const mounted: string[] = [];
  beforeAll(async () => {
    stage = await DecisionStage.open({ [RESCUE]: 'block', [COPIES]: 'block' });
    starter = stage.starter();
  });
  afterAll(async () => {
    for (const folder of mounted) detach(folder);
    await stage.close();
  });

  function newTmpfs(folder: string): string {
    mkdirSync(folder, { recursive: true });
    mount('holdfast-test', folder, 'tmpfs', 'mode=0755,size=8m');
    mounted.push(folder);
    return folder;
  }

  async function expectStopped(isAbout: (entry: HistoryEntry) => boolean, because: RegExp): Promise<void> {
    // What a Sigma rule finds in the same start is a line of its own.
    const matches = (entry: HistoryEntry): boolean => entry.rule.source === 'asr' && isAbout(entry);
    const found = (await stage.live.historyWith((entries) => entries.some(matches))).filter(matches);
    expect(found.map(({ action }) => action)).toEqual(['stopped']);
    expect(found[0]?.notes.join(' ')).toMatch(because);
  }

  const about = (image: string) => (entry: HistoryEntry): boolean => entry.process.image === image;

  it('whose arguments another thread changed after the decision is stopped; what the kernel refused is prevented; nothing else happens', async () => {
    const tool = stage.tool();
    const outcomes = new Map<number | string, number>();
    for (let round = 0; (outcomes.get('SIGKILL') ?? 0) < 5 && round < 400; round += 1) {
      const outcome = await run(starter, ['rewrite', String(round % 2 === 0 ? 40 + 10 * (round % 100) : 5 * (round % 100)), tool, 'telinit', '3', '1']);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    const [stopped, refused] = [outcomes.get('SIGKILL') ?? 0, outcomes.get(REFUSED) ?? 0];
    expect(stopped).toBeGreaterThan(0);
    const entries = (await stage.live.historyWith((all) => all.filter(about(tool)).length >= stopped + refused)).filter(about(tool));
    const count = (action: string): number => entries.filter((entry) => entry.action === action).length;
    expect([count('stopped'), count('prevented'), entries.length]).toEqual([stopped, refused, stopped + refused]);
    for (const entry of entries) expect(entry.process.commandLine).toBe('telinit 1');
    // A lingerer that nobody stopped ends with RAN as well, but stands in no entry only if it was harmless.
    expect([...outcomes.keys()].every((outcome) => outcome === 'SIGKILL' || outcome === REFUSED || outcome === RAN)).toBe(true);
  }, 120_000);

  it('from a memory file is stopped', async () => {
    await expect.poll(() => run('/bin/sh', ['-c', `exec ${stage.copy('/usr/bin/sleep', 'other')} 0`]), { timeout: 10_000 }).toBe(126);
    expect(await run(starter, ['memory', '/usr/bin/sleep', 'sleep', '5'])).toBe('SIGKILL');
    await expectStopped(({ process }) => process.image.startsWith('/memfd:'), /started from memory/);
  });

  it('from a file system of a private mount namespace is stopped', async () => {
    const folder = stage.folder();
    const tool = stage.tool();
    expect(await run(starter, ['private', folder, tool, 'telinit', '3'])).toBe(RAN);
    expect(await run(starter, ['private', folder, tool, 'telinit', '1'])).toBe('SIGKILL');
    await expectStopped(about(path.join(folder, 'telinit')), /mount namespace/);
  });

  it('from a file system that is mounted nowhere is stopped', async () => {
    expect(await run(starter, ['detached', stage.tool(), 'telinit', '1'])).toBe('SIGKILL');
    await expectStopped(about('/telinit'), /not prevented/);
  });

  it('from a mount of this very moment is refused or stopped, and the record says which', async () => {
    const tool = stage.tool();
    const folders = Array.from({ length: 20 }, () => stage.folder());
    const outcomes: (number | string)[] = [];
    for (const folder of folders) {
      mounted.push(folder);
      outcomes.push(await run(starter, ['fresh', folder, tool, 'telinit', '1']));
    }
    for (const [index, folder] of folders.entries()) {
      const entries = await stage.entriesOf(path.join(folder, 'telinit'));
      expect(entries.map(({ action }) => action), folder).toEqual([outcomes[index] === REFUSED ? 'prevented' : 'stopped']);
      expect([REFUSED, CHILD_KILLED]).toContain(outcomes[index]);
    }
  }, 60_000);

  it('is prevented on a new mount as soon as that is marked, and again on what is mounted over it', async () => {
    const folder = stage.folder('new');
    for (const layer of ['first', 'second']) {
      newTmpfs(folder);
      await expect.poll(() => stage.coverage(folder), { timeout: 3_000 }).toMatchObject({ prevent: true, cause: 'covered' });
      const tool = stage.tool('telinit', newFolder(folder, layer));
      expect(await run(starter, ['spawn', tool, 'telinit', '1'])).toBe(REFUSED);
      expect((await stage.entryOf(tool)).action).toBe('prevented');
    }
    detach(folder);
    detach(folder);
    await expect.poll(() => stage.coverage(folder), { timeout: 3_000 }).toBeUndefined();
  });

  function newFolder(...names: string[]): string {
    const folder = path.join(...names);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  describeNeeds(['fuse'], 'on a file system that gets no mark', () => {
    it('is stopped, and coverage and doctor name the mount', async () => {
      const folder = stage.folder();
      const server = await startFuseServer(folder, [{ name: 'telinit', content: sleepProgram(2_000) }]);
      try {
        await expect.poll(() => stage.coverage(folder), { timeout: 3_000 }).toMatchObject({ prevent: false, cause: 'notPossible' });
        const tool = path.join(folder, 'telinit');
        expect(await run(starter, ['spawn', tool, 'telinit', '1'])).toBe(CHILD_KILLED);
        await expectStopped(about(tool), /not prevented/);
        const { findings } = await stage.live.call('doctor', {});
        expect(findings.map(({ message, fix }) => `${message} ${fix ?? ''}`).join('\n')).toContain(folder);
      } finally {
        await server.stop();
      }
    });
  });
});
