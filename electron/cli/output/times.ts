/** Times as people at this device read them; programs get UTC through --json. */
import { visible } from './visible.ts';

export function localTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? visible(iso) : localTimeOf(time);
}

/** To the nearest second: a time that was computed lies a little beside the full one that a person chose. */
export function localTimeOf(exact: Date): string {
  const time = new Date(Math.round(exact.getTime() / 1_000) * 1_000);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

export function count(number: number): string {
  return number.toLocaleString('en-US');
}
