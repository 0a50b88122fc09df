/**
 * Wildcard matching without backtracking over more than the last `*`: the parts between two runs are looked for from left to
 * right, each as early as possible, which is right for `*` and `?` and costs at most pattern length times text length.
 */
import type { PatternToken } from '../model.ts';
import { DASHES } from '../parse/pattern.ts';

type Piece = readonly Exclude<PatternToken, { readonly wild: 'run' }>[];

/** Whether the whole of `text` has the shape of the tokens. Both sides must be in the same case. */
export function matchTokens(tokens: readonly PatternToken[], text: string): boolean {
  const pieces = splitAtRuns(tokens);
  return matchPieces(pieces, text);
}

/** Prepared form for patterns that are matched often. */
export function wildcardMatcher(tokens: readonly PatternToken[]): (text: string) => boolean {
  const pieces = splitAtRuns(tokens);
  return (text) => matchPieces(pieces, text);
}

function splitAtRuns(tokens: readonly PatternToken[]): Piece[] {
  const pieces: Exclude<PatternToken, { readonly wild: 'run' }>[][] = [[]];
  for (const token of tokens) {
    if (isRun(token)) pieces.push([]);
    else pieces.at(-1)?.push(token);
  }
  return pieces;
}

function isRun(token: PatternToken): token is { readonly wild: 'run' } {
  return typeof token !== 'string' && token.wild === 'run';
}

function matchPieces(pieces: readonly Piece[], text: string): boolean {
  const first = pieces[0] ?? [];
  if (pieces.length === 1) return pieceEnd(first, text, 0) === text.length;
  let at = pieceEnd(first, text, 0);
  if (at < 0) return false;
  for (const piece of pieces.slice(1, -1)) {
    at = findPiece(piece, text, at);
    if (at < 0) return false;
  }
  const last = pieces.at(-1) ?? [];
  const tail = text.length - pieceLength(last);
  return tail >= at && pieceEnd(last, text, tail) === text.length;
}

/** End of the piece when it stands at `at`, else -1. */
function pieceEnd(piece: Piece, text: string, at: number): number {
  let position = at;
  for (const token of piece) {
    if (typeof token === 'string') {
      if (!text.startsWith(token, position)) return -1;
      position += token.length;
    } else {
      const character = text[position];
      if (character === undefined || (token.wild === 'dash' && !DASHES.includes(character))) return -1;
      position += 1;
    }
  }
  return position;
}

/** End of the first place at or behind `from` where the piece stands, else -1. */
function findPiece(piece: Piece, text: string, from: number): number {
  const [first] = piece;
  if (first === undefined) return from;
  const limit = text.length - pieceLength(piece);
  let start = from;
  while (start <= limit) {
    if (typeof first === 'string') {
      start = text.indexOf(first, start);
      if (start < 0 || start > limit) return -1;
    }
    const end = pieceEnd(piece, text, start);
    if (end >= 0) return end;
    start += 1;
  }
  return -1;
}

function pieceLength(piece: Piece): number {
  return piece.reduce((sum, token) => sum + (typeof token === 'string' ? token.length : 1), 0);
}
