/** The index against asking every rule, with real rules and recorded events of all kinds. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { checkFiles } from '../../../../../electron/engine/packs/check-files.ts';
import { readSource } from '../../../../../electron/engine/packs/load-source.ts';
import type { LogSource } from '../../../../../electron/engine/rules/model.ts';
import { PlainLoop } from '../../../../../electron/engine/rules/set/plain-loop.ts';
import type { RuleEvent } from '../../../../../electron/engine/rules/set/rule-event.ts';
import { SigmaSet } from '../../../../../electron/engine/rules/set/sigma-set.ts';
import { corpusDir } from '../../../../support/probes.mjs';
import { itNeeds } from '../../../../support/requirement.ts';

/** Of each kind of event so many, spread over each recording. */
const MOST_OF_A_KIND = 40;
const CATEGORIES: Readonly<Record<number, string>> = { 1: 'process_creation', 3: 'network_connection', 7: 'image_load', 8: 'create_remote_thread', 10: 'process_access', 11: 'file_event', 12: 'registry_event', 13: 'registry_set', 17: 'pipe_created', 22: 'dns_query' };

interface Recorded {
  readonly eventId: number;
  readonly channel: string;
  readonly fields: RuleEvent['fields'];
}

itNeeds(['corpus'], 'gives the same matches for recorded events', async () => {
  const source = await readSource(path.join(corpusDir, 'sigma-rules-2026-08-05.zip'));
  if (!source.ok) throw new Error(source.error.message);
  const { documents } = await checkFiles(source.value.files, () => Promise.resolve());
  const rules = documents.flatMap(({ parsed }) => (parsed.kind === 'rule' ? [parsed.rule] : []));
  const set = SigmaSet.build(rules);
  const loop = new PlainLoop(rules);
  const found = new Set<number>();
  for (const event of ['atomic', 'otrf', 'splunk', 'evtx-attack'].flatMap(recorded)) {
    const matches = set.match(event);
    expect(matches).toEqual(loop.match(event));
    matches.forEach((number) => found.add(number));
  }
  // Agreeing on nothing would prove nothing.
  expect(found.size).toBeGreaterThan(100);
}, 400_000);

function recorded(name: string): RuleEvent[] {
  const byKind = new Map<string, Recorded[]>();
  for (const line of gunzipSync(readFileSync(path.join(corpusDir, `${name}-dev.jsonl.gz`))).toString('utf8').split('\n')) {
    if (line === '') continue;
    const event = JSON.parse(line) as Recorded;
    const kind = `${event.channel} ${event.eventId}`;
    const known = byKind.get(kind) ?? [];
    known.push(event);
    byKind.set(kind, known);
  }
  return [...byKind.values()].flatMap((events) => {
    const step = Math.max(1, Math.floor(events.length / MOST_OF_A_KIND));
    return events.filter((_, index) => index % step === 0).map((event) => ({ logsource: sourceOf(event), fields: { ...event.fields, EventID: event.eventId } }));
  });
}

function sourceOf({ channel, eventId }: Recorded): LogSource {
  if (channel.includes('Sysmon')) return { category: CATEGORIES[eventId] ?? null, product: 'windows', service: 'sysmon' };
  return { category: null, product: 'windows', service: channel.toLowerCase() };
}
