/** Values for the event-file writer, and whole events made of them. */
import { element, hole, template, type WrittenElement, type WrittenRecord, type WrittenTemplate, type WrittenValue } from './evtx-writer.ts';

export const ARRAY = 0x80;

export const nothing: WrittenValue = { type: 0, bytes: Buffer.alloc(0) };

export function text(value: string): WrittenValue {
  return { type: 0x01, bytes: Buffer.from(value, 'utf16le') };
}

export function raw(type: number, bytes: readonly number[] | Buffer): WrittenValue {
  return { type, bytes: Buffer.from(bytes) };
}

/** `write`: fills `size` bytes. */
export function written(type: number, size: number, write: (bytes: Buffer) => void): WrittenValue {
  const bytes = Buffer.alloc(size);
  write(bytes);
  return { type, bytes };
}

export function uint16(value: number): WrittenValue {
  return written(0x06, 2, (bytes) => bytes.writeUInt16LE(value));
}

export function uint32(value: number): WrittenValue {
  return written(0x08, 4, (bytes) => bytes.writeUInt32LE(value));
}

export function fileTime(ticks: bigint): WrittenValue {
  return written(0x11, 8, (bytes) => bytes.writeBigUInt64LE(ticks));
}

/** 2026-08-05T10:11:12.1234567Z */
export const SOME_TIME = 134_303_982_721_234_567n;

const PROVIDER = 0;
const EVENT_ID = 1;
const TIME = 2;
const CHANNEL = 3;
const COMPUTER = 4;
const BODY = 5;

/** The event around its data as Windows writes it: values in holes, the data as binary XML of its own. */
export const outerTemplate = template(
  element(
    'Event',
    { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
    element(
      'System',
      {},
      element('Provider', { Name: [hole(PROVIDER, true)] }),
      element('EventID', {}, hole(EVENT_ID)),
      element('TimeCreated', { SystemTime: [hole(TIME)] }),
      element('Channel', {}, hole(CHANNEL)),
      element('Computer', {}, hole(COMPUTER)),
    ),
    hole(BODY, true),
  ),
);

/** EventData with one named value for each name. */
export function dataTemplate(names: readonly string[]): WrittenTemplate {
  return template(element('EventData', {}, ...names.map((name, index) => element('Data', { Name: name }, hole(index)))));
}

export function recordWith(id: bigint, body: WrittenValue): WrittenRecord {
  const values = [text('Microsoft-Windows-Sysmon'), uint16(1), fileTime(SOME_TIME + id), text('Microsoft-Windows-Sysmon/Operational'), text('PC-01'), body];
  return { id, time: SOME_TIME, event: { template: outerTemplate, values } };
}

/** A record with the body as a template of its own. */
export function recordOf(id: bigint, body: WrittenTemplate, values: readonly WrittenValue[]): WrittenRecord {
  return recordWith(id, { instance: { template: body, values } });
}

/** A record with the body written out. */
export function recordOfElement(id: bigint, body: WrittenElement, values: readonly WrittenValue[] = []): WrittenRecord {
  return recordOf(id, template(body), values);
}
