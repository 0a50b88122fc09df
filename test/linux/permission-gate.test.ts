/** The kernel's permission queue itself, on a tmpfs of the test's own. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PermissionEvent, PermissionGate } from '../../electron/platform/contract.ts';
import { resourceLimit } from '../../electron/platform/ffi/libc.ts';
import { oneTimer } from '../../electron/platform/linux/descriptor-timer.ts';
import { openPermissionGate } from '../../electron/platform/linux/fanotify.ts';
import { pathOf } from '../../electron/platform/linux/files.ts';
import { readMounts } from '../../electron/platform/linux/mounts.ts';
import { execProgram64, exitProgram } from '../support/linux/elf-bytes.ts';
import { exitOf, spawnExec, spawnMarked } from '../support/linux/exec-plan.ts';
import { detach, mount } from '../support/linux/libc.ts';
import { PrivateTmpfs } from '../support/linux/private-tmpfs.ts';
import { describeNeeds } from '../support/requirement.ts';
import { waitUntil } from '../support/linux/wait-until.ts';

const EPERM = 1;

describeNeeds(['exec-gate', 'mounts', 'x64'], 'openPermissionGate', () => {
  let tmpfs: PrivateTmpfs;
  let gate: PermissionGate;
  let failures: string[];
  let start: (values: readonly string[]) => Promise<number | null>;

  beforeEach(() => {
    tmpfs = new PrivateTmpfs();
    failures = [];
    const starter = tmpfs.writeProgram('starter', execProgram64());
    tmpfs.writeProgram('seven', exitProgram(7));
    gate = openGate(4);
    // The starter lies on the marked file system too: it is asked about first.
    start = async (values) => (await exitOf(spawnMarked(starter, values))).code;
  });

  afterEach(() => {
    gate.close();
    tmpfs.remove();
  });

  function openGate(maxHeld: number): PermissionGate {
    const opened = openPermissionGate({ maxHeld });
    if (!opened.ok) throw new Error(opened.error.message);
    return opened.value;
  }

  function begin(take: (event: PermissionEvent, path: string) => void): void {
    gate.start((event) => take(event, pathOf(event.fd).path), (message) => failures.push(message));
    expect(gate.markFilesystem(tmpfs.path)).toEqual({ ok: true, value: undefined });
  }

  it('lets what is allowed run and refuses with EPERM what is denied', async () => {
    begin((event, path) => gate.answer(event, !path.endsWith('/denied')));
    tmpfs.writeProgram('denied', exitProgram(9));
    expect(await start([tmpfs.at('seven')])).toBe(7);
    expect(await start([tmpfs.at('denied')])).toBe(EPERM);
    expect([gate.held, failures]).toEqual([0, []]);
  });

  it('names the thread that asks, also when it is not the leader', async () => {
    let asking: PermissionEvent | null = null;
    begin((event) => {
      asking = event;
      expect(readFileSync(`/proc/${event.tid}/status`, 'utf8')).toContain(`Tgid:\t${child.pid ?? 0}\n`);
      gate.answer(event, true);
    });
    const child = spawnExec({ path: tmpfs.at('seven'), argv: ['seven'], thread: 'other' });
    expect((await exitOf(child)).code).toBe(7);
    expect(asking!.tid).not.toBe(child.pid);
  });

  it('says that it rests after what it took, before timers run', async () => {
    const told: string[] = [];
    gate.start((event) => {
      setImmediate(() => told.push('turn'));
      gate.answer(event, true);
      told.push('answered');
    }, (message) => failures.push(message), () => told.push('rest'));
    gate.markFilesystem(tmpfs.path);
    await exitOf(spawnMarked(tmpfs.at('seven')));
    expect(told.slice(0, 3)).toEqual(['answered', 'rest', 'turn']);
  });

  it('waits in the kernel for the next question, and what the loop watches does not wait with it', async () => {
    const late: number[] = [];
    let dueAt = 0;
    const timer = oneTimer(() => late.push(performance.now() - dueAt))!;
    begin((event) => {
      gate.answer(event, true);
      dueAt = performance.now() + 20;
      timer.set(20);
    });
    // Nothing ends for a second, so nothing else makes this thread go back to its loop.
    const sleeper = exitOf(spawnMarked(tmpfs.at('starter'), [tmpfs.copyProgram('/bin/sleep', 'sleep'), '1']));
    await waitUntil(() => late.length > 0);
    timer.close();
    expect(late[0]).toBeLessThan(100);
    expect((await sleeper).code).toBe(0);
  });

  it('is waited for in place: for as long as nothing comes, until a question is taken, and no longer than the loop has nothing to do', async () => {
    expect(gate.attend(1_000)).toBe(false); // not started yet
    const taken: PermissionEvent[] = [];
    begin((event) => taken.push(event));
    const timer = oneTimer(() => undefined)!;
    // The loop does what is left from before, and begins to watch.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const from = performance.now();
    expect(gate.attend(60)).toBe(true);
    expect(performance.now() - from).toBeGreaterThan(55);
    const child = spawnMarked(tmpfs.at('seven'));
    expect([gate.attend(10_000), taken.length]).toEqual([false, 1]);
    // One that is held is answered from the loop.
    expect(gate.attend(10_000)).toBe(false);
    gate.answer(taken[0]!, true);
    expect((await exitOf(child)).code).toBe(7);
    timer.set(20);
    expect(gate.attend(10_000)).toBe(false);
    timer.close();
    expect(performance.now() - from).toBeLessThan(9_000);
  });

  it('goes back to its loop in a storm when that has something to do, and hands over what it took also when not', async () => {
    let answered = 0;
    let rests = 0;
    let late = 0;
    gate.start((event) => {
      gate.answer(event, true);
      answered += 1;
    }, (message) => failures.push(message), () => { rests += 1; });
    gate.markFilesystem(tmpfs.path);
    const dueAt = performance.now() + 200;
    const timer = oneTimer(() => { late = performance.now() - dueAt; })!;
    timer.set(200);
    const storm = spawn('/bin/sh', ['-c', 'for i in $(seq 600); do "$0"; done', tmpfs.at('seven')], { stdio: 'ignore' });
    await exitOf(storm);
    timer.close();
    expect(answered).toBe(600);
    expect(rests).toBeGreaterThan(600 / 32 - 1);
    expect(late).toBeLessThan(500);
    expect(failures).toEqual([]);
  });

  it('asks about opening one marked file and no other', async () => {
    const secret = tmpfs.at('secret');
    writeFileSync(secret, 'x');
    writeFileSync(tmpfs.at('plain'), 'x');
    const asked: string[] = [];
    gate.start((event) => {
      asked.push(`${event.kind} ${pathOf(event.fd).path}`);
      gate.answer(event, false);
    }, (message) => failures.push(message));
    expect(gate.markFileOpen(secret)).toEqual({ ok: true, value: undefined });
    const read = (file: string): Promise<number | null> => exitOf(spawn('/bin/cat', [file], { stdio: 'ignore' })).then((exit) => exit.code);
    expect([await read(secret), await read(tmpfs.at('plain'))]).toEqual([1, 0]);
    gate.unmarkFileOpen(secret);
    expect(await read(secret)).toBe(0);
    expect(asked).toEqual([`open ${secret}`]);
  });

  it('takes no more than it may hold; the others wait their turn and are asked about later', async () => {
    const taken: PermissionEvent[] = [];
    begin((event) => taken.push(event));
    const children = Array.from({ length: 9 }, () => spawnMarked(tmpfs.at('seven')));
    await waitUntil(() => taken.length === 4);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([taken.length, gate.held]).toEqual([4, 4]);
    for (let answered = 0; answered < 9; answered += 1) {
      await waitUntil(() => taken.length > answered);
      gate.answer(taken[answered]!, answered % 2 === 0);
    }
    const codes = await Promise.all(children.map((child) => exitOf(child)));
    expect(codes.filter(({ code }) => code === 7).length).toBe(5);
    expect(gate.held).toBe(0);
  });

  it('takes a second answer for a bug', async () => {
    let second: unknown = null;
    begin((event) => {
      gate.answer(event, true);
      try {
        gate.answer(event, true);
      } catch (error) {
        second ??= error;
      }
    });
    await start([tmpfs.at('seven')]);
    expect(String(second)).toContain('answered twice');
  });

  it('lets everything through that waits when it closes, and asks no more', async () => {
    let waiting = 0;
    begin(() => { waiting += 1; });
    const child = spawnMarked(tmpfs.at('seven'));
    await waitUntil(() => waiting === 1);
    gate.close();
    expect((await exitOf(child)).code).toBe(7);
    expect(await start([tmpfs.at('seven')])).toBe(7);
  });

  it('forgets a starter that is killed while it waits', async () => {
    const taken: PermissionEvent[] = [];
    begin((event) => taken.push(event));
    const child = spawnMarked(tmpfs.at('seven'));
    await waitUntil(() => taken.length === 1);
    child.kill('SIGKILL');
    await exitOf(child);
    gate.answer(taken[0]!, true);
    expect(failures).toEqual([]);
  });

  it('lets starts wait while it has no room for descriptors, refuses none, and says that it starves', async () => {
    begin((event) => gate.answer(event, true));
    const limit = new BigUint64Array(2);
    const view = new Uint8Array(limit.buffer);
    resourceLimit(0, 7, null, view);
    const before = limit[0]!;
    const child = spawn('/bin/sh', ['-c', `sleep 0.3; ${tmpfs.at('seven')}; echo $?; ${tmpfs.at('seven')}; echo $?`]);
    let said = '';
    child.stdout.on('data', (bytes) => { said += String(bytes); });
    try {
      limit[0] = 3n; // what is open stays open, nothing new can be
      resourceLimit(0, 7, view, null);
      await waitUntil(() => gate.starved);
      expect(said).toBe('');
    } finally {
      limit[0] = before;
      resourceLimit(0, 7, view, null);
    }
    await exitOf(child);
    expect([failures, said.split('\n').slice(0, 2), gate.starved]).toEqual([[], ['7', '7'], false]);
  });

  it('refuses to mark what is not there, or is no longer what was looked at, with a reason', () => {
    const why = (name: string, mountId?: number): string => {
      const outcome = gate.markFilesystem(name, mountId);
      return outcome.ok ? '' : outcome.error.message;
    };
    const before = readMounts().find((entry) => entry.mountPoint === tmpfs.path)!;
    expect([why(tmpfs.at('nowhere')).includes('ENOENT'), why(tmpfs.path, before.id)]).toEqual([true, '']);
    mount('over', tmpfs.path, 'tmpfs');
    expect(why(tmpfs.path, before.id)).toContain('meanwhile');
    detach(tmpfs.path);
    expect(why(tmpfs.path, before.id)).toBe('');
  });
});
