/** Command lines of running programs, read in batches beside the loop. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { inOneBatch, lostBatchThreads, readCommandLineSoon, type BatchedLine } from '../../electron/platform/linux/command-line-batch.ts';
import { readCommandLineWithin } from '../../electron/platform/linux/command-line.ts';
import { spawnExec } from '../support/linux/exec-plan.ts';
import { startFuseServer } from '../support/linux/fuse-server.ts';
import { LoopGauge } from '../support/linux/loop-gauge.ts';
import { PrivateTmpfs } from '../support/linux/private-tmpfs.ts';
import { waitUntil } from '../support/linux/wait-until.ts';
import { describeNeeds } from '../support/requirement.ts';

const GONE = 0x3f_fff0;

describeNeeds(['linux'], 'command lines in batches', () => {
  const children: ChildProcess[] = [];

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  function sleeper(...more: string[]): number {
    const child = spawn('/bin/sh', ['-c', 'sleep 60; :', ...more], { stdio: 'ignore' });
    children.push(child);
    return child.pid ?? 0;
  }

  const read = (pid: number): Promise<BatchedLine> => new Promise((resolve) => readCommandLineSoon(pid, resolve));
  const whole = (...more: string[]): BatchedLine => ({ values: ['/bin/sh', '-c', 'sleep 60; :', ...more], complete: true });

  it('are answered in order, each with its own', async () => {
    const pids = Array.from({ length: 30 }, (_, index) => sleeper(`${index}`));
    await waitUntilShown(read, pids.at(-1) ?? 0);
    expect(await Promise.all(pids.map(read))).toEqual(pids.map((_, index) => whole(`${index}`)));
    let together: Promise<BatchedLine>[] = [];
    inOneBatch(() => {
      together = pids.map(read);
    });
    expect(await Promise.all(together)).toEqual(pids.map((_, index) => whole(`${index}`)));
  });

  it('are whole, empty arguments and long ones included', async () => {
    const pid = sleeper('', 'y'.repeat(20_000), '');
    await waitUntilShown(read, pid);
    expect(await read(pid)).toEqual(whole('', 'y'.repeat(20_000), ''));
  });

  it('are whole also when not all of a batch find room at once', async () => {
    const pids = Array.from({ length: 5 }, (_, index) => sleeper(`${index}`, 'y'.repeat(120_000)));
    for (const pid of pids) await waitUntilShown(read, pid);
    let together: Promise<BatchedLine>[] = [];
    inOneBatch(() => {
      together = pids.map(read);
    });
    expect(await Promise.all(together)).toEqual(pids.map((_, index) => whole(`${index}`, 'y'.repeat(120_000))));
  });

  it('are left to the slow way when they are very long, and gone with their process', async () => {
    const pid = sleeper(...Array.from({ length: 4 }, () => 'y'.repeat(100_000)));
    await waitUntilShown(read, pid);
    expect([await read(pid), await read(GONE)]).toEqual(['unreadable', 'gone']);
  });

  it('are not taken for withheld when it was this thread that had no time for the answer', async () => {
    const pid = sleeper();
    await waitUntilShown(read, pid);
    const [soon, within] = [read(pid), readCommandLineWithin(pid, 200)];
    await new Promise(setImmediate);
    const end = performance.now() + 800;
    while (performance.now() < end);
    expect([await soon, await within]).toEqual([whole(), whole()]);
    expect(lostBatchThreads()).toBe(0);
  });

  it('are all answered when thousands are asked for at once', async () => {
    const pid = sleeper();
    await waitUntilShown(read, pid);
    const gauge = new LoopGauge();
    const answers = await Promise.all(Array.from({ length: 20_000 }, () => read(pid)));
    expect(gauge.stop()).toBeLessThan(500);
    const known = answers.filter((answer) => typeof answer !== 'string');
    expect(known.length).toBeGreaterThanOrEqual(16_384);
    expect(answers.length - known.length).toBe(answers.filter((answer) => answer === 'unreadable').length);
  });
});

describeNeeds(['fuse', 'mounts', 'x64'], 'command lines in batches, with a program that has its memory locked for ever', () => {
  it('costs others a moment, once', async () => {
    const tmpfs = new PrivateTmpfs();
    mkdirSync(tmpfs.at('fuse'));
    const server = await startFuseServer(tmpfs.at('fuse'), [{ name: 'quiet', silent: ['read'], directIoFromOpen: 1 }, { name: 'slow', silent: ['open'] }]);
    const hostile = spawnExec({ path: tmpfs.at('fuse/slow'), argv: ['x'], locked: tmpfs.at('fuse/quiet') });
    await new Promise((resolve) => hostile.stdout?.once('data', resolve));
    const gauge = new LoopGauge();
    const read = (pid: number): Promise<BatchedLine> => new Promise((resolve) => readCommandLineSoon(pid, resolve));
    expect(await read(hostile.pid ?? 0)).toBe('unreadable');
    expect(lostBatchThreads()).toBe(1);
    expect(await read(process.pid)).toMatchObject({ complete: true });
    expect(gauge.stop()).toBeLessThan(400);
    hostile.kill('SIGKILL');
    await server.stop();
    await waitUntil(() => lostBatchThreads() === 0);
    tmpfs.remove();
  });
});

/** A new program's arguments show a little later than the program itself. */
async function waitUntilShown(read: (pid: number) => Promise<BatchedLine>, pid: number): Promise<void> {
  for (let turn = 0; turn < 500; turn += 1) {
    const found = await read(pid);
    if (found === 'unreadable' || (typeof found !== 'string' && found.values[0] === '/bin/sh')) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`process ${pid} never showed its arguments`);
}
