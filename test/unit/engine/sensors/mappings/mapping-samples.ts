/** The shipped mapping files, and records in few words. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { MappedLogs } from '../../../../../electron/engine/sensors/mappings/mapped-log.ts';
import { parseMappings, type SourceMapping } from '../../../../../electron/engine/sensors/mappings/mapping-file.ts';
import { NO_HEADER } from '../../../../../electron/formats/header.ts';
import type { EventRecord } from '../../../../../electron/formats/record.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../../../resources/rules/mappings');

export function shippedMappings(): readonly SourceMapping[] {
  const files = readdirSync(FOLDER).sort().map((name) => ({ path: name, text: readFileSync(path.join(FOLDER, name), 'utf8') }));
  const parsed = parseMappings(files);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

export function shippedLogs(): MappedLogs {
  return new MappedLogs(shippedMappings());
}

export const SYSMON = { channel: 'Microsoft-Windows-Sysmon/Operational', provider: 'Microsoft-Windows-Sysmon' };
export const SECURITY = { channel: 'Security', provider: 'Microsoft-Windows-Security-Auditing' };

export function record(eventId: number, fields: EventRecord['fields'], from: Partial<EventRecord> = SYSMON): EventRecord {
  return { provider: '', channel: '', computer: 'PC1', header: NO_HEADER, time: '2026-03-04T05:06:07.8901234Z', group: null, eventId, fields, ...from };
}
