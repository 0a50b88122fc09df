/**
 * Turns one record of an event file into what rules see: Sigma's words for its kind, and its fields under Sigma's names.
 * The original names stay beside them. Pure; the tables come from `resources/rules/mappings`.
 */
import type { EventHeader, EventRecord } from '../../../formats/record.ts';
import type { LogSource } from '../../rules/model.ts';
import type { EventMapping, FieldMapping, SourceMapping } from './mapping-file.ts';
import { transform } from './transforms.ts';

export type Fields = Readonly<Record<string, string | readonly string[]>>;

export interface MappedRecord {
  /** Never empty. An event can be of several kinds (Sysmon 12 is registry_event and registry_add). */
  readonly logsources: readonly LogSource[];
  readonly fields: Fields;
  readonly process: 'start' | 'end' | null;
  /** The process that wrote the event, where that is the one it speaks of. */
  readonly writerPid: number | null;
}

type Draft = Record<string, string | readonly string[]>;

interface Entry {
  /** Place among the entries of its source. */
  readonly at: number;
  readonly mapping: EventMapping;
  readonly where: readonly (readonly [string, readonly string[]])[];
}

interface Source {
  readonly mapping: SourceMapping;
  readonly byId: ReadonlyMap<number, readonly Entry[]>;
  /** Kinds already put together, by the places of the entries that hold. */
  readonly kinds: Map<string, readonly LogSource[]>;
}

/** EVTX files are written by Windows; an event of a log that no table names is at least that. */
const UNKNOWN_LOG: readonly LogSource[] = [{ product: 'windows', category: null, service: null }];
const LEVEL_WORDS: Readonly<Record<string, string>> = { 0: 'Information', 1: 'Critical', 2: 'Error', 3: 'Warning', 4: 'Information', 5: 'Verbose' };
const UNNAMED = /^Data\d*$/;

export class MappedLogs {
  private readonly byChannel = new Map<string, Source>();
  private readonly byProvider = new Map<string, Source>();

  constructor(mappings: readonly SourceMapping[]) {
    for (const mapping of mappings) {
      const source: Source = { mapping, byId: entriesById(mapping), kinds: new Map() };
      for (const channel of mapping.channels) this.byChannel.set(channel.toLowerCase(), source);
      for (const provider of mapping.providers) this.byProvider.set(provider.toLowerCase(), source);
    }
  }

  map(record: EventRecord): MappedRecord {
    const draft = aboutTheRecord(record);
    const source = this.byChannel.get(record.channel.toLowerCase()) ?? this.byProvider.get(record.provider.toLowerCase());
    if (source === undefined) return { logsources: UNKNOWN_LOG, fields: draft, process: null, writerPid: null };
    const entries = (source.byId.get(record.eventId) ?? []).filter(({ where }) => holds(where, record.fields));
    if (source.mapping.spacedNames) addUnspaced(draft, record.fields);
    addFields(draft, record.fields, source.mapping.fields);
    for (const { mapping } of entries) addFields(draft, record.fields, mapping.fields);
    return { logsources: kindsOf(source, entries), fields: draft, process: entries.find(({ mapping }) => mapping.process !== undefined)?.mapping.process ?? null, writerPid: source.mapping.writerActs ? record.header.writerPid : null };
  }
}

function entriesById({ events }: SourceMapping): ReadonlyMap<number, readonly Entry[]> {
  const byId = new Map<number, Entry[]>();
  for (const [at, mapping] of events.entries()) {
    const entry: Entry = { at, mapping, where: Object.entries(mapping.where) };
    for (const id of mapping.ids) byId.set(id, [...(byId.get(id) ?? []), entry]);
  }
  return byId;
}

/** What Windows keeps beside the data, under the names that rules use. A field of the data with that name comes first. */
function aboutTheRecord(record: EventRecord): Draft {
  const draft: Draft = { EventID: String(record.eventId), Provider_Name: record.provider, Channel: record.channel, Computer: record.computer, ...aboutTheHeader(record.header), ...record.fields };
  const unnamed = unnamedData(record.fields);
  if (unnamed !== null) draft['Data'] = unnamed;
  return draft;
}

/** Rules ask for a level by its number or by the word that the Event Viewer shows. */
function aboutTheHeader({ level, keywords }: EventHeader): Draft {
  const word = level === null ? undefined : LEVEL_WORDS[level];
  const draft: Draft = {};
  if (level !== null) draft['Level'] = word === undefined ? level : [level, word];
  if (keywords !== null) draft['Keywords'] = keywords;
  return draft;
}

/**
 * Old logs give their values no names. Rules ask for them as `Data` and mean one value as well as the text of all, so the
 * field has each of them and, at the end, all in one.
 */
function unnamedData(fields: Fields): readonly string[] | null {
  const names = Object.keys(fields).filter((name) => UNNAMED.test(name));
  const values = names.flatMap((name) => fields[name] ?? []);
  if (values.length === 0 || (values.length === 1 && names[0] === 'Data')) return null;
  return values.length === 1 ? values : [...values, values.join('\n')];
}

function holds(where: Entry['where'], fields: Fields): boolean {
  return where.every(([name, wanted]) => {
    const value = valueOf(fields, name);
    return value === undefined || wanted.includes(value);
  });
}

function addUnspaced(draft: Draft, fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    if (!name.includes(' ')) continue;
    for (const unspaced of [name.replaceAll(' ', ''), name.replaceAll(' ', '_')]) {
      // The file chose the name: it may not reach what all objects share.
      if (unspaced !== '__proto__') draft[unspaced] ??= value;
    }
  }
}

function addFields(draft: Draft, fields: Fields, mappings: Readonly<Record<string, FieldMapping>>): void {
  for (const [name, mapping] of Object.entries(mappings)) {
    const taken = Object.hasOwn(draft, name);
    if (typeof mapping === 'string') {
      const value = Object.hasOwn(fields, mapping) ? fields[mapping] : undefined;
      if (!taken && value !== undefined) draft[name] = value;
    } else if (!taken || mapping.replace) {
      const value = transform(mapping.as, mapping.from.map((from) => valueOf(fields, from)));
      if (value !== undefined) draft[name] = value;
    }
  }
}

/** The first value, where a recorder wrote several. */
function valueOf(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'object' ? value[0] : value;
}

function kindsOf(source: Source, entries: readonly Entry[]): readonly LogSource[] {
  const key = entries.map(({ at }) => at).join(' ');
  const known = source.kinds.get(key);
  if (known !== undefined) return known;
  const { product, services } = source.mapping;
  const categories = entries.flatMap(({ mapping }) => mapping.categories);
  const kinds = services.flatMap((service) => (categories.length === 0 ? [null] : categories).map((category) => ({ product, category, service })));
  source.kinds.set(key, kinds);
  return kinds;
}
