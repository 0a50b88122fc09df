/**
 * Text that an attacker may have chosen, made safe to look at: characters that are not seen, turn the direction of text or break
 * lines are shown as their number, bytes that were no text as \xNN (shared/text/surrogate-escape.ts).
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115F\u1160\u3164\uFFA0]/u;

export function visibleText(text: string): string {
  let shown = '';
  for (const character of text) shown += UNSEEN.test(character) ? named(character.codePointAt(0) ?? 0) : character;
  return shown;
}

function named(code: number): string {
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** What follows the last slash. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1) || path;
}

/** Beginning and end stay, because both say most about a path. */
export function middleCut(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - half)}…${text.slice(text.length - half)}`;
}
