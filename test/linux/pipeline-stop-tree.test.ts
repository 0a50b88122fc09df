/** Trees of thousands, and trees that multiply while they are stopped. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemScheduler } from '../../electron/engine/pipeline/system-scheduler.ts';
import { TreeStopper, type StopReport } from '../../electron/engine/response/stop-tree.ts';
import { listPids, readStat, readUid } from '../../electron/platform/linux/proc.ts';
import { openLivePipeline, systemClock, type LivePipeline } from '../support/linux/live-pipeline.ts';
import { LoopGauge } from '../support/linux/loop-gauge.ts';
import { PrivateTmpfs } from '../support/linux/private-tmpfs.ts';
import { processesOfUser } from '../support/linux/process-list.ts';
import { waitUntil } from '../support/linux/wait-until.ts';
import { describeNeeds } from '../support/requirement.ts';

/** An account of nobody else, so that its limit of processes is its own. */
const BOMB_UID = 54_321;
/** Reading a process list of 5,000 is one call into the kernel; with slices and a busy machine this is well above what is measured. */
const LOOP_LIMIT_MS = 200;

/**
 * The starter of a bomb of its own account, which keeps reaping what loses its parent, as init does. The bomb is a runner
 * that forks its successor and ends, over and over. Its limit of processes ends it when the starter no longer reaps.
 */
const RUNNER = `
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  struct rlimit most = { 200, 200 };
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (fork() == 0) {
    if (setrlimit(RLIMIT_NPROC, &most) != 0 || setuid(${BOMB_UID}) != 0) return 1;
    if (fork() == 0) for (;;) if (fork() != 0) _exit(0);
    for (;;) pause();
  }
  while (wait(NULL) > 0) continue;
  return 0;
}`;

describeNeeds(['process-news', 'mounts', 'root', 'c-compiler'], 'stopping large trees', () => {
  let tmpfs: PrivateTmpfs;
  let rig: LivePipeline;
  let root: ChildProcess | null = null;

  beforeEach(async () => {
    tmpfs = new PrivateTmpfs();
    chmodSync(tmpfs.path, 0o777);
    rig = await openLivePipeline(tmpfs.path, () => false);
  });

  afterEach(() => {
    rig.close();
    root?.kill('SIGKILL');
    for (const pid of processesOfUser(BOMB_UID)) killQuietly(pid);
    tmpfs.remove();
  });

  /** A shell of its own account that may have this many processes. */
  function shell(script: string, processes: number): number {
    root = spawn('/usr/bin/prlimit', [`--nproc=${processes}`, '--', '/usr/bin/setpriv', `--reuid=${BOMB_UID}`, '--clear-groups', '--', '/usr/bin/dash', '-c', script], { cwd: tmpfs.path, stdio: 'ignore' });
    return root.pid ?? 0;
  }

  async function stop(pid: number): Promise<{ report: StopReport; standstillMs: number }> {
    const stopper = new TreeStopper({ live: rig.live, tree: rig.pipeline.tree, clock: systemClock, scheduler: systemScheduler(), refusals: () => () => null });
    rig.onFork = (child) => stopper.onFork(child);
    const life = rig.pipeline.tree.current(pid);
    const startTicks = readStat(pid)?.startTicks;
    if (life === null || startTicks === undefined) throw new Error(`process ${pid} is not in the tree`);
    const gauge = new LoopGauge();
    const report = await stopper.stop(life, startTicks);
    return { report, standstillMs: gauge.stop() };
  }

  it('ends 5,000 processes, and the loop does not stand still meanwhile', async () => {
    execFileSync('mkfifo', ['-m', '0666', tmpfs.at('never')]);
    const pid = shell('i=0; while [ $i -lt 5000 ]; do (read x < never) & i=$((i+1)); done; echo > ready; wait', 5_500);
    await waitUntil(() => existsSync(tmpfs.at('ready')), 60_000);
    expect(processesOfUser(BOMB_UID)).toHaveLength(5_001);
    const { report, standstillMs } = await stop(pid);
    expect(processesOfUser(BOMB_UID)).toEqual([]);
    expect(report.outcome).toBe('stopped');
    expect(report.processes).toHaveLength(5_001);
    expect(report.processes.at(-1)?.pid).toBe(pid);
    expect(standstillMs).toBeLessThan(LOOP_LIMIT_MS);
  }, 120_000);

  it('ends a bomb whose runner ends as soon as it has forked its successor', async () => {
    writeFileSync(tmpfs.at('runner.c'), RUNNER);
    execFileSync('cc', ['-O1', '-o', tmpfs.at('runner'), tmpfs.at('runner.c')]);
    const starter = spawn(tmpfs.at('runner'), { stdio: 'ignore' });
    root = starter;
    await waitUntil(() => processesOfUser(BOMB_UID).length > 0, 20_000);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const bomb = listPids().find((pid) => readStat(pid)?.ppid === starter.pid && readUid(pid) === BOMB_UID && rig.pipeline.tree.current(pid)?.parent?.pid === starter.pid);
    const { report, standstillMs } = await stop(bomb ?? 0);
    expect(processesOfUser(BOMB_UID)).toEqual([]);
    expect(report.multiplies).toBe(false);
    expect(report.processes.filter(({ outcome }) => outcome === 'failed' || outcome === 'refused')).toEqual([]);
    expect(standstillMs).toBeLessThan(LOOP_LIMIT_MS);
  }, 120_000);
});

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
