import { describe, expect, it } from 'vitest';
import { NO_HEADER } from '../../../../electron/formats/header.ts';
import { eventOf } from '../../../../electron/formats/json/recorders.ts';

/** The same start of a program as each recorder writes it. */
const SYSMON = {
  provider: 'Microsoft-Windows-Sysmon',
  channel: 'Microsoft-Windows-Sysmon/Operational',
  eventId: 1,
  computer: 'PC-01',
  header: NO_HEADER,
  time: '2026-08-05T10:11:12.1234567Z',
  group: null,
  fields: { UtcTime: '2026-08-05 10:11:12.123', ProcessGuid: '{0197231E-C424-69E1-C922-000000000800}', ProcessId: '15596', Image: 'C:\\a.exe', CommandLine: '"C:\\a.exe" -x' },
};
const DATA = { ...SYSMON.fields, ProcessId: 15_596 };
const { provider, channel, computer } = SYSMON;

describe('an event is read alike from', () => {
  it.each<[string, object]>([
    ['a line of a converted recording', { set: 's', label: 'l', eventId: 1, provider, channel, computer, time: '2026-08-05T10:11:12.123456700Z', group: null, fields: DATA }],
    ['Winlogbeat', { '@timestamp': '2026-08-05T10:11:12.1234567Z', winlog: { event_id: 1, provider_name: provider, channel, computer_name: computer, event_data: DATA }, message: 'm' }],
    ['Winlogbeat with the number as text, out of Elasticsearch', { _index: 'i', _source: { '@timestamp': '2026-08-05T10:11:12.1234567Z', winlog: { event_id: '1', provider_name: provider, channel, computer_name: computer, event_data: DATA } } }],
    [
      'Winlogbeat with dotted names',
      {
        '@timestamp': '2026-08-05T10:11:12.1234567Z',
        'winlog.event_id': 1,
        'winlog.provider_name': provider,
        'winlog.channel': channel,
        'winlog.computer_name': computer,
        ...Object.fromEntries(Object.entries(DATA).map(([name, value]) => [`winlog.event_data.${name}`, value])),
      },
    ],
    ['Winlogbeat 6', { '@timestamp': '2026-08-05T10:11:12.1234567Z', event_id: 1, source_name: provider, log_name: channel, computer_name: computer, event_data: DATA, type: 'wineventlog' }],
    [
      'NXLog',
      { EventTime: '2026-08-05 06:11:12', '@timestamp': '2026-08-05T10:11:12.1234567Z', Hostname: computer, EventID: 1, SourceName: provider, Channel: channel, Severity: 'INFO', Message: 'm', RecordNumber: 1, ...DATA },
    ],
    [
      'evtx_dump',
      {
        Event: {
          '#attributes': { xmlns: 'x' },
          System: { Provider: { '#attributes': { Name: provider, Guid: 'g' } }, EventID: 1, Channel: channel, Computer: computer, TimeCreated: { '#attributes': { SystemTime: '2026-08-05T10:11:12.1234567Z' } } },
          EventData: { '#attributes': { Name: 'x' }, ...DATA, ProcessGuid: '0197231E-C424-69E1-C922-000000000800' },
        },
      },
    ],
    [
      'evtx_dump with attributes apart',
      {
        Event_attributes: { xmlns: 'x' },
        Event: { System: { Provider_attributes: { Name: provider }, EventID: '1', EventID_attributes: { Qualifiers: 0 }, Channel: channel, Computer: computer, TimeCreated_attributes: { SystemTime: '2026-08-05T10:11:12.1234567Z' } }, EventData: DATA },
      },
    ],
    [
      'XML turned into JSON',
      {
        Event: {
          System: { Provider: { '@Name': provider }, EventID: { '@Qualifiers': '', '#text': '1' }, Channel: channel, Computer: computer, TimeCreated: { '@SystemTime': '2026-08-05T10:11:12.1234567Z' } },
          EventData: { Data: Object.entries(SYSMON.fields).map(([name, value]) => ({ '@Name': name, '#text': value })) },
        },
      },
    ],
    [
      'EvtxECmd',
      {
        EventId: 1,
        Provider: provider,
        Channel: channel,
        Computer: computer,
        TimeCreated: '2026-08-05T12:11:12.1234567+02:00',
        Payload: JSON.stringify({ EventData: { Data: Object.entries(SYSMON.fields).map(([name, value]) => ({ '@Name': name, '#text': value })) } }),
      },
    ],
  ])('%s', (_name, value) => {
    expect(eventOf(value)).toEqual(SYSMON);
  });
});

describe('level, keywords and writer are read alike from', () => {
  it.each<[string, object]>([
    ['evtx_dump', { Event: { System: { EventID: 1, Level: 2, Keywords: '0x8010000000000000', Execution: { '#attributes': { ProcessID: 12, ThreadID: 3 } } } } }],
    ['evtx_dump with attributes apart', { Event: { System: { EventID: 1, Level: '2', Keywords: '0x8010000000000000', Execution_attributes: { ProcessID: 12 } } } }],
    ['Winlogbeat', { log: { level: 'error' }, winlog: { event_id: 1, keywords: ['Audit Failure'], process: { pid: 12, thread: { id: 3 } } } }],
    ['Winlogbeat with dotted names', { 'log.level': 'error', 'winlog.event_id': 1, 'winlog.keywords': ['Audit Failure'], 'winlog.process.pid': 12 }],
    ['Winlogbeat 6', { event_id: 1, level: 'Error', keywords: ['Audit Failure'], process_id: 12 }],
    ['EvtxECmd', { EventId: 1, Level: 'Error', Keywords: 'Audit failure', ProcessId: 12, Payload: '{}' }],
    ['NXLog', { EventID: 1, Channel: 'C', EventType: 'ERROR', Keywords: -9218868437227405312, ExecutionProcessID: 12 }],
  ])('%s', (_name, value) => {
    expect(eventOf(value)?.header).toEqual({ level: '2', keywords: '0x8010000000000000', writerPid: 12 });
  });

  it('nothing that is none of these', () => {
    expect(eventOf({ Event: { System: { EventID: 1, Level: 'loud', Keywords: ['a', 'b'], Execution: 'x' } } })?.header).toEqual(NO_HEADER);
  });
});

