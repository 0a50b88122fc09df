/**
 * One measurement of the Sigma index in a process of its own, so that each begins cold. Prints one line of JSON.
 * Arguments: what to measure, the corpus, the file for the index.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { checkFiles } from '../electron/engine/packs/check-files.ts';
import { openDeviceKey } from '../electron/engine/packs/load-device-key.ts';
import { indexKey, loadIndex, saveIndex, type IndexFile } from '../electron/engine/packs/load-index.ts';
import { readSource } from '../electron/engine/packs/load-source.ts';
import type { SigmaRule } from '../electron/engine/rules/model.ts';
import { PlainLoop } from '../electron/engine/rules/set/plain-loop.ts';
import type { RuleEvent } from '../electron/engine/rules/set/rule-event.ts';
import { SigmaSet } from '../electron/engine/rules/set/sigma-set.ts';
import type { SigmaSpeed, SigmaStart } from './sigma-results.ts';

const SETS = ['atomic', 'otrf', 'splunk', 'evtx-attack'];
const PROCESS_CREATION = { category: 'process_creation', product: 'windows', service: null };
const KEY = indexKey(['bench']);
/** Rounds over all events; the first ones, before the code is compiled, are not counted. */
const WARM_ROUNDS = 3;
const ROUNDS = 7;

/** New command lines so far. Declared above the call of `measure`: below it a bundle of ours would not have given it a value yet. */
let written = 0;

type Fields = RuleEvent['fields'];

