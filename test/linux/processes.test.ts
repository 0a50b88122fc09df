/** Readers of /proc, held processes and peers, on the running kernel. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCommandLine, readCommandLineWithin } from '../../electron/platform/linux/command-line.ts';
import { descriptorBudget, raiseDescriptorLimit } from '../../electron/platform/linux/limits.ts';
import { isOwnPeer, peerCredentials, socketFd } from '../../electron/platform/linux/peer.ts';
import { holdProcess } from '../../electron/platform/linux/pidfd.ts';
import {
  bootTimeMs, listPids, readBootId, readCwd, readDescriptorLink, readImage, readImageFacts, readOwner, readRoot, readStat, readTgid, readUid, resourceUse, sharesRoot, ticksToMs,
} from '../../electron/platform/linux/proc.ts';
import { listSeenProcesses } from '../../electron/platform/linux/process-poll.ts';
import { openPolledNews } from '../../electron/platform/portable/polled-news.ts';
import { sleepProgram } from '../support/linux/elf-bytes.ts';
import { exitOf, spawnExec } from '../support/linux/exec-plan.ts';
import { PrivateTmpfs } from '../support/linux/private-tmpfs.ts';
import { waitUntil } from '../support/linux/wait-until.ts';
import { describeNeeds, itNeeds } from '../support/requirement.ts';

const NOBODY = 65_534;
const GONE = 0x3f_fff0;

describeNeeds(['root', 'mounts'], 'readers of /proc', () => {
  let tmpfs: PrivateTmpfs;
  let children: ChildProcess[];

  beforeEach(() => {
    tmpfs = new PrivateTmpfs();
    children = [];
  });

  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map((child) => exitOf(child)));
    tmpfs.remove();
  });

  function sleeper(program = '/bin/sleep', options: { uid?: number; cwd?: string; argv?: readonly string[] } = {}): number {
    const child = spawn(program, options.argv ?? ['30'], { stdio: ['pipe', 'ignore', 'ignore'], ...options });
    children.push(child);
    return child.pid ?? 0;
  }

  it('identify a process by its start time, whatever it is called', () => {
    const pid = sleeper(tmpfs.copyProgram('/bin/sleep', 'a) R 1 (b'));
    const stat = readStat(pid);
    expect(stat).toMatchObject({ pid, ppid: process.pid, threads: 1 });
    expect(Math.abs(bootTimeMs() + ticksToMs(stat!.startTicks) - Date.now())).toBeLessThan(1_000);
    expect(readStat(process.pid)!.threads).toBeGreaterThan(1);
  });

  it('name the image, also when it was unlinked or looks as if', () => {
    const plain = tmpfs.copyProgram('/bin/sleep', 'plain');
    const odd = tmpfs.copyProgram('/bin/sleep', 'odd (deleted)');
    const [first, second] = [sleeper(plain), sleeper(odd)];
    expect(readImage(first)).toEqual({ path: plain, deleted: false });
    expect(readImage(second)).toEqual({ path: odd, deleted: false });
    linkSync(plain, tmpfs.at('other name'));
    unlinkSync(odd);
    expect(readImage(second)).toEqual({ path: odd, deleted: true });
    expect(readImageFacts(second)).toMatchObject({ ownerUid: 0, size: readImageFacts(first)!.size });
  });

  it('tell the account a process acts for, also of one that may not be dumped', async () => {
    const program = tmpfs.copyProgram('/bin/sleep', 'unreadable');
    chmodSync(program, 0o711);
    const pid = sleeper(program, { uid: NOBODY });
    await waitUntil(() => readImage(pid)?.path === program);
    expect(readUid(pid)).toBe(NOBODY);
    expect(readUid(process.pid)).toBe(0);
    expect(readOwner(pid)).toEqual({ uid: NOBODY, threads: 1 });
    expect(readOwner(process.pid)).toEqual({ uid: 0, threads: readStat(process.pid)!.threads });
    expect(readOwner(GONE)).toBeNull();
  });

  it('tell folder, root, descriptors and thread group', () => {
    mkdirSync(tmpfs.at('inside'));
    const pid = sleeper('/bin/sleep', { cwd: tmpfs.at('inside') });
    expect([readCwd(pid), readRoot(pid), readTgid(pid), sharesRoot(pid)]).toEqual([tmpfs.at('inside'), '/', pid, true]);
    expect(readDescriptorLink(pid, 0)).toMatch(/^(pipe|socket):\[\d+\]$/);
    expect(sharesRoot(GONE)).toBeNull();
  });

  itNeeds(['x64'], 'know a process with another root folder', async () => {
    tmpfs.writeProgram('asleep', sleepProgram(30_000));
    const pid = sleeper('/usr/sbin/chroot', { argv: [tmpfs.path, '/asleep'] });
    await waitUntil(() => readImage(pid)?.path.endsWith('asleep') === true);
    expect([sharesRoot(pid), readRoot(pid), readImage(pid)?.path]).toEqual([false, tmpfs.path, tmpfs.at('asleep')]);
  });

  it('know a process in another mount namespace by its root', async () => {
    const pid = sleeper('/usr/bin/unshare', { argv: ['-m', '/bin/sleep', '30'] });
    await waitUntil(() => readImage(pid)?.path.endsWith('sleep') === true);
    expect(sharesRoot(pid)).toBe(false);
  });

  it('read the command line in each way', async () => {
    const values = ['x', '', '\udcff', 'y'.repeat(10_000)];
    const plan = { path: '/bin/sleep', argv: ['sleep', '30', '', Buffer.from([0xff]), 'y'.repeat(10_000)] };
    const child = spawnExec({ ...plan, argv: ['/bin/sh', '-c', 'sleep 30; :', ...values.map((value) => (value === '\udcff' ? Buffer.from([0xff]) : value))], path: '/bin/sh' });
    children.push(child);
    const pid = child.pid ?? 0;
    await waitUntil(() => readImage(pid)?.path.includes('node') === false);
    const expected = { values: ['/bin/sh', '-c', 'sleep 30; :', ...values], complete: true };
    // The kernel shows the new program a little before its arguments.
    await waitUntil(() => (readCommandLine(pid)?.values.length ?? 0) > 0);
    expect([await readCommandLineWithin(pid, 1_000), readCommandLine(pid)]).toEqual([expected, expected]);
    expect([await readCommandLineWithin(GONE, 1_000), readCommandLine(GONE)]).toEqual(['gone', null]);
  });

  it('list processes, and give null for what is gone', () => {
    const pid = sleeper();
    expect(listPids()).toContain(pid);
    expect(listSeenProcesses().find((seen) => seen.pid === pid)).toMatchObject({ parentPid: process.pid, identity: String(readStat(pid)!.startTicks) });
    expect([readStat(GONE), readImage(GONE), readUid(GONE), readTgid(GONE), readCwd(GONE), readDescriptorLink(GONE, 0), readImageFacts(GONE)]).toEqual(Array(7).fill(null));
    expect(readBootId()).toMatch(/^[0-9a-f-]{36}$/);
    expect(resourceUse(process.pid)?.memoryBytes).toBeGreaterThan(1_000_000);
  });

  it('make news out of lists, where the kernel tells none', async () => {
    const told: string[] = [];
    const feed = openPolledNews(listSeenProcesses, 20);
    feed.start((news) => told.push(...news.map((each) => `${each.type} ${each.type === 'fork' ? each.childPid : each.pid}`)), () => undefined, () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const pid = sleeper();
    await waitUntil(() => told.includes(`exec ${pid}`));
    children[0]!.kill('SIGKILL');
    await waitUntil(() => told.includes(`exit ${pid}`));
    feed.close();
    const ofIt = told.filter((each) => each.endsWith(` ${pid}`));
    // A look between its fork and its exec sees two programs, hence two execs.
    expect([...new Set(ofIt)]).toEqual([`fork ${pid}`, `exec ${pid}`, `exit ${pid}`]);
  });

  it('hold the process that was meant, and signal it', async () => {
    const pid = sleeper();
    const held = holdProcess(pid, readStat(pid)!.startTicks);
    if (!held.ok || held.value === null) throw new Error('not held');
    expect(held.value.signal('SIGSTOP')).toEqual({ ok: true, value: true });
    await waitUntil(() => readStat(pid)?.state === 'T');
    held.value.signal('SIGCONT');
    await waitUntil(() => readStat(pid)?.state === 'S');
    held.value.signal('SIGKILL');
    await exitOf(children[0]!);
    expect(held.value.signal('SIGKILL')).toEqual({ ok: true, value: false });
    held.value.close();
    const { value } = held;
    expect(() => value.signal('SIGKILL')).toThrow('no longer held');
  });

  it('hold nobody when the id means another process now', async () => {
    const pid = sleeper();
    const { startTicks } = readStat(pid)!;
    expect(holdProcess(pid, startTicks - 1)).toEqual({ ok: true, value: null });
    const held = holdProcess(pid, startTicks);
    if (!held.ok || held.value === null) throw new Error('not held');
    children[0]!.kill('SIGKILL');
    await exitOf(children[0]!);
    // Start times count in ticks of 10 ms; ids are not used again that fast by themselves.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const again = await reuseOf(pid);
    // Whether or not the kernel gave the id to someone else, neither the old hold nor a new one reaches them.
    expect([held.value.signal('SIGKILL'), holdProcess(pid, startTicks)]).toEqual([{ ok: true, value: false }, { ok: true, value: null }]);
    expect(again === null || readStat(pid)?.ppid === process.pid).toBe(true);
    held.value.close();
  });

  /** Has the id given to a new process, by telling the kernel which one it gave last; null when others were quicker. */
  async function reuseOf(pid: number): Promise<number | null> {
    for (let attempt = 0; attempt < 50; attempt += 1) {
      writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
      if (sleeper() === pid) return pid;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return null;
  }

  it('say who is at the other end of a socket', async () => {
    const socketPath = tmpfs.at('socket');
    const connected: net.Socket[] = [];
    const server = net.createServer((socket) => connected.push(socket)).listen(socketPath);
    await new Promise((resolve) => server.once('listening', resolve));
    chmodSync(socketPath, 0o777);
    const own = net.connect(socketPath);
    await waitUntil(() => connected.length === 1);
    const script = `require('net').connect(${JSON.stringify(socketPath)}).on('error', () => process.exit(1)); setTimeout(() => {}, 30000)`;
    const other = sleeper(process.execPath, { uid: NOBODY, argv: ['-e', script] });
    await waitUntil(() => connected.length === 2);
    expect(peerCredentials(socketFd(connected[0]!)!)).toEqual({ ok: true, value: { pid: process.pid, uid: 0, gid: 0 } });
    expect(peerCredentials(socketFd(connected[1]!)!)).toMatchObject({ ok: true, value: { pid: other, uid: NOBODY } });
    expect([isOwnPeer(connected[0]!), isOwnPeer(connected[1]!), isOwnPeer(own)]).toEqual([true, false, true]);
    own.destroy();
    for (const socket of connected) socket.destroy();
    await waitUntil(() => socketFd(own) === null);
    expect(isOwnPeer(own)).toBe(false);
    server.close();
  });
});

itNeeds(['linux'], 'raises the limit of open files and never lowers it', () => {
  const before = descriptorBudget();
  if (!before.ok) throw new Error(before.error.message);
  expect(before.value.free).toBe(before.value.limit - before.value.open);
  expect(raiseDescriptorLimit(1)).toEqual({ ok: true, value: before.value.limit });
  const raised = raiseDescriptorLimit(before.value.limit + 1);
  expect(raised.ok ? raised.value : raised.error.message).toSatisfy((outcome: unknown) => outcome === before.value.limit + 1 || String(outcome).includes('ulimit'));
});