describe('fields', () => {
  function fieldsOf(value: object): object {
    return { ...eventOf(value)?.fields };
  }

  it('hold texts and lists of texts, whatever JSON had', () => {
    expect(fieldsOf({ eventId: 1, fields: { a: null, b: true, c: 1.5, d: ['x', 2], e: ['one'], f: { g: 1 } } })).toEqual({ a: '', b: 'true', c: '1.5', d: ['x', '2'], e: 'one', f: '{"g":1}' });
  });

  it('that recorders only count stand as Data too, in the order of their numbers', () => {
    const counted = Object.fromEntries(Array.from({ length: 11 }, (_, index): [string, string] => [`param${index + 1}`, `v${index + 1}`]).reverse());
    expect(fieldsOf({ winlog: { event_id: 800, event_data: counted } })).toEqual({ ...counted, Data: Array.from({ length: 11 }, (_, index) => `v${index + 1}`) });
    expect(fieldsOf({ eventId: 1, fields: { Data0: 'a', Data1: 'b' } })).toEqual({ Data0: 'a', Data1: 'b', Data: ['a', 'b'] });
    expect(fieldsOf({ eventId: 1, fields: { Data: 'a', Data1: 'b' } })).toEqual({ Data: 'a', Data1: 'b' });
  });

  it('keep a name that objects have of their own', () => {
    const fields = eventOf(JSON.parse('{"eventId":1,"fields":{"__proto__":"x","constructor":"y"}}') as object)?.fields ?? {};
    expect(Object.entries(fields)).toEqual([['__proto__', 'x'], ['constructor', 'y']]);
    expect(eventOf({ eventId: 1, fields: {} })?.fields['constructor']).toBeUndefined();
  });

  it('of NXLog keep the event’s own EventType', () => {
    expect(fieldsOf({ EventID: 13, Channel: 'c', EventType: 'SetValue' })).toEqual({ EventType: 'SetValue' });
  });

  it('without a name are Data, Binary beside them', () => {
    const System = { EventID: 400 };
    expect(fieldsOf({ Event: { System, EventData: { Data: { '#text': ['a', 'b'] }, Binary: null } } })).toEqual({ Data: ['a', 'b'], Binary: '' });
    expect(fieldsOf({ Event: { System, EventData: { Data: ['a', 'b'], Binary: 'FF' } } })).toEqual({ Data: ['a', 'b'], Binary: 'FF' });
    expect(fieldsOf({ Event: { System, EventData: { Data: 'a' } } })).toEqual({ Data: 'a' });
  });

  it('of an event that could not be put together are there too', () => {
    const ProcessingErrorData = { ErrorCode: 15005, DataItemName: 'shellId', EventPayload: '68' };
    expect(fieldsOf({ Event: { System: { EventID: 91 }, ProcessingErrorData } })).toEqual({ ErrorCode: '15005', DataItemName: 'shellId', EventPayload: '68' });
  });

  it('of UserData are named by the elements inside its wrapper', () => {
    const UserData = { Operation: { '#attributes': { xmlns: 'x' }, Id: '{00000000-0000-0000-0000-000000000000}', User: { '#attributes': { sid: 'S-1-5-18' }, '#text': 'SYSTEM' }, Inner: { Deep: 5, List: [1, 2] } } };
    expect(fieldsOf({ Event: { System: { EventID: 1 }, UserData } })).toEqual({ Id: '{00000000-0000-0000-0000-000000000000}', 'User.sid': 'S-1-5-18', User: 'SYSTEM', Deep: '5', List: ['1', '2'] });
  });
});

describe('times', () => {
  it.each([
    ['2026-08-05T10:11:12.123456789Z', '2026-08-05T10:11:12.1234567Z'],
    ['2026-08-05 10:11:12', '2026-08-05T10:11:12Z'],
    ['2026-08-05T23:30:00.5-01:00', '2026-08-06T00:30:00.5Z'],
    ['2026-08-05 10:11:12 UTC', '2026-08-05T10:11:12Z'],
    ['yesterday', null],
    [17, null],
  ])('%s', (written, read) => {
    expect(eventOf({ eventId: 1, time: written, fields: {} })?.time).toBe(read);
  });
});

describe('what is no event', () => {
  it.each<object>([[[]], [{}], [{ eventId: 1 }], [{ eventId: -1, fields: {} }], [{ eventId: 1.5, fields: {} }], [{ EventID: 1 }], [{ Event: 1 }], [{ winlog: {} }], [{ EventId: 1, Payload: 'no' }], [{ Event: { System: { EventID: 'x' } } }]])('%j', (value) => {
    expect(eventOf(value)).toBeNull();
  });
});
