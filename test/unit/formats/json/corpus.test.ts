/** Real recordings as JSON: what stands beside event files gives the events of those files, and every converted line is an event. */
import { createReadStream, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { readEvents } from '../../../../electron/formats/read-events.ts';
import type { EventRecord } from '../../../../electron/formats/record.ts';
import { corpusDir } from '../../../support/probes.mjs';
import { readAll } from '../../../support/read-items.ts';
import { itNeeds } from '../../../support/requirement.ts';

const TIMEOUT_MS = 180_000;

async function recordsOf(file: string): Promise<readonly EventRecord[]> {
  const { records, problems } = await readAll(readEvents({ path: file }));
  expect(problems, file).toEqual([]);
  return records;
}

/** The dump has no white space at the ends, shorter times, and once an ending that somebody wrote small. */
function alike(record: EventRecord): object {
  const fields = Object.entries(record.fields).map(([name, value]) => [name, String(value).trim().replace('Explorer.EXE', 'Explorer.exe')]);
  return { ...record, time: record.time?.slice(0, 26).replace('Z', ''), fields: Object.fromEntries(fields) as object };
}

describe('JSON of real machines', () => {
  itNeeds(['corpus'], 'beside the event files of the Sigma regression set gives the same events', async () => {
    const folder = path.join(corpusDir, 'sigma-regression-dev');
    const dumps = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
    expect(dumps.length).toBeGreaterThan(90);
    for (const name of dumps) {
      const events = await recordsOf(path.join(folder, name.replace(/json$/, 'evtx')));
      expect((await recordsOf(path.join(folder, name))).map(alike), name).toEqual(events.map(alike));
    }
  }, TIMEOUT_MS);

  itNeeds(['corpus'], 'in every line of the converted recordings is an event with a group', async () => {
    const recordings = readdirSync(corpusDir).filter((name) => name.endsWith('.jsonl.gz') && !name.startsWith('command-text'));
    expect(recordings.length).toBeGreaterThan(3);
    for (const name of recordings) {
      let records = 0;
      for await (const item of readEvents({ stream: createReadStream(path.join(corpusDir, name)) })) {
        if ('problem' in item) throw new Error(`${name}: ${item.problem.reason}`);
        if (item.record.group === null || item.record.channel === '') throw new Error(`${name}: a record without group or channel`);
        records += 1;
      }
      expect(records, name).toBeGreaterThan(1_000);
    }
  }, TIMEOUT_MS);
});
