import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DenialDrain } from '../../../../electron/host/engine/denial-drain.ts';
import { DenialLog } from '../../../../electron/host/sentinel/denial-log.ts';
import type { StartRecord } from '../../../../shared/link/messages.ts';
import { fail, ok } from '../../../../shared/result.ts';

let folder: string;
let held: Set<string>;
let stored: string[];
let marks: Map<string, number>;
let diskFull: boolean;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-drain-'));
  held = new Set();
  stored = [];
  marks = new Map();
  diskFull = false;
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

function denial(seq: number): StartRecord {
  return { kind: 'start', seq, timeMs: 1, tid: 2, image: '/x', argv: ['x'], argvComplete: true, answer: 'deny', generation: 1 };
}

function newLog(sentinelId: string): DenialLog {
  const log = new DenialLog(folder, sentinelId, () => undefined);
  held.add(log.file);
  return log;
}

function write(log: DenialLog, seq: number): void {
  log.append(denial(seq));
  log.confirm(seq);
}

function newDrain(): DenialDrain {
  return new DenialDrain({
    folder,
    resolve: (id, denials) => {
      stored.push(...denials.map(({ seq, confirmed }) => `${id} ${seq}${confirmed ? '' : ' open'}`));
      return Promise.resolve();
    },
    drainedThrough: (id) => marks.get(id) ?? 0,
    markDrained: (id, seq) => {
      if (diskFull) return fail('full', 'the disk is full');
      marks.set(id, seq);
      return ok(undefined);
    },
    isHeld: (file) => held.has(file),
    tell: () => undefined,
    log: () => undefined,
  });
}

describe('DenialDrain', () => {
  it('goes on after a run in which there was no log at all', async () => {
    const drain = newDrain();
    await drain.drain();
    write(newLog('a'), 1);
    await drain.drain();
    expect(stored).toEqual(['a 1']);
  });

  it('takes each denial once, and what was added meanwhile in the same call', async () => {
    const drain = newDrain();
    const log = newLog('a');
    write(log, 1);
    const first = drain.drain();
    write(log, 2);
    await Promise.all([first, drain.drain()]);
    expect(stored).toEqual(['a 1', 'a 2']);
  });

  it('leaves what a living sentinel has not confirmed, and takes it from a dead one', async () => {
    const drain = newDrain();
    const log = newLog('a');
    write(log, 1);
    log.append(denial(2));
    await drain.drain();
    expect(stored).toEqual(['a 1']);
    held.clear();
    await drain.drain();
    expect(stored).toEqual(['a 1', 'a 2 open']);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('keeps a log, and the later ones of its sentinel, until the store has it', async () => {
    const drain = newDrain();
    const log = newLog('a');
    for (let seq = 1; seq <= 1_000; seq += 1) write(log, seq);
    const first = log.file;
    log.drained(1);
    held.delete(first);
    held.add(log.file);
    write(log, 1_001);
    diskFull = true;
    await drain.drain();
    expect(fs.readdirSync(folder)).toHaveLength(2);
    expect(stored).toHaveLength(1_000);
    diskFull = false;
    stored = [];
    await drain.drain();
    expect(stored).toHaveLength(1_001);
    expect(fs.readdirSync(folder)).toEqual([path.basename(log.file)]);
  });
});
