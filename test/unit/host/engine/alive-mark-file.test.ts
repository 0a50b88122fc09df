/** The mark that is read is the last one written, however it came into the file. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aliveMarkFile } from '../../../../electron/host/engine/alive-mark-file.ts';

const GAP = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:01.000Z', reason: 'news' };
let folder: string;
let file: string;
let problems: string[];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-test-mark-'));
  file = path.join(folder, 'alive.json');
  problems = [];
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

it('takes a new time in place, and anything else as a new file', () => {
  const marks = aliveMarkFile(file, (line) => problems.push(line));
  const inode = (): number => fs.statSync(file).ino;
  const seen: number[] = [];
  for (const mark of [
    { settledMs: 1_700_000_000_000, stopped: false, gaps: [] },
    { settledMs: 5, stopped: false, gaps: [] },
    { settledMs: Number.MAX_SAFE_INTEGER, stopped: false, gaps: [] },
    { settledMs: 6, stopped: false, gaps: [GAP] },
    { settledMs: 7, stopped: true, gaps: [GAP] },
  ]) {
    marks.write(mark);
    expect(aliveMarkFile(file, (line) => problems.push(line)).read()).toEqual(mark);
    seen.push(inode());
  }
  expect(seen.slice(0, 3)).toEqual([seen[0], seen[0], seen[0]]);
  expect(seen[3]).not.toBe(seen[2]);
  expect(seen[4]).not.toBe(seen[3]);
  expect(problems).toEqual([]);
});

it('follows no link that was laid in its way', () => {
  const elsewhere = path.join(folder, 'elsewhere');
  fs.writeFileSync(elsewhere, 'untouched');
  fs.symlinkSync(elsewhere, `${file}.new`);
  aliveMarkFile(file, (line) => problems.push(line)).write({ settledMs: 1, stopped: false, gaps: [] });
  expect(fs.readFileSync(elsewhere, 'utf8')).toBe('untouched');
  expect(aliveMarkFile(file, (line) => problems.push(line)).read()).toMatchObject({ settledMs: 1 });
});
