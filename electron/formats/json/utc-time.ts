/** Times as recorders write them, as UTC text with at most 100 ns. */

const FORM = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/;
const MINUTE_MS = 60_000;

/**
 * Null for what is no such time. Some recorders write local time without saying so; there is no telling, so it is taken as UTC
 * (`UtcTime` among the fields of Sysmon's events is right).
 */
export function utcTime(value: unknown): string | null {
  const match = typeof value === 'string' ? FORM.exec(value.trim()) : null;
  if (match === null) return null;
  const [, date = '', clock = '', fraction = '', zone = 'Z'] = match;
  const behind = fraction === '' ? '' : `.${fraction.slice(0, 7)}`;
  const offset = offsetMs(zone);
  if (offset === 0) return `${date}T${clock}${behind}Z`;
  const moved = new Date(Date.parse(`${date}T${clock}Z`) - offset);
  return Number.isNaN(moved.getTime()) ? null : `${moved.toISOString().slice(0, 19)}${behind}Z`;
}

function offsetMs(zone: string): number {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * MINUTE_MS;
}
