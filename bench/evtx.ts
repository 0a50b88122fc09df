/** How fast event files are read: from bytes in memory to records with all fields as text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { CHUNK_BYTES, CHUNK_MAGIC, RECORDS_AT } from '../electron/formats/evtx/chunk-header.ts';
import { readEvents } from '../electron/formats/read-events.ts';
import { median, notMeasured, rounded, spreadOf, type Figure } from './figure.ts';

const ROUNDS = 7;
const ROUND_BYTES = 48e6;
const WARM_UP_BYTES = 96e6;
const PIECE_BYTES = 1 << 20;
const HEAD_BYTES = 4096;
const FREE_SPACE_AT = 48;
/** Chunks with less are mostly room that was never used, which costs next to nothing to read. */
const FULL_BYTES = 49_152;
const TARGET = 60;
const NAME = 'evtx-read';
const UNIT = 'MB/s';

interface Passed {
  readonly megabytes: number;
  readonly records: number;
  readonly cpuSeconds: number;
}

/** The recordings are no part of the project: `HOLDFAST_CORPUS`, or beside the clone. */
export async function measureEvtx(root: string): Promise<Figure[]> {
  const corpus = resolve(root, process.env['HOLDFAST_CORPUS'] ?? '../shared/corpus');
  const file = fullChunks(join(corpus, 'evtx-attack-dev'));
  if (file === null) return [notMeasured(NAME, UNIT, `there are no event files in ${corpus}; set HOLDFAST_CORPUS`)];
  await readAgain(file, WARM_UP_BYTES);
  const rounds: Passed[] = [];
  const checked: Passed[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push(await readAgain(file, ROUND_BYTES));
    checked.push(checkAgain(file, ROUND_BYTES));
  }
  const speeds = rounds.map(speedOf);
  const records = rounds.map(({ records: count, cpuSeconds }) => count / cpuSeconds);
  return [
    {
      name: NAME,
      value: rounded(median(speeds), 1),
      unit: UNIT,
      baseline: rounded(median(checked.map(speedOf)), 1),
      baselineIs: 'the checksum of every byte, nothing read',
      target: TARGET,
      of: `full chunks of real files, ${rounded(file.length / 1e6, 1)} MB, again and again from memory; processor time of all threads`,
      recordsPerSecond: Math.round(median(records)),
      spread: spreadOf(speeds, 1),
    },
  ];
}

function speedOf({ megabytes, cpuSeconds }: Passed): number {
  return megabytes / cpuSeconds;
}

/** One event file made of all full chunks below a folder; null when there are none. */
function fullChunks(folder: string): Buffer | null {
  const names = namesIn(folder).filter((name) => name.endsWith('.evtx')).sort();
  const found: Buffer[] = [];
  for (const bytes of names.map((name) => readFileSync(join(folder, name)))) {
    if (found.length === 0) found.push(bytes.subarray(0, HEAD_BYTES));
    for (let at = HEAD_BYTES; at + CHUNK_BYTES <= bytes.length; at += CHUNK_BYTES) {
      const chunk = bytes.subarray(at, at + CHUNK_BYTES);
      if (chunk.indexOf(CHUNK_MAGIC) === 0 && chunk.readUInt32LE(FREE_SPACE_AT) - RECORDS_AT >= FULL_BYTES) found.push(chunk);
    }
  }
  return found.length > 1 ? Buffer.concat(found) : null;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}

async function readAgain(file: Buffer, bytes: number): Promise<Passed> {
  const times = Math.ceil(bytes / file.length);
  const started = process.cpuUsage();
  let records = 0;
  for (let time = 0; time < times; time += 1) {
    for await (const item of readEvents({ stream: pieces(file) })) if ('record' in item) records += 1;
  }
  return { megabytes: (times * file.length) / 1e6, records, cpuSeconds: cpuSecondsSince(started) };
}

function checkAgain(file: Buffer, bytes: number): Passed {
  const times = Math.ceil(bytes / file.length);
  const started = process.cpuUsage();
  for (let time = 0; time < times; time += 1) crc32(file);
  return { megabytes: (times * file.length) / 1e6, records: 0, cpuSeconds: cpuSecondsSince(started) };
}

async function* pieces(file: Buffer): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < file.length; at += PIECE_BYTES) yield await Promise.resolve(file.subarray(at, at + PIECE_BYTES));
}

/** Processor time, not time on the clock: others may be at work, and threads that collect garbage are paid for too. */
function cpuSecondsSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}
