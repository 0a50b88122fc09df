/** Real event files against what other readers made of them. What those change is undone here, and only that. */
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { readEvtx } from '../../../../electron/formats/evtx/read-evtx.ts';
import type { EventRecord } from '../../../../electron/formats/record.ts';
import { corpusDir } from '../../../support/probes.mjs';
import { readAll } from '../../../support/read-items.ts';
import { itNeeds } from '../../../support/requirement.ts';

const TIMEOUT_MS = 180_000;
type Fields = Record<string, unknown>;

interface ConvertedLine {
  readonly group: string;
  readonly eventId: number;
  readonly channel: string;
  readonly provider: string;
  readonly time: string;
  readonly computer: string;
  readonly fields: Fields;
}

interface DumpedEvent {
  readonly Event: {
    readonly System: {
      readonly Provider: { readonly '#attributes': { readonly Name: string } };
      readonly EventID: number;
      readonly Channel: string;
      readonly Computer: string;
      readonly Level: number;
      readonly Keywords: string;
      readonly Execution: { readonly '#attributes': { readonly ProcessID: number } };
      readonly TimeCreated: { readonly '#attributes': { readonly SystemTime: string } };
    };
    readonly EventData?: Fields | null;
    readonly UserData?: Record<string, Fields>;
  };
}

async function recordsOf(file: string): Promise<readonly EventRecord[]> {
  const { records, problems } = await readAll(readEvtx(createReadStream(file)));
  expect(problems, file).toEqual([]);
  return records;
}

/** In one dump of the set somebody wrote the ending small; the bytes of the event file have it in capitals. */
const EDITED_BY_HAND: Readonly<Record<string, string>> = { 'C:\\Windows\\Explorer.EXE': 'C:\\Windows\\Explorer.exe' };

/** The dump cuts white space off both ends, and writes GUIDs without their braces. Nothing else is forgiven. */
function asDumped(value: string | readonly string[], dumped: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (EDITED_BY_HAND[value] === dumped) return dumped;
  const bare = /^\{([-0-9A-F]{36})\}$/.exec(value)?.[1];
  return bare === dumped ? bare : value.trim();
}

/**
 * The converter cuts white space, turns `\r\n` into `\n`, drops control characters and empty UserData, takes zeros from numbers in texts
 * (`0x00000000`), and counts unnamed values with Binary among them: `Data0`, `Data1`, …
 */
function asConverted(record: EventRecord, converted: Fields): Fields {
  const found: Fields = {};
  const { Data: unnamed = [], Binary: binary = [], ...named } = record.fields;
  for (const [name, value] of Object.entries(named)) if (value !== '' || name in converted) found[name] = converterText(String(value));
  [unnamed, binary].flat().filter((value) => value !== '').forEach((value, index) => (found[`Data${index}`] = converterText(value)));
  return found;
}

function converterText(value: string): string {
  const text = value.replaceAll('\r\n', '\n').replace(/[\u0001-\u0008\u000e-\u001f]/g, '').trim();
  return /^0x0*[0-9A-Fa-f]+$/.test(text) ? `0x${text.slice(2).replace(/^0+(?=.)/, '')}` : text;
}

/** Of each file the dump holds one document behind the other. */
function documentsOf(file: string): DumpedEvent[] {
  return readFileSync(file, 'utf8').split(/\n(?=\{)/).map((document) => JSON.parse(document) as DumpedEvent);
}

function dumpedFields({ Event: { EventData, UserData } }: DumpedEvent): Fields {
  const fields = Object.entries(EventData ?? Object.values(UserData ?? {})[0] ?? {}).filter(([name]) => name !== '#attributes');
  return Object.fromEntries(fields.map(([name, value]) => [name, value === null ? '' : String(value as string | number)]));
}

describe('files of real machines', () => {
  itNeeds(['corpus'], 'of the Sigma regression set give the fields of the JSON beside them', async () => {
    const folder = path.join(corpusDir, 'sigma-regression-dev');
    const dumps = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
    expect(dumps.length).toBeGreaterThan(90);
    for (const name of dumps) {
      const documents = documentsOf(path.join(folder, name));
      const records = await recordsOf(path.join(folder, name.replace(/json$/, 'evtx')));
      expect(records.length, name).toBe(documents.length);
      records.forEach((record, index) => expectDumped(record, documents[index]!));
    }
  }, TIMEOUT_MS);

  itNeeds(['corpus'], 'of the attack samples give the converted records', async () => {
    const lines = gunzipSync(readFileSync(path.join(corpusDir, 'evtx-attack-dev.jsonl.gz'))).toString('utf8').trimEnd().split('\n');
    const byFile = new Map<string, ConvertedLine[]>();
    for (const line of lines.map((text) => JSON.parse(text) as ConvertedLine)) byFile.set(line.group, [...(byFile.get(line.group) ?? []), line]);
    expect(byFile.size).toBeGreaterThan(100);
    for (const [name, converted] of byFile) {
      const records = await recordsOf(path.join(corpusDir, 'evtx-attack-dev', name));
      expect(records.length, name).toBe(converted.length);
      records.forEach((record, index) => expectConverted(record, converted[index]!));
    }
  }, TIMEOUT_MS);
});

function expectDumped(record: EventRecord, dumped: DumpedEvent): void {
  const { System } = dumped.Event;
  const fields = dumpedFields(dumped);
  const found = Object.fromEntries(Object.entries(record.fields).map(([name, value]) => [name, asDumped(value, fields[name])]));
  expect(found).toEqual(fields);
  expect({ ...record, fields: null }).toEqual({
    provider: System.Provider['#attributes'].Name,
    channel: System.Channel,
    eventId: System.EventID,
    computer: System.Computer,
    header: { level: String(System.Level), keywords: System.Keywords, writerPid: System.Execution['#attributes'].ProcessID },
    // Microseconds or nanoseconds there, 100 ns here.
    time: `${System.TimeCreated['#attributes'].SystemTime.slice(0, 26)}${record.time?.slice(26) ?? ''}`,
    group: null,
    fields: null,
  });
}

function expectConverted(record: EventRecord, converted: ConvertedLine): void {
  const { provider, channel, eventId, computer, time, fields } = converted;
  expect(asConverted(record, fields)).toEqual(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, converterText(String(value))])));
  expect([record.provider, record.channel, record.eventId, record.computer]).toEqual([provider, channel, eventId, computer]);
  expect(record.time?.replace(/Z$/, '00Z')).toBe(time);
}
