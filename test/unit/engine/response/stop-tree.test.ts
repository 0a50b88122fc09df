import { beforeEach, describe, expect, it } from 'vitest';
import { ProcessTree } from '../../../../electron/engine/core/process-tree.ts';
import type { ProcessLife } from '../../../../electron/engine/core/process-node.ts';
import { TreeStopper, type StopReport } from '../../../../electron/engine/response/stop-tree.ts';
import type { ProcessStat } from '../../../../electron/platform/contract.ts';
import { FakeMachine } from '../../../support/fake-machine.ts';
import { FakeTime } from '../../../support/fake-time.ts';

let time: FakeTime;
let machine: FakeMachine;
let tree: ProcessTree;
let refuse: (stat: ProcessStat) => string | null;

beforeEach(() => {
  time = new FakeTime();
  machine = new FakeMachine(time);
  tree = new ProcessTree();
  refuse = () => null;
});

/** Tells the tree all news up to now. */
function tell(): void {
  for (const news of machine.takeNews()) {
    if (news.type === 'fork') tree.fork(news.parentPid, news.childPid, news.atNs, time.nowMs());
    else if (news.type === 'exit') tree.exit(news.pid, time.nowMs());
    else {
      const { image, argv, startTicks, ppid, uid } = machine.get(news.pid);
      tree.exec(news.pid, { startTicks, ppid, image: image ?? '', argv, argvComplete: true, uid, atNs: news.atNs }, time.nowMs());
    }
  }
}

function begin(pid: number): Promise<StopReport> {
  const stopper = new TreeStopper({ live: machine, tree, clock: time, scheduler: time, refusals: () => (stat) => refuse(stat) });
  const life: ProcessLife = tree.current(pid) ?? tree.latest(pid)!;
  return stopper.stop(life, life.startTicks!);
}

async function stop(pid: number): Promise<StopReport> {
  const report = begin(pid);
  await time.pass(5_000);
  return report;
}

const outcomes = (report: StopReport): Record<number, string> => Object.fromEntries(report.processes.map(({ pid, outcome }) => [pid, outcome]));

