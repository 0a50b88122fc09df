/** Times as Windows writes them in an event: UTC, seven digits behind the second. */

const TICKS_A_SECOND = 10_000_000;
const SECONDS_A_DAY = 86_400;
/** Days from 1601-01-01, where FILETIME begins, to 1970-01-01. */
const DAYS_TO_1970 = 134_774;
/** Windows itself ends in the year 30827; this keeps the sums below exact. */
const HIGHEST_EXACT = 0x3fff_ffff;
/** 2^32 ticks are this many seconds and ticks. */
const HIGH_SECONDS = 429;
const HIGH_TICKS = 4_967_296;

/** Records follow each other within a second or a day. */
let lastDay = -1;
let lastDate = '';
let lastSecond = -1;
let lastClock = '';

/** `low` and `high` are the halves of the FILETIME: 100 ns since 1601. */
export function fileTimeText(low: number, high: number): string {
  if (high > HIGHEST_EXACT) return farFileTimeText(low, high);
  const rest = high * HIGH_TICKS + low;
  const restSeconds = Math.floor(rest / TICKS_A_SECOND);
  const seconds = high * HIGH_SECONDS + restSeconds;
  if (seconds !== lastSecond) {
    const day = Math.floor(seconds / SECONDS_A_DAY);
    lastClock = `${dateOf(day)}T${clock(seconds - day * SECONDS_A_DAY)}.`;
    lastSecond = seconds;
  }
  // The one in front keeps zeros behind it.
  return `${lastClock}${String(TICKS_A_SECOND + rest - restSeconds * TICKS_A_SECOND).slice(1)}Z`;
}

/** Beyond what sums of numbers hold, and beyond what a calendar here knows: the ticks themselves. */
function farFileTimeText(low: number, high: number): string {
  return ((BigInt(high) << 32n) | BigInt(low)).toString();
}

/** The eight numbers of a SYSTEMTIME; the third is the weekday. */
export function systemTimeText(view: DataView, offset: number): string {
  const part = (index: number): number => view.getUint16(offset + index * 2, true);
  const date = `${digits(part(0), 4)}-${digits(part(1), 2)}-${digits(part(3), 2)}`;
  return `${date}T${digits(part(4), 2)}:${digits(part(5), 2)}:${digits(part(6), 2)}.${digits(part(7), 3)}0000Z`;
}

function dateOf(day: number): string {
  if (day !== lastDay) {
    lastDate = calendarDate(day - DAYS_TO_1970);
    lastDay = day;
  }
  return lastDate;
}

/** Days of the proleptic Gregorian calendar, counted in eras of 400 years that begin in March. */
function calendarDate(daysSince1970: number): string {
  const days = daysSince1970 + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1, 2)}`;
}

function clock(secondOfDay: number): string {
  const minutes = Math.floor(secondOfDay / 60);
  return `${digits(Math.floor(minutes / 60), 2)}:${digits(minutes % 60, 2)}:${digits(secondOfDay % 60, 2)}`;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}
