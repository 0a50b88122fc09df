/** Times as people type them: a span (`15m`, `2h`, `3d`), a clock time (`18:30`), or a date with or without a time. */
import { fail, ok, type Result } from '../../shared/result.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** The moment a span before now, or the moment given. */
export function parseSince(text: string, nowMs: number): Result<number> {
  const span = parseSpan(text);
  if (span !== null) return ok(nowMs - span);
  const moment = parseMoment(text, nowMs);
  return moment === null ? notUnderstood(text) : ok(moment);
}

/** The moment a span after now, or the moment given; a clock time that has passed today means tomorrow. */
export function parseUntil(text: string, nowMs: number): Result<number> {
  const span = parseSpan(text);
  if (span === 0) return fail('bad-time', `${text} is no time at all.`);
  if (span !== null) return ok(nowMs + span);
  const moment = parseMoment(text, nowMs);
  if (moment === null) return notUnderstood(text);
  if (moment > nowMs) return ok(moment);
  if (isClockTime(text)) return ok(sameTimeNextDay(moment));
  return fail('bad-time', `${text} has already passed.`);
}

function parseSpan(text: string): number | null {
  const match = /^(\d{1,6})\s*([smhdw])$/i.exec(text.trim());
  const unit = UNIT_MS[match?.[2]?.toLowerCase() ?? ''];
  return unit === undefined ? null : Number(match?.[1]) * unit;
}

function isClockTime(text: string): boolean {
  return /^([01]?\d|2[0-3]):[0-5]\d$/.test(text.trim());
}

/** By the calendar, because a day is not always 24 hours long. */
function sameTimeNextDay(moment: number): number {
  const next = new Date(moment);
  return next.setDate(next.getDate() + 1);
}

function parseMoment(text: string, nowMs: number): number | null {
  const trimmed = text.trim();
  if (isClockTime(trimmed)) {
    const [hours = 0, minutes = 0] = trimmed.split(':').map(Number);
    const moment = new Date(nowMs);
    return moment.setHours(hours, minutes, 0, 0);
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(trimmed)) return null;
  // A bare date means midnight here, where JavaScript takes it for midnight in Greenwich.
  const parsed = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(trimmed) ? `${trimmed}T00:00` : trimmed.replace(' ', 'T'));
  return Number.isNaN(parsed) ? null : parsed;
}

function notUnderstood(text: string): Result<never> {
  return fail('bad-time', `"${text}" is no time this command understands. Examples: 15m, 2h, 3d, 18:30, 2026-12-01, "2026-12-01 18:30".`);
}