const [what = '', corpus = '', indexFile = ''] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await measure())}\n`);

async function measure(): Promise<SigmaSpeed | SigmaStart> {
  if (what === 'speed') return measureSpeed(windowsRules(await readRules()), processCreations());
  const [first] = processCreations(['evtx-attack']);
  if (!first) throw new Error('the corpus has no process creation');
  const event = { logsource: PROCESS_CREATION, fields: first };
  return what === 'cold' ? measureCold(event) : measureKept(event);
}

async function readRules(): Promise<SigmaRule[]> {
  const source = await readSource(path.join(corpus, 'sigma-rules-2026-08-05.zip'));
  if (!source.ok) throw new Error(source.error.message);
  const files = source.value.files.filter((file) => !file.path.startsWith('unsupported/'));
  const { documents } = await checkFiles(files, () => Promise.resolve());
  return documents.flatMap(({ parsed }) => (parsed.kind === 'rule' ? [parsed.rule] : []));
}

function windowsRules(rules: readonly SigmaRule[]): SigmaRule[] {
  return rules.filter((rule) => rule.logsource.product === 'windows');
}

/** Fields of Sysmon's process creations. */
function processCreations(sets = SETS): Fields[] {
  const lines = sets.flatMap((set) => gunzipSync(readFileSync(path.join(corpus, `${set}-dev.jsonl.gz`))).toString('utf8').split('\n'));
  const events = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as { eventId: number; channel: string; fields: Fields });
  return events.filter(({ eventId, channel }) => eventId === 1 && channel.includes('Sysmon')).map(({ fields }) => fields);
}

function measureSpeed(rules: readonly SigmaRule[], all: readonly Fields[]): SigmaSpeed {
  const set = SigmaSet.build(rules);
  const { matches, plainUs } = compareWithPlainLoop(set, rules, all);
  for (let round = 0; round < WARM_ROUNDS; round += 1) timed(set, all, unique);
  const fresh = Array.from({ length: ROUNDS }, () => timed(set, all, unique));
  const repeated = Array.from({ length: ROUNDS }, () => timed(set, all, again));
  return {
    rules: rules.length,
    events: all.length,
    matches,
    plainUs,
    freshUs: fresh.map(({ us }) => us),
    repeatedUs: repeated.map(({ us }) => us),
    p50Us: fresh.map(({ p50Us }) => p50Us),
    p99Us: fresh.map(({ p99Us }) => p99Us),
    ...measureGrowth(rules, all),
  };
}

/** Throws when one event is answered differently. */
function compareWithPlainLoop(set: SigmaSet, rules: readonly SigmaRule[], all: readonly Fields[]): { readonly matches: number; readonly plainUs: number } {
  const loop = new PlainLoop(rules);
  let matches = 0;
  let plainUs = 0;
  for (const fields of all) {
    const event = unique(fields);
    const begin = performance.now();
    const expected = loop.match(event);
    plainUs += (performance.now() - begin) * 1000;
    const found = set.match(event);
    matches += expected.length;
    if (found.join() !== expected.join()) throw new Error(`the index found [${found.join()}] and the plain loop [${expected.join()}] for ${JSON.stringify(event.fields)}`);
  }
  return { matches, plainUs: plainUs / all.length };
}

/** 1,800 and 2,800 of the rules, drawn by lot, in turns: what slows the machine for a while slows both. */
function measureGrowth(rules: readonly SigmaRule[], all: readonly Fields[]): { readonly fewUs: number[]; readonly manyUs: number[] } {
  const drawn = shuffled(rules);
  const few = SigmaSet.build(drawn.slice(0, 1_800));
  const many = SigmaSet.build(drawn.slice(0, 2_800));
  for (let round = 0; round < WARM_ROUNDS; round += 1) for (const set of [few, many]) timed(set, all, unique);
  const turns = Array.from({ length: ROUNDS }, () => [timed(few, all, unique).us, timed(many, all, unique).us] as const);
  return { fewUs: turns.map(([us]) => us), manyUs: turns.map(([, us]) => us) };
}

/** All texts as flat and as new as a parser's. */
function again(fields: Fields): RuleEvent {
  return { logsource: PROCESS_CREATION, fields: JSON.parse(JSON.stringify(fields)) as Fields };
}

/** Every command line once in the life of this process. */
function unique(fields: Fields): RuleEvent {
  written += 1;
  if (!Number.isSafeInteger(written)) throw new Error('command lines are not counted, so they would come again');
  return again({ ...fields, CommandLine: `${String(fields['CommandLine'] ?? '')} ${written}` });
}

/** Each event is made and then matched, as in the pipeline, and only the second is measured. By the clock: asking for processor time takes as long as an event. */
function timed(set: SigmaSet, all: readonly Fields[], make: (fields: Fields) => RuleEvent): { readonly us: number; readonly p50Us: number; readonly p99Us: number } {
  const each = new Float64Array(all.length);
  for (const [index, fields] of all.entries()) {
    const event = make(fields);
    const begin = performance.now();
    set.match(event);
    each[index] = (performance.now() - begin) * 1000;
  }
  const us = each.reduce((sum, one) => sum + one, 0) / all.length;
  each.sort();
  const at = (share: number): number => each[Math.floor(each.length * share)] ?? 0;
  return { us, p50Us: at(0.5), p99Us: at(0.99) };
}

/** The same lot each time. */
function shuffled<T>(all: readonly T[]): T[] {
  let seed = 20_260_805;
  const lot = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff);
  return all.map((value) => ({ value, order: lot() })).sort((a, b) => a.order - b.order).map(({ value }) => value);
}

/** From the archive to the first answer, and the index left behind for `measureKept`. */
async function measureCold(event: RuleEvent): Promise<SigmaStart> {
  const before = await memory();
  const begin = performance.now();
  const rules = await readRules();
  const read = performance.now();
  const set = SigmaSet.build(rules);
  const built = performance.now();
  set.match(event);
  const end = performance.now();
  const after = await memory();
  await saveIndex(indexPlace(), set.bytes(KEY), KEY);
  return { rules: rules.length, ms: end - begin, readMs: read - begin, buildMs: built - read, firstEventMs: end - built, megabytes: after - before };
}

async function measureKept(event: RuleEvent): Promise<SigmaStart> {
  const before = await memory();
  const begin = performance.now();
  const bytes = await loadIndex(indexPlace(), KEY);
  const set = bytes.ok ? SigmaSet.read(bytes.value, KEY, true) : bytes;
  const read = performance.now();
  if (!set.ok) throw new Error(set.error.message);
  set.value.match(event);
  const end = performance.now();
  return { rules: set.value.rules.count, ms: end - begin, readMs: read - begin, buildMs: 0, firstEventMs: end - read, megabytes: (await memory()) - before };
}

/** As the engine keeps it, signed by a key that lies beside it. */
function indexPlace(): IndexFile {
  const key = openDeviceKey(path.dirname(indexFile), null, Date.now());
  if (!key.ok) throw new Error(key.error.message);
  return { file: indexFile, ownUid: null, signer: key.value.signer, rest: () => Promise.resolve() };
}

/** Of the whole process, after what can be given back was: pages that one collection has emptied go with the next. */
async function memory(): Promise<number> {
  for (let round = 0; round < 2; round += 1) {
    global.gc?.();
    await setTimeout(100);
  }
  return process.memoryUsage().rss / 1e6;
}
