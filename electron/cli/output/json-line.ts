/** Answers for programs: one JSON value a line. */
import type { Failure } from '../../../shared/result.ts';

/**
 * Who reads a line of JSON at a terminal sees what an attacker chose: what turns text round, hides in it or acts on the
 * terminal is written by its number, which is the same JSON value.
 */
const ACTS_ON_TEXT = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(ACTS_ON_TEXT, escaped)}\n`;
}

/** How every failure is told with --json. */
export function failureLine({ code, message }: Failure): string {
  return jsonLine({ error: { code, message } });
}

/** One number for each half of a pair, as JSON has it. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