describe('stopping a tree', () => {
  it('suspends the root before anything else, then all below, and kills last started first', async () => {
    const root = machine.spawn(1, '/bin/evil');
    const child = machine.fork(root.pid);
    await time.pass(50);
    const grandchild = machine.spawn(child.pid, '/bin/worse');
    tell();
    const running = begin(root.pid);
    expect(machine.signals).toEqual([{ pid: root.pid, signal: 'SIGSTOP' }]);
    await time.pass(1_000);
    const report = await running;
    expect(report.outcome).toBe('stopped');
    expect(machine.signals.filter(({ signal }) => signal === 'SIGKILL').map(({ pid }) => pid)).toEqual([grandchild.pid, child.pid, root.pid]);
    expect(outcomes(report)).toEqual({ [grandchild.pid]: 'stopped', [child.pid]: 'stopped', [root.pid]: 'stopped' });
    expect([...machine.processes.keys()]).toEqual([1, 2]);
  });

  it('finds children of which no news has come', async () => {
    const root = machine.spawn(1, '/bin/evil');
    tell();
    const unknown = machine.spawn(root.pid, '/bin/hidden');
    machine.takeNews();
    await stop(root.pid);
    expect(machine.lives(unknown.pid)).toBe(false);
  });

  it('finds descendants whose parents have ended', async () => {
    const root = machine.spawn(1, '/bin/evil');
    const middle = machine.fork(root.pid);
    const daemon = machine.spawn(middle.pid, '/bin/daemon');
    machine.exit(middle.pid);
    tell();
    expect(machine.get(daemon.pid).ppid).toBe(1);
    const report = await stop(root.pid);
    expect(outcomes(report)).toEqual({ [daemon.pid]: 'stopped', [root.pid]: 'stopped' });
  });

  it('catches what forks until it is suspended', async () => {
    const root = machine.spawn(1, '/bin/bomb');
    tell();
    let left = 12;
    machine.onSignal = (process, signal) => {
      if (signal !== 'SIGSTOP' || left === 0) return;
      left -= 1;
      machine.fork(process.pid);
    };
    await stop(root.pid);
    expect([...machine.processes.keys()]).toEqual([1, 2]);
    expect(left).toBe(0);
  });

  it('catches a fork that shows only after the kill', async () => {
    const root = machine.spawn(1, '/bin/evil');
    const child = machine.spawn(root.pid, '/bin/child');
    tell();
    let forked = false;
    machine.onSignal = (process, signal) => {
      if (forked || signal !== 'SIGKILL' || process.pid !== child.pid) return;
      forked = true;
      machine.fork(root.pid);
      tell();
    };
    await stop(root.pid);
    expect(forked).toBe(true);
    expect([...machine.processes.keys()]).toEqual([1, 2]);
  });

  it('calls a process that had ended gone, and still stops what it left behind', async () => {
    const root = machine.spawn(1, '/bin/evil');
    const left = machine.spawn(root.pid, '/bin/left');
    tell();
    machine.exit(root.pid);
    tell();
    const report = await stop(root.pid);
    expect(report.outcome).toBe('gone');
    expect(outcomes(report)).toEqual({ [root.pid]: 'gone', [left.pid]: 'stopped' });
  });

  it('leaves another process alone that has got the pid', async () => {
    const root = machine.spawn(1, '/bin/evil');
    tell();
    const before = { ...root };
    machine.exit(root.pid);
    machine.processes.set(root.pid, { ...before, startTicks: before.startTicks + 5, image: '/bin/innocent' });
    const report = await stop(root.pid);
    expect(report.outcome).toBe('gone');
    expect(machine.signals).toEqual([]);
  });

  it('leaves a bare fork alone whose pid has been used again since the news', async () => {
    const root = machine.spawn(1, '/bin/evil');
    const child = machine.fork(root.pid);
    tell();
    machine.exit(child.pid);
    machine.takeNews();
    await time.pass(10_000);
    machine.processes.set(child.pid, { ...child, ppid: 1, startTicks: child.startTicks + 1_000, image: '/bin/innocent' });
    await stop(root.pid);
    expect(machine.lives(child.pid)).toBe(true);
  });

  it('leaves children alone that the process had before its present program', async () => {
    const shell = machine.spawn(1, '/bin/sh');
    const job = machine.spawn(shell.pid, '/bin/job');
    machine.exec(shell.pid, '/bin/evil');
    const child = machine.spawn(shell.pid, '/bin/child');
    tell();
    await stop(shell.pid);
    expect([job, child, shell].map(({ pid }) => machine.lives(pid))).toEqual([true, false, false]);
  });

  it('leaves what those children fork alone as well', async () => {
    const shell = machine.spawn(1, '/bin/sh');
    const job = machine.spawn(shell.pid, '/bin/job');
    machine.exec(shell.pid, '/bin/evil');
    tell();
    const stopper = new TreeStopper({ live: machine, tree, clock: time, scheduler: time, refusals: () => () => null });
    const report = stopper.stop(tree.current(shell.pid)!, shell.startTicks);
    const later = machine.fork(job.pid);
    machine.takeNews();
    stopper.onFork(tree.fork(job.pid, later.pid, time.monotonicNs(), time.nowMs()));
    await time.pass(1_000);
    expect((await report).processes).toHaveLength(1);
    expect(machine.lives(later.pid)).toBe(true);
  });

  it('touches nothing when the root is protected', async () => {
    const root = machine.spawn(1, '/bin/evil');
    machine.spawn(root.pid, '/bin/child');
    tell();
    refuse = () => 'it is part of Holdfast';
    const report = await stop(root.pid);
    expect(report).toMatchObject({ outcome: 'refused', reason: 'it is part of Holdfast' });
    expect(machine.signals).toEqual([]);
  });

  it('spares a protected descendant with everything below it, and says so', async () => {
    const root = machine.spawn(1, '/bin/evil');
    const spared = machine.spawn(root.pid, '/bin/spared');
    const below = machine.spawn(spared.pid, '/bin/below');
    const other = machine.spawn(root.pid, '/bin/other');
    tell();
    refuse = ({ pid }) => (pid === spared.pid ? 'it is the display server' : null);
    const report = await stop(root.pid);
    expect([spared, below, other, root].map(({ pid }) => machine.lives(pid))).toEqual([true, true, false, false]);
    expect(machine.get(below.pid).state).toBe('S');
    expect(report.processes.find(({ pid }) => pid === spared.pid)).toMatchObject({ outcome: 'refused', reason: 'it is the display server' });
  });

  it('reports what it had no right to stop', async () => {
    const root = machine.spawn(1, '/bin/evil');
    tell();
    machine.untouchable.add(root.pid);
    expect(await stop(root.pid)).toMatchObject({ outcome: 'failed', reason: 'it belongs to another account' });
  });

  it('reports what the kernel does not end', async () => {
    const root = machine.spawn(1, '/bin/evil');
    tell();
    machine.unkillable.add(root.pid);
    expect(await stop(root.pid)).toMatchObject({ outcome: 'failed', reason: 'it was told to end, but the kernel has not ended it yet' });
  });

  it('takes a zombie for ended, and a leader whose threads live on for alive', async () => {
    const zombie = machine.spawn(1, '/bin/zombie');
    const threads = machine.spawn(1, '/bin/threads');
    tell();
    zombie.state = 'Z';
    threads.state = 'Z';
    const stat = machine.stat.bind(machine);
    machine.stat = (pid) => {
      const found = stat(pid);
      return found !== null && pid === threads.pid ? { ...found, threads: 3 } : found;
    };
    expect((await stop(zombie.pid)).outcome).toBe('gone');
    expect((await stop(threads.pid)).outcome).toBe('stopped');
  });

  it('catches by its news what is gone whenever the list is read', async () => {
    const root = machine.spawn(1, '/bin/bomb');
    let runner = machine.fork(root.pid);
    tell();
    const stopper = new TreeStopper({ live: machine, tree, clock: time, scheduler: time, refusals: () => () => null });
    const list = machine.list.bind(machine);
    // The runner forks its successor and ends whenever somebody looks.
    machine.list = () => {
      const before = list();
      if (machine.processes.get(runner.pid)?.state === 'T') return before;
      const next = machine.fork(runner.pid);
      machine.exit(runner.pid);
      runner = next;
      return before;
    };
    const report = stopper.stop(tree.current(root.pid)!, root.startTicks);
    for (let turn = 0; turn < 200; turn += 1) {
      await time.pass(1);
      for (const news of machine.takeNews()) {
        if (news.type === 'fork') stopper.onFork(tree.fork(news.parentPid, news.childPid, news.atNs, time.nowMs()));
        else if (news.type === 'exit') tree.exit(news.pid, time.nowMs());
      }
    }
    expect((await report).outcome).toBe('stopped');
    expect([...machine.processes.keys()]).toEqual([1, 2]);
  });

  it('says so when the tree multiplies faster than it can be stopped, and gives up after a while', async () => {
    const root = machine.spawn(1, '/bin/bomb');
    tell();
    const stopper = new TreeStopper({ live: machine, tree, clock: time, scheduler: time, refusals: () => () => null });
    const done: StopReport[] = [];
    void stopper.stop(tree.current(root.pid)!, root.startTicks).then((report) => done.push(report));
    for (let turn = 0; turn < 2_000 && done.length === 0; turn += 1) {
      await time.pass(10);
      stopper.onFork(tree.fork(root.pid, 50_000 + turn, time.monotonicNs(), time.nowMs()));
      tree.exit(50_000 + turn, time.nowMs());
    }
    expect(done).toMatchObject([{ outcome: 'stopped', multiplies: true }]);
  });

  it('stops a tree of 5,000 in slices', async () => {
    const root = machine.spawn(1, '/bin/bomb');
    for (let count = 0; count < 5_000; count += 1) machine.fork(root.pid);
    tell();
    time.stepNs = 20_000n;
    const report = await stop(root.pid);
    expect(report.processes).toHaveLength(5_001);
    expect(report.processes.every(({ outcome }) => outcome === 'stopped')).toBe(true);
    expect(time.longestTurnNs).toBeGreaterThan(0n);
    expect(time.longestTurnNs).toBeLessThan(20_000_000n);
  });

  it('reads the process list once for trees that are stopped at the same time', async () => {
    const roots = Array.from({ length: 50 }, () => machine.spawn(1, '/bin/evil'));
    tell();
    let lists = 0;
    const list = machine.list.bind(machine);
    machine.list = () => {
      lists += 1;
      return list();
    };
    const stopper = new TreeStopper({ live: machine, tree, clock: time, scheduler: time, refusals: () => () => null });
    const reports = Promise.all(roots.map(({ pid, startTicks }) => stopper.stop(tree.current(pid)!, startTicks)));
    await time.pass(5_000);
    expect((await reports).every(({ outcome }) => outcome === 'stopped')).toBe(true);
    expect(lists).toBeLessThan(6);
  });
});
