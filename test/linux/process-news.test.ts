/** The proc connector of the running kernel. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import koffi from 'koffi';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ProcessNews } from '../../electron/platform/contract.ts';
import { openProcessNews, type ConnectorFeed } from '../../electron/platform/linux/proc-connector.ts';
import { exitProgram, forkStormProgram, leaderFirstProgram } from '../support/linux/elf-bytes.ts';
import { exitOf, spawnExec } from '../support/linux/exec-plan.ts';
import { PrivateTmpfs } from '../support/linux/private-tmpfs.ts';
import { waitUntil } from '../support/linux/wait-until.ts';
import { describeNeeds } from '../support/requirement.ts';

describeNeeds(['process-news', 'mounts', 'x64'], 'openProcessNews', () => {
  let tmpfs: PrivateTmpfs;
  let feed: ConnectorFeed;
  let news: ProcessNews[];
  let losses: (number | null)[];

  beforeEach(() => {
    tmpfs = new PrivateTmpfs();
    news = [];
    losses = [];
    const opened = openProcessNews();
    if (!opened.ok) throw new Error(opened.error.message);
    feed = opened.value;
    feed.start((batch) => news.push(...batch), (lost) => losses.push(lost), (message) => { throw new Error(message); });
  });

  afterEach(() => {
    feed.close();
    tmpfs.remove();
  });

  function of(pid: number | undefined): string[] {
    return news.flatMap((each) => (each.type === 'fork' ? (each.childPid === pid ? ['fork'] : []) : each.pid === pid ? [each.type] : []));
  }

  it('tells the fork, the exec and the exit of a process, with its parent and in time', async () => {
    const before = process.hrtime.bigint();
    const child = spawn('/bin/true');
    await waitUntil(() => of(child.pid).includes('exit'));
    expect(of(child.pid)).toEqual(['fork', 'exec', 'exit']);
    const fork = news.find((each) => each.type === 'fork' && each.childPid === child.pid);
    expect(fork).toMatchObject({ parentPid: process.pid });
    expect(fork!.atNs > before && fork!.atNs < process.hrtime.bigint()).toBe(true);
  });

  it('tells nothing of threads, and an exec from one is no end of the process', async () => {
    const child = spawnExec({ path: tmpfs.writeProgram('program', exitProgram(0)), argv: ['x'], thread: 'other' });
    await waitUntil(() => of(child.pid).includes('exit'));
    // Node's own exec, then the one from the pool thread, which ends the leader on the way.
    expect(of(child.pid)).toEqual(['fork', 'exec', 'exec', 'exit']);
  });

  it('tells the end of a process whose leader ends first when its last thread ends', async () => {
    const child = spawn(tmpfs.writeProgram('program', leaderFirstProgram(400)));
    await waitUntil(() => of(child.pid).includes('exec'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(of(child.pid)).toEqual(['fork', 'exec']);
    await waitUntil(() => of(child.pid).includes('exit'));
    expect(of(child.pid)).toEqual(['fork', 'exec', 'exit']);
  });

  it('loses nothing of 50,000 forks at up to 5,000 a second, also while the loop is held up for 3 seconds', async () => {
    const forks = 50_000;
    const child = spawn(tmpfs.writeProgram('storm', forkStormProgram(forks, 50, 7)), { stdio: 'ignore' });
    const started = performance.now();
    setTimeout(() => {
      const end = performance.now() + 3_000;
      while (performance.now() < end);
    }, 1_000);
    const { code } = await exitOf(child);
    const seconds = (performance.now() - started) / 1000;
    await waitUntil(() => of(child.pid).includes('exit'));
    const alive = new Set<number>();
    let exits = 0;
    for (const each of news) {
      if (each.type === 'fork' && each.parentPid === child.pid) alive.add(each.childPid);
      else if (each.type === 'exit' && alive.delete(each.pid)) exits += 1;
    }
    expect({ code, losses, forks: news.filter((each) => each.type === 'fork' && each.parentPid === child.pid).length, exits }).toEqual({ code: 0, losses: [], forks, exits: forks });
    // A loaded machine forks more slowly; a crawl would prove nothing.
    expect(forks / seconds).toBeGreaterThan(1_000);
  });

  it('says when it lost something, and exactly how much', async () => {
    feed.close();
    const opened = openProcessNews({ bufferBytes: 64 * 1024 });
    if (!opened.ok) throw new Error(opened.error.message);
    feed = opened.value;
    news = [];
    feed.start((batch) => news.push(...batch), (lost) => losses.push(lost), (message) => { throw new Error(message); });
    const forks = 5_000;
    const child = spawn(tmpfs.writeProgram('storm', forkStormProgram(forks, 5_000, 0)), { stdio: 'ignore' });
    const end = performance.now() + 1_500;
    while (performance.now() < end);
    await exitOf(child);
    // Each processor tells its gap with its next message.
    for (let round = 0; round < 20; round += 1) await exitOf(spawn('/bin/true'));
    await waitUntil(() => losses.reduce<number>((sum, lost) => sum + (lost ?? 0), 0) === droppedByKernel());
    expect(losses[0]).toBeNull();
    expect(droppedByKernel()).toBeGreaterThan(1_000);
  });

  /** The kernel's own count for our socket: /proc/net/netlink, column Drops. */
  function droppedByKernel(): number {
    const inode = /socket:\[(\d+)\]/.exec(readlinkSync(`/proc/self/fd/${feed.descriptor}`))?.[1];
    const row = readFileSync('/proc/net/netlink', 'latin1').split('\n').map((line) => line.trim().split(/\s+/)).find((fields) => fields[9] === inode);
    return Number(row?.[8]);
  }

  it('says why when it stands in another network namespace', () => {
    const library = koffi.load(null);
    const unshare = library.func('unshare', 'int', ['int']) as (flags: number) => number;
    const setns = library.func('setns', 'int', ['int', 'int']) as (fd: number, flags: number) => number;
    const CLONE_NEWNET = 0x4000_0000;
    const home = openSync('/proc/thread-self/ns/net', 'r');
    try {
      expect(unshare(CLONE_NEWNET)).toBe(0);
      const outcome = openProcessNews();
      expect(outcome.ok ? '' : outcome.error.message).toContain('network namespace');
    } finally {
      expect(setns(home, CLONE_NEWNET)).toBe(0);
      closeSync(home);
    }
  });
});
