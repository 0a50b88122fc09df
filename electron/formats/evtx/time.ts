/** Times as Windows writes them in an event: UTC, seven digits behind the second. */

const TICKS_A_SECOND = 10_000_000;
const SECONDS_A_DAY = 86_400;
/** Days from 1601-01-01, where FILETIME begins, to 1970-01-01. */
const DAYS_TO_1970 = 134_774;
const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Keeps the sums below exact: the year 15,219. */
const HIGHEST_EXACT = 0x3fff_ffff;
/** Windows counts in signed numbers. */
const HIGHEST = 0x7fff_ffff;
/** Of what is no time. */
const NO_FILE_TIME = '0000-00-00T00:00:00.0000000Z';
const NO_SYSTEM_TIME = '1601-01-01T00:00:00.0000000Z';
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

/** Where sums of numbers are no longer exact. The highest of them often stands for "never". */
function farFileTimeText(low: number, high: number): string {
  if (high > HIGHEST) return NO_FILE_TIME;
  const ticks = (BigInt(high) << 32n) | BigInt(low);
  const seconds = Number(ticks / BigInt(TICKS_A_SECOND));
  const day = Math.floor(seconds / SECONDS_A_DAY);
  return `${calendarDate(day - DAYS_TO_1970)}T${clock(seconds - day * SECONDS_A_DAY)}.${digits(Number(ticks % BigInt(TICKS_A_SECOND)), 7)}Z`;
}

/** The eight numbers of a SYSTEMTIME; the third is the weekday. */
export function systemTimeText(view: DataView, offset: number): string {
  const part = (index: number): number => view.getUint16(offset + index * 2, true);
  if (!isDate(part(0), part(1), part(3)) || part(4) > 23 || part(5) > 59 || part(6) > 59 || part(7) > 999) return NO_SYSTEM_TIME;
  const date = dateText(part(0), part(1), part(3));
  return `${date}T${digits(part(4), 2)}:${digits(part(5), 2)}:${digits(part(6), 2)}.${digits(part(7), 3)}0000Z`;
}

/** As Windows takes it: its calendar goes from 1601 to 30827. */
function isDate(year: number, month: number, day: number): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeap ? 29 : (DAYS_OF_MONTHS[month - 1] ?? 0);
  return year >= 1601 && year <= 30_827 && day >= 1 && day <= days;
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
  return dateText(year, month, dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1);
}

/** A year has four digits, the last ones where it has more. */
function dateText(year: number, month: number, day: number): string {
  return `${digits(year % 10_000, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

function clock(secondOfDay: number): string {
  const minutes = Math.floor(secondOfDay / 60);
  return `${digits(Math.floor(minutes / 60), 2)}:${digits(minutes % 60, 2)}:${digits(secondOfDay % 60, 2)}`;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}
