/** A file server that never answers holds up the one who asked it, and nobody else. */
import path from 'node:path';
import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { DecisionStage, RAN, REFUSED } from '../../support/linux/decision-stage.ts';
import { sleepProgram } from '../../support/linux/elf-bytes.ts';
import { spawnExec } from '../../support/linux/exec-plan.ts';
import { startFuseServer, type FuseServer } from '../../support/linux/fuse-server.ts';
import { run } from '../../support/linux/live-holdfast.ts';
import { describeNeeds } from '../../support/requirement.ts';

const NOBODY = 65_534;
const UNHELD_MS = 1_000;
const AT_ONCE = 20;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts', 'fuse', 'c-compiler', 'x64'], 'a file server that never answers', () => {
  let stage: DecisionStage;
  let starter: string;
  let quick: string;
  let tool: string;
  let server: FuseServer;
  let folder: string;
  let children: ChildProcess[];

  beforeAll(async () => {
    stage = await DecisionStage.open({});
    await stage.live.call('rulesPreset', { preset: 'strict' });
    // Age says nothing here: everything on a tmpfs of a test is new.
    await stage.useModes({ 'rare-executables': 'off' });
    starter = stage.starter();
    quick = stage.tool('quick');
    tool = stage.tool();
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    children = [];
    folder = stage.folder();
    server = await startFuseServer(folder, [
      { name: 'unread', silent: ['read'] },
      { name: 'unopened', silent: ['open'] },
      { name: 'unfound', silent: ['lookup'] },
      { name: 'once', content: sleepProgram(3_000), silentFromOpen: 1 },
      // One for each: whoever opens a file whose page is being waited for waits as well.
      ...Array.from({ length: AT_ONCE }, (_, index) => ({ name: `unread-${index}`, silent: ['read'] as const })),
    ]);
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await server.stop();
  });

  /** Harmless and forbidden starts of others, one after the other. */
  async function expectOthersUnheld(rounds = 10): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      const begin = performance.now();
      expect(await run(starter, ['spawn', quick, 'quick', '3'])).toBe(RAN);
      expect(await run(starter, ['spawn', tool, 'telinit', '1'])).toBe(REFUSED);
      expect(performance.now() - begin).toBeLessThan(UNHELD_MS);
    }
  }

  it('as the file system of a program: named as stopped after start, and nobody else waits', async () => {
    await expect.poll(() => stage.coverage(folder), { timeout: 3_000 }).toMatchObject({ prevent: false, cause: 'notPossible' });
    const { engine, sentinel } = await stage.live.status();
    for (const name of ['unread', 'unopened', 'unfound']) children.push(spawn(starter, ['spawn', path.join(folder, name), name], { stdio: 'ignore' }));
    await Promise.all([server.held('read', 'unread'), server.held('open', 'unopened'), server.held('lookup', 'unfound')]);
    await expectOthersUnheld();
    const { findings } = await stage.live.call('doctor', {});
    expect(findings.map(({ message }) => message).join('\n')).toContain(folder);
    expect(await stage.live.status()).toMatchObject({ engine: { pid: engine.pid }, sentinel: { pid: sentinel.pid, restarts: sentinel.restarts } });
  });

  it('that answers only until the program runs: nobody waits for a second look at it', async () => {
    const { engine, sentinel } = await stage.live.status();
    children.push(spawn(starter, ['spawn', path.join(folder, 'once'), 'once'], { stdio: 'ignore' }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await expectOthersUnheld();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await stage.live.status()).toMatchObject({ engine: { pid: engine.pid }, sentinel: { pid: sentinel.pid } });
  });

  it('behind the arguments of a start: answered at the deadline, recorded with the user, and nobody else waits', async () => {
    const mapped = path.join(folder, 'unread');
    const target = stage.tool();
    children.push(spawnExec({ path: target, argv: ['telinit'], mapped, uid: NOBODY }));
    await server.held('read', 'unread');
    await expectOthersUnheld();
    const entries = await stage.entriesOf(target);
    expect(entries.length).toBeGreaterThan(0);
    const text = entries.flatMap(({ reason, notes, process }) => [reason, process.user, ...notes]).join(' ');
    expect(text).toContain('nobody');
    expect(text).toMatch(/could not be judged|did not come within/);
    expect(entries.map(({ action }) => action)).not.toContain('prevented');
  });

  it('behind the arguments of twenty starts of one user at once: another user waits for none of them', async () => {
    const { engine, sentinel } = await stage.live.status();
    const targets = Array.from({ length: AT_ONCE }, () => stage.tool());
    for (const [index, target] of targets.entries()) children.push(spawnExec({ path: target, argv: ['telinit'], mapped: path.join(folder, `unread-${index}`), uid: NOBODY }));
    await server.held('read', 'unread-0');
    await expectOthersUnheld(20);
    const seen = await stage.live.historyWith((all) => targets.every((target) => all.some(({ process }) => process.image === target)), 8_000);
    for (const target of targets) expect(seen.filter(({ process }) => process.image === target).map(({ action, process }) => [action, process.user]), target).toEqual([['observed', 'nobody']]);
    expect(await stage.live.status()).toMatchObject({ engine: { pid: engine.pid }, sentinel: { pid: sentinel.pid, restarts: sentinel.restarts } });
  }, 60_000);

  it('behind arguments, when what can not be judged is to be refused: refused at the deadline, on record with the user', async () => {
    await stage.useFail('closed');
    const target = stage.tool();
    // Its own exit waits for the page as well, so the record is asked and not the process.
    children.push(spawnExec({ path: target, argv: ['telinit'], mapped: path.join(folder, 'unread'), uid: NOBODY }));
    const [entry] = await stage.entriesOf(target);
    expect(entry).toMatchObject({ action: 'prevented', process: { user: 'nobody' }, rule: { source: 'holdfast' } });
    expect(entry?.notes.join(' ')).toContain('A start by nobody could not be judged before it ran');
    await expectOthersUnheld();
  }, 60_000);
});
