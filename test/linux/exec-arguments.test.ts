/** The command line of a start that waits, read from the memory of the thread that calls exec, in all the ways it can be called. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Arguments, PermissionEvent, PermissionGate } from '../../electron/platform/contract.ts';
import { beginExecCall, readArgumentsNow, readArgumentsWithin, readExecCall, readExecCallWithin, readFilename, readFilenameWithin } from '../../electron/platform/linux/exec-arguments.ts';
import type { ExecCall } from '../../electron/platform/linux/exec-call.ts';
import { openPermissionGate } from '../../electron/platform/linux/fanotify.ts';
import { stuckReads } from '../../electron/platform/linux/isolated-read.ts';
import { isSideThreadStuck, prepareSideThread } from '../../electron/platform/linux/side-reader.ts';
import { pathOf } from '../../electron/platform/linux/files.ts';
import { execProgram32, execProgram64, exitProgram, mixedExecProgram } from '../support/linux/elf-bytes.ts';
import { exitOf, spawnExec, spawnMarked } from '../support/linux/exec-plan.ts';
import { startFuseServer, type FuseServer } from '../support/linux/fuse-server.ts';
import { PrivateTmpfs } from '../support/linux/private-tmpfs.ts';
import { waitUntil } from '../support/linux/wait-until.ts';
import { describeNeeds } from '../support/requirement.ts';

const NOBODY = 65_534;

/** Looked at while the starter waits; then it is let through. */
type Look = (tid: number, call: ExecCall) => void | Promise<void>;

