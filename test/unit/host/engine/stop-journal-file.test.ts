import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stopJournalFile } from '../../../../electron/host/engine/stop-journal-file.ts';
import type { Finding } from '../../../../electron/engine/ports.ts';

let folder: string;
let file: string;
let said: string[];
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-stops-'));
  file = path.join(folder, 'stops.jsonl');
  said = [];
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

function finding(id: string): Finding {
  const process = { pid: 7, startTicks: 9, image: '/x\udcff', argv: ['x', 'line\nbreak'], uid: 0 };
  return { id, timeMs: 1, action: 'stopped', hit: { ruleId: 'r', definitionId: 'd', mode: 'block', matched: [] }, process, ancestors: [process], notes: ['n'] };
}

const open = (): ReturnType<typeof stopJournalFile> => stopJournalFile(file, (line) => said.push(line));

describe('the journal of stops', () => {
  it('tells a later engine exactly what was begun and not done', () => {
    const journal = open();
    for (const id of ['a', 'b', 'c']) journal.begin(finding(id));
    journal.end('b');
    expect(open().left()).toEqual([finding('a'), finding('c')]);
  });

  it('is empty when all is done', () => {
    const journal = open();
    journal.begin(finding('a'));
    journal.end('a');
    journal.end('a');
    expect(fs.readFileSync(file, 'utf8')).toBe('');
    expect(open().left()).toEqual([]);
  });

  it('passes over a line that was cut', () => {
    open().begin(finding('a'));
    fs.appendFileSync(file, '{"begun":{"id":"b"');
    expect(open().left()).toEqual([finding('a')]);
  });

  it('says when it can not be written, and goes on', () => {
    const journal = stopJournalFile(path.join(folder, 'nowhere', 'stops'), (line) => said.push(line));
    journal.begin(finding('a'));
    expect(journal.left()).toHaveLength(1);
    expect(said.join()).toContain('ENOENT');
  });
});
