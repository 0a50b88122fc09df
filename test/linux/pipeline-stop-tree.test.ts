/** Trees of thousands, and trees that multiply while they are stopped. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemScheduler } from '../../electron/engine/pipeline/system-scheduler.ts';
import { TreeStopper, type StopReport } from '../../electron/engine/response/stop-tree.ts';
import { openLivePipeline, systemClock, type LivePipeline } from '../support/linux/live-pipeline.ts';
import { LoopGauge } from '../support/linux/loop-gauge.ts';
import { PrivateTmpfs } from '../support/linux/private-tmpfs.ts';
import { processesOfUser } from '../support/linux/process-list.ts';
import { waitUntil } from '../support/linux/wait-until.ts';
import { describeNeeds } from '../support/requirement.ts';

/** An account of nobody else, so that its limit of processes is its own. */
const BOMB_UID = 54_321;
const LOOP_LIMIT_MS = 60;

describeNeeds(['process-news', 'mounts', 'root'], 'stopping large trees', () => {
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
    for (const pid of processesOfUser(BOMB_UID)) process.kill(pid, 'SIGKILL');
    tmpfs.remove();
  });

  /** A shell of its own account that may have this many processes. */
  function shell(script: string, processes: number): number {
    root = spawn('/usr/bin/prlimit', [`--nproc=${processes}`, '--', '/usr/bin/setpriv', `--reuid=${BOMB_UID}`, '--clear-groups', '--', '/usr/bin/dash', '-c', script], { cwd: tmpfs.path, stdio: 'ignore' });
    return root.pid ?? 0;
  }

  async function stop(pid: number): Promise<{ report: StopReport; standstillMs: number }> {
    const stopper = new TreeStopper({ live: rig.live, tree: rig.pipeline.tree, clock: systemClock, scheduler: systemScheduler(), refusals: () => () => null });
    const life = rig.pipeline.tree.current(pid);
    if (life?.startTicks == null) throw new Error(`process ${pid} is not in the tree`);
    const gauge = new LoopGauge();
    const report = await stopper.stop(life, life.startTicks);
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

  it('ends a fork bomb whose parents keep ending, down to the last of it', async () => {
    const pid = shell('b() { b & b & }; b; wait', 400);
    await waitUntil(() => processesOfUser(BOMB_UID).length > 200, 20_000);
    const { report, standstillMs } = await stop(pid);
    expect(processesOfUser(BOMB_UID)).toEqual([]);
    expect(report.processes.filter(({ outcome }) => outcome === 'failed' || outcome === 'refused')).toEqual([]);
    expect(standstillMs).toBeLessThan(LOOP_LIMIT_MS);
  }, 120_000);
});
