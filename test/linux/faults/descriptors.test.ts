/** A sentinel that is short of descriptors makes starts wait; it refuses none for it. */
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resourceLimit } from '../../../electron/platform/ffi/libc.ts';
import { spawnExec } from '../../support/linux/exec-plan.ts';
import { startFuseServer, type FuseServer } from '../../support/linux/fuse-server.ts';
import { knownProcess, lives, signal, type KnownProcess } from '../../support/linux/known-process.ts';
import { startOf, startProtected, type Protected } from '../../support/linux/protected-holdfast.ts';
import { startBurst } from '../../support/linux/start-burst.ts';
import { describeNeeds, itNeeds } from '../../support/requirement.ts';

const STARTS = 1_000;
const RLIMIT_NOFILE = 7;
const DESCRIPTORS = 64;
/** More users than places for held starts are given to one. */
const USERS = Array.from({ length: 10 }, (_, index) => 61_000 + index);
/** With the 200 ms that may lie between the last beat and the stop, well below the 500 ms of silence for which a sentinel is ended. */
const PAUSE_MS = 150;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts'], `a sentinel with ${DESCRIPTORS} descriptors and ${STARTS} starts waiting`, () => {
  let held: Protected;
  let sentinel: KnownProcess;
  let server: FuseServer | null = null;
  let stuck: ChildProcess | null = null;

  beforeEach(async () => {
    held = await startProtected();
    sentinel = knownProcess((await held.live.status()).sentinel.pid ?? -1);
    const limit = new BigUint64Array([BigInt(DESCRIPTORS), BigInt(DESCRIPTORS)]);
    expect(resourceLimit(sentinel.pid, RLIMIT_NOFILE, new Uint8Array(limit.buffer), null)).toBe(0);
  });
  afterEach(async () => {
    await server?.stop();
    stuck?.kill('SIGKILL');
    [server, stuck] = [null, null];
    await held.live.remove();
  });

  async function expectNoneRefused(): Promise<void> {
    const { programs, live } = held;
    const burst = startBurst(programs.allowed.path, STARTS, USERS);
    // So that they pile up.
    await new Promise((resolve) => setTimeout(resolve, 20));
    signal(sentinel, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    signal(sentinel, 'SIGCONT');
    expect(await burst, live.output).toEqual(new Map([[0, STARTS]]));
    expect(lives(sentinel), live.output).toBe(true);
    expect(await startOf(programs.forbidden)).toBe('EPERM');
    expect(live.output).not.toContain('denied one start');
    expect((await live.history({ action: 'prevented' })).length).toBe(1);
  }

  it('refuses none of the harmless ones', async () => {
    await expectNoneRefused();
  }, 90_000);

  itNeeds(['fuse', 'x64'], 'refuses none when each has to be read the slow way', async () => {
    const folder = held.live.scope.at('silent');
    mkdirSync(folder);
    server = await startFuseServer(folder, [{ name: 'locked', silent: ['read'], directIoFromOpen: 1 }]);
    // Its arguments lie behind a lock that is never given back: the quick reader of the sentinel is lost with it.
    stuck = spawnExec({ path: held.programs.allowed.path, argv: ['counter'], locked: path.join(folder, 'locked'), uid: 61_100 });
    await server.held('read', 'locked');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(readdirSync(`/proc/${sentinel.pid}/fd`).length).toBeLessThan(DESCRIPTORS);
    await expectNoneRefused();
  }, 90_000);
});
