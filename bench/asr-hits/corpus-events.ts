/** Lines of the recordings as events that rules see, made by the very code that a replay uses. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { recordedKind } from '../../electron/engine/asr/recorded-events.ts';
import { RecordedEvents } from '../../electron/engine/pipeline/recorded-event.ts';
import type { RuleEvent } from '../../electron/engine/rules/set/rule-event.ts';
import { MappedLogs } from '../../electron/engine/sensors/mappings/mapped-log.ts';
import { parseMappings } from '../../electron/engine/sensors/mappings/mapping-file.ts';
import { eventOf } from '../../electron/formats/json/recorders.ts';
import { readMappingFiles } from '../../electron/host/engine/rule-files.ts';

export interface CorpusEvent {
  readonly group: string;
  readonly label: string;
  /** The event under each of its kinds that one of the nineteen rules could speak about. Never empty; all have the same fields. */
  readonly kinds: readonly [RuleEvent, ...RuleEvent[]];
}

/** Reads a packed file of lines one by one. */
export async function* corpusEvents(file: string, logs: MappedLogs): AsyncGenerator<CorpusEvent> {
  const events = new RecordedEvents(logs);
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()), crlfDelay: Infinity });
  let current: string | null = null;
  let number = 0;
  for await (const text of lines) {
    if (text === '') continue;
    const line = JSON.parse(text) as { readonly group: string; readonly label: string };
    const record = eventOf(line);
    if (record === null) throw new Error(`${file}: a line is no event`);
    if (current !== line.group) events.forget();
    current = line.group;
    const [first, ...others] = events.take(record, number++).kinds.filter(isSpokenOf);
    if (first !== undefined) yield { group: line.group, label: line.label, kinds: [first, ...others] };
  }
}

/** A definition names the category of an event or its service. */
function isSpokenOf({ logsource }: RuleEvent): boolean {
  return recordedKind({ ...logsource, service: null }) !== null || recordedKind({ ...logsource, category: null }) !== null;
}

/** `resources`: the folder with the tables of the program. */
export function readMappedLogs(resources: string): MappedLogs {
  const files = readMappingFiles(resources);
  const mappings = files.ok ? parseMappings(files.value) : files;
  if (!mappings.ok) throw new Error(mappings.error.message);
  return new MappedLogs(mappings.value);
}
