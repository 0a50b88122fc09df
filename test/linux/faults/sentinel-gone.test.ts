/** What holds while the sentinel lives and can not judge in time, and what holds while there is none. */
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { exitOf, spawnExec } from '../../support/linux/exec-plan.ts';
import { startFuseServer, type FuseServer } from '../../support/linux/fuse-server.ts';
import { knownProcess, lives, signal, type KnownProcess } from '../../support/linux/known-process.ts';
import { LiveHoldfast } from '../../support/linux/live-holdfast.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import { isProtecting, startOf, startProtected, type Protected } from '../../support/linux/protected-holdfast.ts';
import { waitUntil } from '../../support/linux/wait-until.ts';
import { describeNeeds, itNeeds } from '../../support/requirement.ts';

const EPERM_EXIT = 101;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts'], 'fail-open and fail-closed', () => {
  let held: Protected | null = null;
  let owner: KnownProcess | null = null;
  let server: FuseServer | null = null;

  afterEach(async () => {
    if (owner !== null) signal(owner, 'SIGCONT');
    await server?.stop();
    await held?.live.remove();
    [held, owner, server] = [null, null, null];
  });

  /** With the setting written into the file before the start. */
  async function startWith(fail: 'open' | 'closed'): Promise<Protected> {
    held = await startProtected();
    await held.live.end();
    const file = path.join(held.live.dataDir, 'settings.json');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), fail }));
    held.live = await LiveHoldfast.start({ after: held.live });
    await held.live.until(isProtecting);
    return held;
  }

  /** A harmless start one of whose arguments nobody can read. Its first line of history, and how it ended once its memory could be had. */
  async function startUnreadable({ live, programs }: Protected): Promise<{ entry: HistoryEntry | undefined; code: number | null }> {
    const folder = live.scope.at('silent');
    mkdirSync(folder);
    server = await startFuseServer(folder, [{ name: 'unread', silent: ['read'] }]);
    const exit = exitOf(spawnExec({ path: programs.allowed.path, argv: ['counter', '--count'], mapped: path.join(folder, 'unread') }));
    const [entry] = await live.historyWith((entries) => entries.length > 0);
    // The process waits for that page too, also to end.
    await server.stop();
    return { entry, code: (await exit).code };
  }

  itNeeds(['fuse', 'x64'], 'closed: what can not be judged by its deadline is refused', async () => {
    const protectedOne = await startWith('closed');
    const { entry, code } = await startUnreadable(protectedOne);
    expect(code).toBe(EPERM_EXIT);
    expect(entry).toMatchObject({ action: 'prevented', rule: { id: 'holdfast-unjudged-start' }, process: { image: protectedOne.programs.allowed.path } });
    expect(await startOf(protectedOne.programs.allowed)).toBe(0);
  });

  itNeeds(['fuse', 'x64'], 'open, as at first: it is let through, and that is on record', async () => {
    held = await startProtected();
    const { entry, code } = await startUnreadable(held);
    expect(entry).toMatchObject({ action: 'observed', rule: { id: 'holdfast-unjudged-start' } });
    expect(code).not.toBe(EPERM_EXIT);
  });

  it.each(['open', 'closed'] as const)('%s: while there is no sentinel the kernel lets starts through, and everybody is told', async (fail) => {
    const { live, programs } = await startWith(fail);
    const sentinel = knownProcess((await live.status()).sentinel.pid ?? -1);
    // Nobody starts it again for now.
    owner = knownProcess(live.owner.pid ?? -1);
    signal(owner, 'SIGSTOP');
    signal(sentinel, 'SIGKILL');
    await waitUntil(() => !lives(sentinel));
    expect(await startOf(programs.forbidden)).toBe(0);
    const staying = spawn(programs.staying.path, [...programs.staying.args], { stdio: 'ignore' });
    expect((await exitOf(staying)).signal).toBe('SIGKILL');
    const status = await live.until(({ sentinel: { pid } }) => pid === null);
    expect([status.state, status.reasons.map(({ code }) => code)]).toEqual(['partlyProtected', expect.arrayContaining(['sentinel-down'])]);
    expect(status.gaps[0]).toMatchObject({ to: null, reason: expect.stringContaining('sentinel was not running') as string });
    const { findings } = await live.call('doctor', {});
    expect(findings.find(({ id }) => id === 'sentinel')).toMatchObject({ level: 'problem' });
    expect(findings.find(({ id }) => id === 'fail')?.message).toContain('the kernel lets every start through');
    const [stopped] = await live.historyWith((entries) => entries.some(({ action }) => action === 'stopped'));
    expect(stopped?.notes.join()).toContain('the sentinel was not running');
    signal(owner, 'SIGCONT');
    await live.until(isProtecting);
    expect(await startOf(programs.forbidden)).toBe('EPERM');
  });
});
