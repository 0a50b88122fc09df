/** The forms in which recorders write events as JSON, each recognised by what only it has. */
import { noFields, type Fields } from '../fields.ts';
import { headerOf, NO_HEADER } from '../header.ts';
import type { EventHeader, EventRecord } from '../record.ts';
import { dataFields, eventDocument } from './event-document.ts';
import { addUnnamed, eventIdOf, fieldsOf, fieldValue, isObject, textOf, wholeText, type JsonObject } from './fields.ts';
import { parseObject } from './parse-object.ts';
import { utcTime } from './utc-time.ts';

type Form = (value: JsonObject) => EventRecord | null;

/** Null: this is no event of a form that is known. */
export function eventOf(value: object): EventRecord | null {
  if (!isObject(value)) return null;
  // What Elasticsearch gives out stands in `_source`.
  const event = isObject(value['_source']) ? value['_source'] : value;
  for (const form of FORMS) {
    const record = form(event);
    if (record !== null) return record;
  }
  return null;
}

/** A line of a converted recording: `{"group","eventId","channel","provider","time","computer","fields"}`. */
function corpusLine(value: JsonObject): EventRecord | null {
  const { eventId, channel, provider, computer, time, group, fields } = value;
  const id = eventIdOf(eventId);
  if (id === null || !isObject(fields)) return null;
  return {
    provider: textOf(provider),
    channel: textOf(channel),
    eventId: id,
    computer: textOf(computer),
    header: NO_HEADER,
    time: utcTime(time),
    group: typeof group === 'string' ? group : null,
    fields: addUnnamed(fieldsOf(fields)),
  };
}

/** Winlogbeat 7 and later, Elastic Agent: all of the event below `winlog`. */
function winlogbeat(value: JsonObject): EventRecord | null {
  const winlog = isObject(value['winlog']) ? value['winlog'] : dotted(value, 'winlog.');
  const eventId = eventIdOf(winlog['event_id']);
  if (eventId === null) return null;
  const data = isObject(winlog['event_data']) ? winlog['event_data'] : dotted(winlog, 'event_data.');
  const user = isObject(winlog['user_data']) ? winlog['user_data'] : dotted(winlog, 'user_data.');
  const process = isObject(winlog['process']) ? winlog['process'] : dotted(winlog, 'process.');
  const log = isObject(value['log']) ? value['log'] : dotted(value, 'log.');
  const header = headerOf(textOf(log['level'] ?? winlog['level']), onlyText(winlog['keywords']), textOf(process['pid']));
  return beatRecord(eventId, textOf(winlog['provider_name']), textOf(winlog['channel']), textOf(winlog['computer_name']), header, value, { ...without(user, 'xml_name'), ...data });
}

/** Winlogbeat 5 and 6: the same at the top level. */
function olderWinlogbeat(value: JsonObject): EventRecord | null {
  const eventId = eventIdOf(value['event_id']);
  if (eventId === null) return null;
  const { event_data: data, user_data: user } = value;
  const fields = { ...(isObject(user) ? without(user, 'xml_name') : {}), ...(isObject(data) ? data : {}) };
  const header = headerOf(textOf(value['level']), onlyText(value['keywords']), textOf(value['process_id']));
  return beatRecord(eventId, textOf(value['source_name'] ?? value['provider_name']), textOf(value['log_name'] ?? value['channel']), textOf(value['computer_name']), header, value, fields);
}

function beatRecord(eventId: number, provider: string, channel: string, computer: string, header: EventHeader, value: JsonObject, fields: JsonObject): EventRecord {
  return { provider, channel, eventId, computer, header, time: utcTime(value['@timestamp']), group: null, fields: addUnnamed(fieldsOf(fields)) };
}

/** EvtxECmd: a line of its own, with the event's data as JSON in a text. */
function evtxECmd(value: JsonObject): EventRecord | null {
  const eventId = eventIdOf(value['EventId']);
  const payload = typeof value['Payload'] === 'string' ? parseObject(value['Payload']) : value['Payload'];
  if (eventId === null || !isObject(payload)) return null;
  return {
    provider: textOf(value['Provider']),
    channel: textOf(value['Channel']),
    eventId,
    computer: textOf(value['Computer']),
    header: headerOf(textOf(value['Level']), textOf(value['Keywords']), textOf(value['ProcessId'])),
    time: utcTime(value['TimeCreated']),
    group: null,
    fields: dataFields(payload),
  };
}

/** What NXLog adds to an event's own fields, and what collectors behind it add. */
const OF_NXLOG = new Set(
  ('EventTime EventTimeWritten EventReceivedTime Hostname Keywords SeverityValue Severity EventID SourceName ProviderGuid Version Task OpcodeValue Opcode RecordNumber ' +
    'ActivityID RelatedActivityID ThreadID ExecutionProcessID ExecutionThreadID Channel Message Category SourceModuleName SourceModuleType ' +
    'tags host port type @version @timestamp').split(' '),
);
/** NXLog's own kinds of event; anything else under that name is the event's (Sysmon's `SetValue`). */
const NXLOG_TYPES = new Set(['INFO', 'WARNING', 'ERROR', 'CRITICAL', 'VERBOSE', 'DEBUG', 'AUDIT_SUCCESS', 'AUDIT_FAILURE']);

/** NXLog, and Sysmon's events written flat: everything at the top level. */
function flatEvent(value: JsonObject): EventRecord | null {
  const eventId = eventIdOf(value['EventID']);
  const provider = textOf(value['SourceName'] ?? value['ProviderName'] ?? value['Provider_Name']);
  const channel = textOf(value['Channel']);
  if (eventId === null || (provider === '' && channel === '')) return null;
  return {
    provider,
    channel,
    eventId,
    computer: textOf(value['Hostname'] ?? value['Computer']),
    header: headerOf(textOf(value['EventType']), wholeText(value['Keywords']), textOf(value['ExecutionProcessID'])),
    // What the collector wrote is UTC; EventTime is local time with no zone.
    time: utcTime(value['@timestamp']) ?? utcTime(value['EventTime'] ?? value['UtcTime']),
    group: null,
    fields: addUnnamed(flatFields(value)),
  };
}

function flatFields(value: JsonObject): Fields {
  const fields = noFields();
  for (const [name, each] of Object.entries(value)) {
    const added = OF_NXLOG.has(name) || (name === 'EventType' && NXLOG_TYPES.has(textOf(each)));
    if (!added) fields[name] = fieldValue(each);
  }
  return fields;
}

/** `{"winlog.event_id":1}` as `{"event_id":1}`. */
function dotted(value: JsonObject, prefix: string): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, each]) => [name.slice(prefix.length), each]),
  );
}

/** A list of one, or one text. */
function onlyText(value: unknown): string {
  return Array.isArray(value) ? textOf(value.length === 1 ? value[0] : null) : textOf(value);
}

function without(value: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
}

const FORMS: readonly Form[] = [corpusLine, eventDocument, winlogbeat, evtxECmd, flatEvent, olderWinlogbeat];
