/** How many columns text takes in a terminal, and fitting it into them. Expects text that is already `visible`. */

/** East Asian wide and fullwidth blocks, and emoji: two columns each. */
const WIDE =
  /[\u1100-\u115e\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const ZERO = /\p{M}/u;

export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (character < '\u0300') return 1;
  return ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Cuts the middle out, because a command line tells most at its ends. */
export function shorten(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 1) return '…'.slice(0, width);
  const characters = Array.from(text);
  const tailWidth = Math.floor((width - 1) / 3);
  const head = takeWhileFits(characters, width - 1 - tailWidth);
  const tail = takeWhileFits(characters.slice(head.length).reverse(), tailWidth).reverse();
  return `${head.join('')}…${tail.join('')}`;
}

/** Cuts the end off: for words, which are read from their start. */
export function startOf(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return `${takeWhileFits(Array.from(text), width - 1).join('')}…`;
}

/** Breaks at blanks where it can, and inside a word that is too long for a line. Always at least one line. */
export function wrap(text: string, width: number): string[] {
  const limit = Math.max(width, 8);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (displayWidth(joined) <= limit) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, limit);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  lines.push(line);
  return lines;
}

function breakWord(word: string, limit: number): string[] {
  const pieces: string[] = [];
  const characters = Array.from(word);
  for (let from = 0; ; ) {
    const piece = takeWhileFits(characters, limit, from);
    pieces.push(piece.join(''));
    from += piece.length;
    if (from >= characters.length) return pieces;
  }
}

function takeWhileFits(characters: readonly string[], width: number, from = 0): string[] {
  let used = 0;
  let end = from;
  for (; end < characters.length; end += 1) {
    used += characterWidth(characters[end] ?? '');
    if (used > width) break;
  }
  return characters.slice(from, end);
}
