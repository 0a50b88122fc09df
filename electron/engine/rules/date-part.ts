/** Parts of a date as it is written in a field. Nothing is converted: the hour of `2024-05-01 09:30 +02:00` is 9. */
import type { TimePart } from './model.ts';

const DATE = /^\s*(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:[.,]\d{1,9})?)?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?\s*$/i;
const DAY_MS = 86_400_000;

/** Null when the text is no date, or has no time of day and the part is one. `week` is the week of ISO 8601, 1 to 53. */
export function datePart(text: string, part: TimePart): number | null {
  const found = text.length > 40 ? null : DATE.exec(text);
  if (!found) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const hour = found[4] === undefined ? null : Number(found[4]);
  const minute = found[5] === undefined ? null : Number(found[5]);
  if (!isDay(year, month, day) || (hour ?? 0) > 23 || (minute ?? 0) > 59) return null;
  return { minute, hour, day, week: isoWeek(year, month, day), month, year }[part];
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The week of a day is the one its Thursday lies in; the first week of a year holds its first Thursday. */
function isoWeek(year: number, month: number, day: number): number {
  const time = Date.UTC(year, month - 1, day);
  const weekday = (new Date(time).getUTCDay() + 6) % 7;
  const thursday = time + (3 - weekday) * DAY_MS;
  const newYear = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - newYear) / DAY_MS / 7) + 1;
}
