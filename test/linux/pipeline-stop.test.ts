/** Programs that are stopped right after their start, on the real machine: what is stopped, how soon, and what is spared. */
import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FactReader } from '../../shared/start/facts.ts';
import { openLivePipeline, type LivePipeline } from '../support/linux/live-pipeline.ts';
import { processesOf } from '../support/linux/process-list.ts';
import { PrivateTmpfs } from '../support/linux/private-tmpfs.ts';
import { waitUntil } from '../support/linux/wait-until.ts';
import { describeNeeds } from '../support/requirement.ts';

describeNeeds(['process-news', 'mounts', 'root'], 'stopping right after the start', () => {
  let tmpfs: PrivateTmpfs;
  let rig: LivePipeline;
  let forbidden: (facts: FactReader) => boolean;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    tmpfs = new PrivateTmpfs();
    forbidden = (facts) => String(facts('image')).endsWith('/forbidden');
    rig = await openLivePipeline(tmpfs.path, (facts) => forbidden(facts));
  });

  afterEach(() => {
    rig.close();
    for (const child of children.splice(0)) child.kill('SIGKILL');
    tmpfs.remove();
  });

  function run(command: string, args: readonly string[], options: object = {}): ChildProcess {
    const child = spawn(command, args, { cwd: tmpfs.path, stdio: 'ignore', ...options });
    children.push(child);
    return child;
  }

  const ended = (child: ChildProcess): Promise<NodeJS.Signals | number | null> => new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  const stoppedEntries = () => rig.findings.filter(({ action }) => action === 'stopped');

  it('ends the program, and says what ran under whom', async () => {
    const program = tmpfs.copyProgram('/usr/bin/sleep', 'forbidden');
    const started = performance.now();
    const child = run(program, ['600']);
    expect(await ended(child)).toBe('SIGKILL');
    expect(performance.now() - started).toBeLessThan(1_000);
    await waitUntil(() => rig.findings.length > 0);
    expect(rig.findings).toMatchObject([{ action: 'stopped', process: { pid: child.pid, image: program, argv: [program, '600'], uid: 0 }, notes: ['It was not prevented: the sentinel was not running.'] }]);
    expect(rig.findings[0]?.ancestors[0]?.pid).toBe(process.pid);
  });

  it('takes everything along that it started, also what it had given away to init', async () => {
    const shell = tmpfs.copyProgram('/usr/bin/dash', 'shell');
    const sleeper = tmpfs.copyProgram('/usr/bin/sleep', 'sleeper');
    forbidden = (facts) => String(facts('image')).endsWith('/late');
    tmpfs.copyProgram('/usr/bin/sleep', 'late');
    // The shell becomes the forbidden program only after its children run: those are older than what is forbidden and stay.
    run(shell, ['-c', `${sleeper} 600 & (${sleeper} 600 &) ; ${sleeper} 0.2; exec ./late 600`]);
    await waitUntil(() => stoppedEntries().length === 1);
    expect(processesOf(tmpfs.at('late'))).toEqual([]);
    expect(processesOf(sleeper)).toHaveLength(2);
    for (const pid of processesOf(sleeper)) process.kill(pid, 'SIGKILL');
    // Now the shell itself is the forbidden program: all below it goes.
    forbidden = (facts) => String(facts('image')).endsWith('/shell') && JSON.stringify(facts('argv')).includes('marked');
    rig.findings.length = 0;
    const root = run(shell, ['-c', `kill -STOP $$; : marked; ${sleeper} 600 & (${sleeper} 601 &) ; wait`]);
    await waitUntil(() => stoppedEntries().length === 1);
    expect(await alive(root)).toBe(false);
    expect(processesOf(sleeper)).toEqual([]);
  });

  it('spares what it must: the process that runs Holdfast', async () => {
    forbidden = () => true;
    const program = tmpfs.copyProgram('/usr/bin/sleep', 'forbidden');
    const child = run(program, ['600']);
    rig.shield.setOwn([process.pid, child.pid ?? 0]);
    await waitUntil(() => rig.findings.length > 0);
    expect(rig.findings[0]).toMatchObject({ action: 'audited' });
    expect(rig.findings[0]?.notes.at(-1)).toBe('It was not stopped: it is part of Holdfast.');
    expect(await alive(child)).toBe(true);
  });

  it('leaves everything outside the scope alone', async () => {
    forbidden = () => true;
    const outside = spawn('/usr/bin/sleep', ['600'], { cwd: '/', stdio: 'ignore' });
    children.push(outside);
    const inside = run(tmpfs.copyProgram('/usr/bin/sleep', 'inside'), ['600']);
    expect(await ended(inside)).toBe('SIGKILL');
    expect(await alive(outside)).toBe(true);
    expect(rig.findings.every(({ process: { image } }) => image.startsWith(tmpfs.path))).toBe(true);
  });
});

async function alive(child: ChildProcess): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 50));
  return child.exitCode === null && child.signalCode === null;
}
