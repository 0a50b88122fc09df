import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { KnownProcesses } from '../../../../electron/platform/linux/known-processes.ts';
import { readStat } from '../../../../electron/platform/linux/proc.ts';
import { describeNeeds } from '../../../support/requirement.ts';

describeNeeds(['linux'], 'KnownProcesses', () => {
  it('tells what the process files tell, each time', () => {
    const known = new KnownProcesses();
    const first = known.stat(process.pid);
    const { startTicks, ppid } = readStat(process.pid) ?? {};
    expect(first).toMatchObject({ pid: process.pid, startTicks, ppid });
    expect(known.stat(process.pid)).toBe(first);
  });

  it('knows at once that a process has ended', async () => {
    const known = new KnownProcesses();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    expect(known.stat(child.pid ?? -1)).not.toBeNull();
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    expect(known.stat(child.pid ?? -1)).toBeNull();
  });

  it('keeps few descriptors open', () => {
    const known = new KnownProcesses();
    const pids = [process.pid, process.ppid, 1, 2].filter((pid) => readStat(pid) !== null);
    for (let turn = 0; turn < 20; turn += 1) for (const pid of pids) known.stat(pid);
    for (const pid of pids) expect(known.stat(pid)?.startTicks).toBe(readStat(pid)?.startTicks);
  });
});
