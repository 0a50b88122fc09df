/** A descriptor that is waited for once at a time: silent until it is asked for again, and nothing is lost meanwhile. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readNow } from '../../electron/platform/ffi/libc.ts';
import { watchOnce, type OneShotWatch } from '../../electron/platform/linux/one-shot-watch.ts';
import { waitUntil } from '../support/linux/wait-until.ts';
import { describeNeeds } from '../support/requirement.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describeNeeds(['linux'], 'a watch for once', () => {
  let folder: string;
  let fd: number;
  let watch: OneShotWatch;
  let calls: number;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'holdfast-watch-'));
    execFileSync('mkfifo', [path.join(folder, 'pipe')]);
    // Both ends, so that it never ends.
    fd = openSync(path.join(folder, 'pipe'), constants.O_RDWR | constants.O_NONBLOCK);
    calls = 0;
    const made = watchOnce(fd, () => { calls += 1; });
    if (typeof made === 'number') throw new Error(`errno ${made}`);
    watch = made;
  });

  afterEach(() => {
    watch.close();
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  it('calls once, and not again while there is more to read', async () => {
    writeSync(fd, 'a');
    await waitUntil(() => calls === 1);
    writeSync(fd, 'b');
    await pause(80);
    expect(calls).toBe(1);
  });

  it('calls at once when it is asked again and something is left, else when something comes', async () => {
    writeSync(fd, 'a');
    await waitUntil(() => calls === 1);
    watch.again();
    await waitUntil(() => calls === 2);
    readNow(fd, Buffer.alloc(8), 8);
    watch.again();
    await pause(80);
    expect(calls).toBe(2);
    writeSync(fd, 'b');
    await waitUntil(() => calls === 3);
    expect(calls).toBe(3);
  });

  it('says why not for a descriptor that can not be waited for', () => {
    const file = openSync(path.join(folder, 'file'), 'w');
    expect(watchOnce(file, () => undefined)).toBe(-os.constants.errno.EPERM);
    closeSync(file);
  });
});
