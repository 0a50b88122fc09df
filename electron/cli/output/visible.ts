/**
 * Makes text from programs and files safe to show. Command lines and paths are chosen by attackers: raw, an escape
 * sequence could rewrite the terminal, a bidirectional override could turn a name round, a newline could forge a line of
 * this report. So whatever is not plainly visible is shown by its number.
 */

/** Controls, format and private characters, unassigned ones, lone surrogates, and separators other than the blank. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
/** Letters and marks that nevertheless show nothing: fillers, blank Braille, variation selectors, grapheme joiner. */
const BLANK = /[\u115f\u1160\u3164\uffa0\u2800\u034f\u180b-\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;
/** More marks than that on one letter are painting over the lines above. */
const MOST_MARKS = 3;
const MARK = /\p{M}/u;

export function visible(text: string): string {
  let shown = '';
  let marks = 0;
  for (const character of text) {
    const isMark = MARK.test(character);
    marks = isMark ? marks + 1 : 0;
    // A mark with nothing of its own before it would sit on what we wrote ourselves.
    const astray = isMark && (shown === '' || marks > MOST_MARKS);
    shown += astray || HIDDEN.test(character) || BLANK.test(character) ? escaped(character) : character;
  }
  return shown;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  // A byte that was not UTF-8, as `shared/text/surrogate-escape` keeps it.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
