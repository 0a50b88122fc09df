/** The whole program as a person starts it on a machine without a display. The scope holds no mount, so nothing is marked. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { detach, mount } from '../support/linux/libc.ts';
import { describeNeeds, itNeeds } from '../support/requirement.ts';
import { RunningHoldfast, sessionOf, until } from '../support/running-holdfast.ts';

let folder = '';
let running: RunningHoldfast[] = [];

function start(): RunningHoldfast {
  const holdfast = new RunningHoldfast({ dataDir: path.join(folder, 'data'), scope: folder });
  running.push(holdfast);
  return holdfast;
}

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'holdfast-e2e-'));
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((holdfast) => holdfast.end()));
  rmSync(folder, { recursive: true, force: true });
});

describeNeeds(['linux', 'electron'], 'npm start without a display', () => {
  itNeeds([], 'says its state and what to type next within 3 s', async () => {
    const from = performance.now();
    const holdfast = start();
    await holdfast.says(/^Holdfast: watching only$/m);
    expect(performance.now() - from).toBeLessThan(3_000);
    await holdfast.says(/holdfast rules preset standard --data-dir /);
  });

  itNeeds([], 'answers status', async () => {
    const holdfast = start();
    await holdfast.says(/^Holdfast: watching only$/m);
    const status = holdfast.status();
    expect(status).toMatchObject({ state: 'watchingOnly', instance: 'default' });
    expect(sessionOf(holdfast.mainPid()!).map((row) => row.pid)).toContain(status.engine.pid);
  });

  // Electron waits for the loop from outside, which uses up what the kernel announces once.
  itNeeds(['root', 'exec-gate', 'mounts'], 'marks what is mounted later', async () => {
    const holdfast = start();
    await holdfast.says(/^Holdfast: watching only$/m);
    expect(holdfast.command('rules', 'preset', 'strict').code).toBe(0);
    const covered = (place: string): boolean => holdfast.status().coverage.some(({ mount: at, prevent }) => at === place && prevent);
    const place = path.join(folder, 'new');
    mkdirSync(place);
    for (let round = 0; round < 2; round += 1) {
      mount('holdfast-test', place, 'tmpfs', 'mode=0755,size=4m');
      try {
        await until(() => covered(place), 2_000, () => JSON.stringify(holdfast.status().coverage));
      } finally {
        detach(place);
      }
      await until(() => !covered(place), 2_000, () => JSON.stringify(holdfast.status().coverage));
    }
  });

  itNeeds([], 'never opens a window', async () => {
    const holdfast = start();
    await holdfast.says(/^Holdfast: watching only$/m);
    const types = sessionOf(holdfast.mainPid()!).map((row) => /--type=(\S+)/.exec(row.commandLine)?.[1] ?? 'main');
    expect(types).toContain('main');
    expect(types).toContain('utility');
    expect(types).not.toContain('renderer');
  });

  itNeeds([], 'keeps Electron’s own folders below the data folder', async () => {
    const holdfast = start();
    await holdfast.says(/^Holdfast: watching only$/m);
    expect(readdirSync(path.join(folder, 'data'))).toContain('electron');
  });

  itNeeds([], 'ends with everything it started when asked to', async () => {
    const holdfast = start();
    await holdfast.says(/^Holdfast: watching only$/m);
    const main = holdfast.mainPid()!;
    holdfast.launcher.kill('SIGINT');
    expect(await holdfast.exited()).toBe(0);
    await until(() => sessionOf(main).length === 0, 2_000, () => `left behind: ${JSON.stringify(sessionOf(main))}`);
  });

  itNeeds([], 'ends with its owner, however that ended', async () => {
    const holdfast = start();
    await holdfast.says(/^Holdfast: watching only$/m);
    const main = holdfast.mainPid()!;
    holdfast.launcher.kill('SIGKILL');
    await until(() => sessionOf(main).length === 0, 6_000, () => `left behind: ${JSON.stringify(sessionOf(main))}`);
  });

  itNeeds([], 'is back within 2 s after its main process was killed', async () => {
    const holdfast = start();
    await holdfast.says(/^Holdfast: watching only$/m);
    const before = holdfast.mainPid()!;
    const engine = holdfast.status().engine.pid;
    const from = performance.now();
    process.kill(before, 'SIGKILL');
    await holdfast.says(/was ended by SIGKILL; starting it again now[\s\S]*^Holdfast: watching only$/m);
    expect(performance.now() - from).toBeLessThan(2_000);
    expect(sessionOf(before)).toEqual([]);
    expect(holdfast.status().engine.pid).not.toBe(engine);
  });

  itNeeds([], 'goes on when its launcher is stopped at the terminal', async () => {
    const holdfast = start();
    await holdfast.says(/^Holdfast: watching only$/m);
    holdfast.launcher.kill('SIGSTOP');
    try {
      expect(holdfast.status().state).toBe('watchingOnly');
    } finally {
      holdfast.launcher.kill('SIGCONT');
    }
  });

  itNeeds([], 'refuses a second one in the same data folder, in words, and does not try again', async () => {
    await start().says(/^Holdfast: watching only$/m);
    const second = start();
    expect(await second.exited()).not.toBe(0);
    expect(second.output).not.toMatch(/starting it again/);
  });

  itNeeds([], 'refuses an option it does not know, and does not try again', async () => {
    const holdfast = new RunningHoldfast({ dataDir: path.join(folder, 'data'), scope: 'not/absolute' });
    running.push(holdfast);
    expect(await holdfast.exited()).toBe(2);
    expect(holdfast.output).toMatch(/give an absolute path/);
    expect(holdfast.output).not.toMatch(/starting it again/);
  });
});