describeNeeds(['exec-gate', 'mounts', 'x64'], 'arguments of a waiting start', () => {
  let tmpfs: PrivateTmpfs;
  let gate: PermissionGate;
  let program: string;
  let look: Look;
  let looked: number;

  beforeAll(async () => {
    prepareSideThread();
    await new Promise((resolve) => setTimeout(resolve, 200));
  });

  beforeEach(() => {
    tmpfs = new PrivateTmpfs();
    program = tmpfs.writeProgram('program', exitProgram(0));
    looked = 0;
    const opened = openPermissionGate({ maxHeld: 8 });
    if (!opened.ok) throw new Error(opened.error.message);
    gate = opened.value;
    gate.start((event) => void take(event), (message) => { throw new Error(message); });
    gate.markFilesystem(tmpfs.path);
  });

  afterEach(() => {
    gate.close();
    tmpfs.remove();
  });

  async function take(event: PermissionEvent): Promise<void> {
    try {
      const call = readExecCall(event.tid);
      if (pathOf(event.fd).path !== program || call === null) return;
      await look(event.tid, call);
      looked += 1;
    } finally {
      gate.answer(event, true);
    }
  }

  /** The quick way may decline when the machine is busy; never for good. */
  async function quickly<T>(read: () => T): Promise<T> {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const found = read();
      if (found !== 'not-resident' && found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('the side thread never answered in time');
  }

  /** All ways to read give the same. */
  async function expectArguments(child: () => ChildProcess, values: readonly string[], filename: string): Promise<void> {
    const found: (Arguments | string | null)[] = [];
    look = async (tid, call) => {
      found.push(await quickly(() => readArgumentsNow(tid, call)), await readArgumentsWithin(tid, call, 1_000));
      found.push(await quickly(() => beginAndRead(tid)));
      found.push(await quickly(() => readFilename(tid, call)), await readFilenameWithin(tid, call, 1_000));
    };
    await exitOf(child());
    expect(looked).toBe(1);
    const all = { values, complete: true };
    expect(found).toEqual([all, all, all, filename, filename]);
  }

  /** The call and its arguments by one question to the side thread. */
  function beginAndRead(tid: number): Arguments | 'not-resident' | 'gone' | null {
    beginExecCall(tid);
    const call = readExecCall(tid);
    return call === null ? null : readArgumentsNow(tid, call);
  }

  it('reads any bytes', () => expectArguments(() => spawnExec({ path: program, argv: ['name', '', Buffer.from([0xff, 0x61]), 'ünï'] }), ['name', '', '\udcffa', 'ünï'], program));

  it('reads a start by a thread that is not the leader', () => expectArguments(() => spawnExec({ path: program, argv: ['from', 'another'], thread: 'other' }), ['from', 'another'], program));

  it('reads a start by a static program from its stack', () => {
    const starter = tmpfs.writeProgram('starter', execProgram64());
    return expectArguments(() => spawnMarked(starter, [program, 'one', 'two']), [program, 'one', 'two'], program);
  });

  it('reads a 32-bit start', () => {
    const starter = tmpfs.writeProgram('starter32', execProgram32());
    return expectArguments(() => spawnMarked(starter, [program, 'one', 'two']), [program, 'one', 'two'], program);
  });

  it('reads a 32-bit call of a 64-bit program, whose arguments lie in its file', async () => {
    let call: ExecCall | null = null;
    const found: unknown[] = [];
    look = async (tid, made) => {
      call = made;
      found.push(await readArgumentsWithin(tid, made, 1_000), await readFilenameWithin(tid, made, 1_000));
    };
    await exitOf(spawnMarked(tmpfs.writeProgram('mixed', mixedExecProgram([program, 'one', 'two']))));
    expect(call).toMatchObject({ compat32: true });
    expect(found).toEqual([{ values: [program, 'one', 'two'], complete: true }, program]);
  });

  it('reads no arguments at all', () => expectArguments(() => spawnExec({ path: program, argv: [] }), [], program));

  it('asks memory anew when the same call is asked about again without a beginning', async () => {
    const found: unknown[] = [];
    look = async (tid, call) => {
      beginExecCall(tid);
      const begun = readExecCall(tid);
      expect(begun).toEqual(call);
      found.push(await quickly(() => readArgumentsNow(tid, { ...call })), await quickly(() => readArgumentsNow(tid, begun ?? call)));
    };
    await exitOf(spawnExec({ path: program, argv: ['x'] }));
    expect(found).toEqual([{ values: ['x'], complete: true }, { values: ['x'], complete: true }]);
  });

  it('reads a command line of a megabyte, away from this thread', async () => {
    const long = Array.from({ length: 10 }, (_, index) => String(index).repeat(100_000));
    let now: unknown;
    let within: Arguments | string = '';
    look = async (tid, call) => {
      now = readArgumentsNow(tid, call);
      within = await readArgumentsWithin(tid, call, 5_000);
    };
    const starter = tmpfs.writeProgram('starter', execProgram64());
    await exitOf(spawnMarked(starter, [program, ...long]));
    expect(now).toBe('not-resident');
    expect(within).toEqual({ values: [program, ...long], complete: true });
  });

  it('is incomplete where the kernel can not read either', async () => {
    let found: unknown;
    look = async (tid, call) => {
      found = await readArgumentsWithin(tid, { ...call, argv: 8n }, 1_000);
    };
    await exitOf(spawnExec({ path: program, argv: ['x'] }));
    expect(found).toEqual({ values: [], complete: false });
  });

  it('has patience with a thread that does not go to sleep', async () => {
    const busy = spawn('/bin/sh', ['-c', 'while :; do :; done']);
    const started = performance.now();
    expect(readExecCall(busy.pid ?? 0)).toBeNull();
    expect(performance.now() - started).toBeLessThan(50);
    expect(await readExecCallWithin(busy.pid ?? 0, 30)).toBeNull();
    expect(performance.now() - started).toBeGreaterThan(29);
    busy.kill('SIGKILL');
    let found: ExecCall | null = null;
    look = async (tid, call) => {
      found = await readExecCallWithin(tid, 100);
      expect(found).toEqual(call);
    };
    await exitOf(spawnExec({ path: program, argv: ['x'] }));
    expect(found).not.toBeNull();
  });

  it('knows when the thread is gone', async () => {
    const call: ExecCall = { filename: 4096n, argv: 4096n, compat32: false, dirfd: null, flags: 0 };
    const gone = 0x3f_fff0;
    expect(readExecCall(gone)).toBeNull();
    expect(await quickly(() => readArgumentsNow(gone, call))).toBe('gone');
    expect(await readArgumentsWithin(gone, call, 1_000)).toBe('gone');
  });

  it('takes a thread in another call for no start', () => {
    const child = spawn('/bin/sleep', ['5']);
    expect(readExecCall(child.pid ?? 0)).toBeNull();
    child.kill('SIGKILL');
  });

  describeNeeds(['fuse'], 'with a file server that never answers', () => {
    let server: FuseServer;
    let worstTurnMs: number;
    let heart: NodeJS.Timeout;

    beforeEach(async () => {
      mkdirSync(tmpfs.at('fuse'));
      server = await startFuseServer(tmpfs.at('fuse'), [{ name: 'quiet', silent: ['read'], directIoFromOpen: 1 }]);
      worstTurnMs = 0;
      let last = performance.now();
      heart = setInterval(() => {
        worstTurnMs = Math.max(worstTurnMs, performance.now() - last);
        last = performance.now();
      }, 5);
    });

    afterEach(async () => {
      clearInterval(heart);
      await server.stop();
    });

    async function expectLate(child: ChildProcess, sideThreadStuck: boolean): Promise<void> {
      const found: unknown[] = [];
      look = async (tid, call) => {
        found.push(readArgumentsNow(tid, call), await readArgumentsWithin(tid, call, 50));
      };
      await waitUntil(() => found.length === 2);
      expect(found).toEqual(['not-resident', 'late']);
      expect(stuckReads()).toBe(1);
      // The server never answers: had this thread waited for it, it would wait still. The bound leaves room for a busy machine.
      expect(worstTurnMs).toBeLessThan(1_000);
      await waitUntil(() => isSideThreadStuck() === sideThreadStuck);
      // Other users are read as before.
      const other: unknown[] = [];
      look = async (tid, call) => {
        other.push(await readArgumentsWithin(tid, call, 1_000));
      };
      await exitOf(spawnExec({ path: program, argv: ['other'], uid: NOBODY }));
      expect(other).toEqual([{ values: ['other'], complete: true }]);
      child.kill('SIGKILL');
      await server.stop();
      await waitUntil(() => stuckReads() === 0 && !isSideThreadStuck());
    }

    it('does not wait for an argument that lies in its file', () => expectLate(spawnExec({ path: program, argv: ['x'], mapped: tmpfs.at('fuse/quiet') }), false));

    it('does not wait for a memory map whose lock it holds for ever', async () => {
      await expectLate(spawnExec({ path: program, argv: ['x'], locked: tmpfs.at('fuse/quiet') }), true);
      const found: unknown[] = [];
      look = async (tid, call) => {
        found.push(await quickly(() => readArgumentsNow(tid, call)));
      };
      await exitOf(spawnExec({ path: program, argv: ['again'] }));
      expect(found).toEqual([{ values: ['again'], complete: true }]);
    });
  });
});
