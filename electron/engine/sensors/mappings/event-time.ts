/** When an event happened, as its own fields tell it; else when the recorder wrote it. */
import type { Fields } from './mapped-log.ts';

export interface EventTime {
  /** ISO 8601 in UTC with the digits that the recorder wrote; null when nothing says it. */
  readonly iso: string | null;
  readonly ms: number | null;
}

const NO_TIME: EventTime = { iso: null, ms: null };
/** `2020-06-10 02:50:54.631`, `2020-06-10T02:50:54.6310000Z`. A zone other than UTC is not guessed at. */
const FORM = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:Z|\+00:00)?$/;

/** Sysmon's `UtcTime` comes first: some recorders write local time beside it. */
export function eventTime(fields: Fields, recorded: string | null): EventTime {
  const utc = fields['UtcTime'];
  const own = typeof utc === 'string' ? readTime(utc) : NO_TIME;
  return own.ms === null ? readTime(recorded) : own;
}

export function readTime(text: string | null): EventTime {
  const parts = text === null ? null : FORM.exec(text.trim());
  if (parts === null) return NO_TIME;
  const [, day = '', time = '', fraction] = parts;
  const ms = Date.parse(`${day}T${time}.${(fraction ?? '').slice(0, 3).padEnd(3, '0')}Z`);
  return Number.isNaN(ms) ? NO_TIME : { iso: `${day}T${time}${fraction === undefined ? '' : `.${fraction}`}Z`, ms };
}
