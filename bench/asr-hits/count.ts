/** Runs the Windows definitions of the nineteen rules over the recordings and counts what they say. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { RecordedJudge, recordedDefinitions, type RecordedHit } from '../../electron/engine/asr/judge-recorded.ts';
import type { RuleBook } from '../../electron/engine/asr/rule-book.ts';
import type { RuleEvent } from '../../electron/engine/rules/set/rule-event.ts';
import { corpusEvents, readMappedLogs, type CorpusEvent } from './corpus-events.ts';

/** A recording by what its labels can tell. */
export interface Recording {
  readonly file: string;
  /** `events`: each process creation is labelled. `groups`: each group holds an attack somewhere. `background`: nothing should be found. */
  readonly truth: 'events' | 'groups' | 'background';
}

export const RECORDINGS: readonly Recording[] = [
  { file: 'atomic-dev.jsonl.gz', truth: 'events' },
  { file: 'otrf-dev.jsonl.gz', truth: 'groups' },
  { file: 'evtx-attack-dev.jsonl.gz', truth: 'groups' },
  { file: 'splunk-dev.jsonl.gz', truth: 'background' },
];

/** Where a hit must not be without a reason. */
export interface BackgroundHit {
  readonly recording: string;
  readonly group: string;
  readonly hit: RecordedHit;
  readonly event: RuleEvent;
}

export interface RuleCounts {
  /** By recording: events and groups with a hit that are no background. */
  readonly found: ReadonlyMap<string, { events: number; groups: Set<string> }>;
  readonly background: readonly BackgroundHit[];
}

export interface Totals {
  readonly events: number;
  readonly groups: number;
  readonly background: number;
}

export interface HitCounts {
  /** By rule id. */
  readonly rules: ReadonlyMap<string, RuleCounts>;
  readonly totals: ReadonlyMap<string, Totals>;
}

export function missingRecording(corpus: string): string | null {
  return RECORDINGS.map(({ file }) => path.join(corpus, file)).find((file) => !existsSync(file)) ?? null;
}

/** `resources`: the folder with the tables of the program. */
export async function countHits(book: RuleBook, corpus: string, resources: string): Promise<HitCounts> {
  const judge = new RecordedJudge(recordedDefinitions(book, 'windows'));
  const rules = new Map(book.rules.map((rule) => [rule.id, { found: new Map<string, { events: number; groups: Set<string> }>(), background: [] as BackgroundHit[] }]));
  const totals = new Map<string, Totals>();
  const logs = readMappedLogs(resources);
  for (const recording of RECORDINGS) {
    const groups = new Set<string>();
    let [events, background] = [0, 0];
    for await (const one of corpusEvents(path.join(corpus, recording.file), logs)) {
      const quiet = isBackground(recording, one);
      events += 1;
      background += quiet ? 1 : 0;
      groups.add(one.group);
      for (const hit of onePerRule(one.kinds.flatMap((kind) => judge.hits(kind)))) {
        const counts = rules.get(hit.rule.id);
        if (quiet) counts?.background.push({ recording: recording.file, group: one.group, hit, event: one.kinds[0] });
        else count(counts?.found, recording.file, one.group);
      }
    }
    totals.set(recording.file, { events, groups: groups.size, background });
  }
  return { rules, totals };
}

function isBackground({ truth }: Recording, { label }: CorpusEvent): boolean {
  return truth === 'background' || (truth === 'events' && label === 'background');
}

/** Several definitions of a rule may match one event; the rule acts once. */
function onePerRule(hits: readonly RecordedHit[]): RecordedHit[] {
  return [...new Map(hits.map((hit) => [hit.rule.id, hit] as const).reverse()).values()];
}

function count(found: Map<string, { events: number; groups: Set<string> }> | undefined, file: string, group: string): void {
  const counts = found?.get(file) ?? { events: 0, groups: new Set<string>() };
  counts.events += 1;
  counts.groups.add(group);
  found?.set(file, counts);
}
