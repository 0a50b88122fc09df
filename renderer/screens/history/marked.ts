/** Which parts of a text a rule matched, so that they can be shown marked. Pure. */

export interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

/** `patterns` as rules are shown (`*tool*`, `contains tool`, a regular expression): the plain words in them that stand in the text. */
export function markedPieces(text: string, patterns: readonly string[]): Piece[] {
  const lower = text.toLowerCase();
  const ranges: [number, number][] = [];
  for (const word of patterns.flatMap(wordsOf)) {
    for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + word.length)) ranges.push([at, at + word.length]);
  }
  ranges.sort((a, b) => a[0] - b[0]);
  const pieces: Piece[] = [];
  let done = 0;
  for (const [from, to] of ranges) {
    if (to <= done) continue;
    const start = Math.max(from, done);
    if (start > done) pieces.push({ text: text.slice(done, start), marked: false });
    pieces.push({ text: text.slice(start, to), marked: true });
    done = to;
  }
  if (done < text.length) pieces.push({ text: text.slice(done), marked: false });
  return pieces;
}

const SHORTEST = 3;

/** Runs of plain characters between wildcards and operators. */
function wordsOf(pattern: string): string[] {
  return pattern
    .toLowerCase()
    .replace(/^(?:contains|startswith|endswith|is|re):?\s+/, '')
    .split(/[*?|()[\]{}^$+]|\\[a-z]/)
    .map((word) => word.replaceAll('\\', '').trim())
    .filter((word) => word.length >= SHORTEST);
}
