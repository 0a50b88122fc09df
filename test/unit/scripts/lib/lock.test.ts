import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from '../../../../scripts/lib/lock.mjs';

let folder = '';
let file = '';
const ignore = (): void => undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'holdfast-lock-'));
  file = path.join(folder, 'a.lock');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('lets one in at a time and tells the other whom it waits for', async () => {
  const order: string[] = [];
  const waits: number[] = [];
  const first = withLock(file, ignore, async () => {
    order.push('first in');
    await delay(250);
    order.push('first out');
  });
  await withLock(file, (holder) => waits.push(holder), () => Promise.resolve(order.push('second in')));
  await first;
  expect(order).toEqual(['first in', 'first out', 'second in']);
  expect(waits).toEqual([process.pid]);
});

it('is free again when the work fails', async () => {
  await expect(withLock(file, ignore, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(existsSync(file)).toBe(false);
});

it('is taken over from a process that died with it', async () => {
  const dead = spawnSync(process.execPath, ['-e', '0']).pid;
  writeFileSync(file, String(dead));
  await expect(withLock(file, ignore, () => Promise.resolve('done'))).resolves.toBe('done');
});
