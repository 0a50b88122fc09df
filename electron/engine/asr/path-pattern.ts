/**
 * Paths in exclusions: a file, a folder (ends with a slash, holds everything below), or a pattern in which `*` and `?` stay
 * within one name and `**` crosses folders. Case counts. Only absolute paths can match, so a rule author's slip in an
 * exclusion excludes too little, never too much.
 */

export type PathTest = (path: string) => boolean;

/** Tests a whole path against the text of one exclusion. */
export function pathPattern(text: string): PathTest {
  if (!/[*?]/.test(text)) return text.endsWith('/') ? (path) => path.startsWith(text) : (path) => path === text;
  const tokens = tokenize(text.endsWith('/') ? `${text}**` : text);
  return (path) => matches(tokens, path);
}

type Token = { readonly literal: string } | { readonly wild: 'one' | 'name' | 'deep' };

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const part of text.match(/\*\*+|\*|\?|[^*?]+/g) ?? []) {
    if (part === '*') tokens.push({ wild: 'name' });
    else if (part === '?') tokens.push({ wild: 'one' });
    else if (part.startsWith('*')) tokens.push({ wild: 'deep' });
    else for (const literal of part) tokens.push({ literal });
  }
  return tokens;
}

/** Follows all ways through the pattern at once, so that no pattern costs more than its length times the path's. */
function matches(tokens: readonly Token[], path: string): boolean {
  let at = closure(tokens, new Set([0]));
  for (const character of path) {
    const next = new Set<number>();
    for (const state of at) {
      const token = tokens[state];
      if (token === undefined) continue;
      if ('literal' in token) {
        if (token.literal === character) next.add(state + 1);
      } else if (token.wild === 'deep' || character !== '/') {
        next.add(token.wild === 'one' ? state + 1 : state);
      }
    }
    if (next.size === 0) return false;
    at = closure(tokens, next);
  }
  return at.has(tokens.length);
}

/** Runs may also be empty. */
function closure(tokens: readonly Token[], states: Set<number>): Set<number> {
  for (const state of states) {
    const token = tokens[state];
    if (token !== undefined && 'wild' in token && token.wild !== 'one') states.add(state + 1);
  }
  return states;
}
