/** Times as people say them, with the exact one on demand. */
import { COMMON } from '../words/words.ts';

const UNITS: readonly (readonly [number, string])[] = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1_000, 's']];

export function span(ms: number): string {
  const unit = UNITS.find(([size]) => ms >= size);
  return unit === undefined ? '0 s' : `${Math.floor(ms / unit[0])} ${unit[1]}`;
}

export function ago(iso: string | null, nowMs: number): string {
  if (iso === null) return COMMON.never;
  const ms = nowMs - Date.parse(iso);
  return ms < 1_000 ? COMMON.now : COMMON.ago(span(ms));
}

export function exact(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Nothing for a text that is no time. */
export function hourAndMinute(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? '' : time.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}
