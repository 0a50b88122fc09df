import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DenialLog, listDenialLogs, readDenialLog } from '../../../../electron/host/sentinel/denial-log.ts';
import type { StartRecord } from '../../../../shared/link/messages.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-log-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

function denial(seq: number): StartRecord {
  return { kind: 'start', seq, timeMs: 1, tid: 2, image: '/x\udcff', argv: ['x', 'line\nbreak'], argvComplete: true, answer: 'deny', generation: 1 };
}

describe('DenialLog', () => {
  it('gives back each denial exactly, and whether it was answered', () => {
    const log = new DenialLog(folder, 'a', () => undefined);
    log.append(denial(1));
    log.confirm(1);
    log.append(denial(2));
    expect(readDenialLog(log.file)).toEqual([
      { record: denial(1), confirmed: true },
      { record: denial(2), confirmed: false },
    ]);
    expect(listDenialLogs(folder)).toEqual([{ file: log.file, sentinelId: 'a' }]);
  });

  it('skips a line that was cut by the death of its writer', () => {
    const log = new DenialLog(folder, 'a', () => undefined);
    log.append(denial(1));
    log.confirm(1);
    fs.appendFileSync(log.file, JSON.stringify(denial(2)).slice(0, 40));
    expect(readDenialLog(log.file)).toEqual([{ record: denial(1), confirmed: true }]);
  });

  it('never writes into a file somebody prepared', () => {
    fs.symlinkSync('/etc/hostname', path.join(folder, 'denials-b.jsonl'));
    expect(() => new DenialLog(folder, 'b', () => undefined)).toThrow(/EEXIST|ELOOP/);
  });

  it('empties itself only when everything was stored', () => {
    const log = new DenialLog(folder, 'a', () => undefined);
    for (let seq = 1; seq <= 1_000; seq += 1) log.append(denial(seq));
    log.drained(1_000);
    expect(readDenialLog(log.file)).toEqual([]);
    expect(listDenialLogs(folder)).toHaveLength(1);
  });

  it('goes on in a further file when denials pour in faster than they are stored', () => {
    const held: number[] = [];
    const log = new DenialLog(folder, 'a', (fd) => held.push(fd));
    const first = log.file;
    for (let seq = 1; seq <= 1_000; seq += 1) log.append(denial(seq));
    log.drained(999);
    log.append(denial(1_001));
    expect(readDenialLog(first)).toHaveLength(1_000);
    expect(readDenialLog(log.file).map(({ record }) => record.seq)).toEqual([1_001]);
    expect(listDenialLogs(folder).map(({ file }) => file)).toEqual([first, log.file]);
    expect(held).toHaveLength(2);
    expect(fs.readdirSync(folder)).toHaveLength(2);
  });

  it('lists the files of a sentinel in the order in which they were written', () => {
    for (const name of ['denials-a.10.jsonl', 'denials-a.jsonl', 'denials-a.2.jsonl', 'denials-a.jsonl.new', 'other']) fs.writeFileSync(path.join(folder, name), '');
    expect(listDenialLogs(folder).map(({ file }) => path.basename(file))).toEqual(['denials-a.jsonl', 'denials-a.2.jsonl', 'denials-a.10.jsonl']);
  });

  it('bears its name only once it is held', () => {
    let names: string[] = [];
    new DenialLog(folder, 'a', () => (names = fs.readdirSync(folder)));
    expect(names).toEqual(['denials-a.jsonl.new']);
  });
});
