/**
 * Wildcard matching without backtracking over more than the last `*`: the parts between two runs are looked for from left to
 * right, each as early as possible, which is right for `*` and `?` and costs at most pattern length times text length.
 */
import type { PatternToken } from '../model.ts';
import { DASHES } from '../parse/pattern.ts';

/**
 * Comparisons that one text may cost: half a millisecond, and a few for each of its characters, since padding must not hide what
 * stands behind it. Only a pattern of many `?` behind a `*` needs more, on a text made for it; it has not matched then.
 */
const MAX_COMPARED = 100_000;
const MAX_COMPARED_PER_CHARACTER = 8;

interface Budget {
  left: number;
}

type Fixed = Exclude<PatternToken, { readonly wild: 'run' }>;

/** What stands between two runs: of fixed length. */
interface Piece {
  readonly tokens: readonly Fixed[];
  readonly length: number;
  /** The first text among the tokens and how far in it stands; null where there are only wildcards. */
  readonly fixed: { readonly text: string; readonly at: number } | null;
}

/** Whether the whole of a text has the shape of the tokens. Both sides must be in the same case. */
export function wildcardMatcher(tokens: readonly PatternToken[]): (text: string) => boolean {
  const [first, ...others] = splitAtRuns(tokens);
  const last = others.pop();
  if (!first) return (text) => text === '';
  if (!last) return (text) => text.length === first.length && standsAt(first, text, 0, budgetFor(text));
  return (text) => {
    const budget = budgetFor(text);
    if (text.length < first.length + last.length || !standsAt(last, text, text.length - last.length, budget) || !standsAt(first, text, 0, budget)) return false;
    let at = first.length;
    for (const piece of others) {
      const found = findPiece(piece, text, at, text.length - last.length, budget);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return true;
  };
}

function splitAtRuns(tokens: readonly PatternToken[]): Piece[] {
  const pieces: Fixed[][] = [[]];
  for (const token of tokens) {
    if (isRun(token)) pieces.push([]);
    else pieces.at(-1)?.push(token);
  }
  return pieces.map((tokens) => ({ tokens, length: lengthOf(tokens), fixed: fixedIn(tokens) }));
}

function lengthOf(tokens: readonly Fixed[]): number {
  return tokens.reduce((sum, token) => sum + (typeof token === 'string' ? token.length : 1), 0);
}

function fixedIn(tokens: readonly Fixed[]): Piece['fixed'] {
  const index = tokens.findIndex((token) => typeof token === 'string');
  const text = tokens[index];
  return typeof text === 'string' ? { text, at: lengthOf(tokens.slice(0, index)) } : null;
}

function budgetFor(text: string): Budget {
  return { left: MAX_COMPARED + MAX_COMPARED_PER_CHARACTER * text.length };
}

function isRun(token: PatternToken): token is { readonly wild: 'run' } {
  return typeof token !== 'string' && token.wild === 'run';
}

function standsAt(piece: Piece, text: string, at: number, budget: Budget): boolean {
  let position = at;
  for (const token of piece.tokens) {
    budget.left -= 1;
    if (typeof token === 'string') {
      // A long text costs as much as several short ones.
      budget.left -= token.length >> 4;
      if (!text.startsWith(token, position)) return false;
      position += token.length;
    } else {
      if (token.wild === 'dash' && !DASHES.includes(text.charAt(position))) return false;
      position += 1;
    }
  }
  return true;
}

/** Begin of the first place in `from..end` where the piece stands, else -1. */
function findPiece(piece: Piece, text: string, from: number, end: number, budget: Budget): number {
  const { fixed, length } = piece;
  for (let start = from; start <= end - length && budget.left > 0; start += 1) {
    if (fixed !== null) start = text.indexOf(fixed.text, start + fixed.at) - fixed.at;
    if (start < from || start > end - length) return -1;
    if (standsAt(piece, text, start, budget)) return start;
  }
  return -1;
}
