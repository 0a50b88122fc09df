/** Sigma text values: `*` and `?` are wildcards, a backslash takes their meaning away (and its own), else it is itself. */
import type { Anchor, PatternToken, TextPattern } from '../model.ts';

const RUN: PatternToken = { wild: 'run' };
const ONE: PatternToken = { wild: 'one' };
const DASH: PatternToken = { wild: 'dash' };

/** The characters that `windash` treats alike: hyphen, slash, en dash, em dash, horizontal bar. */
export const DASHES: readonly string[] = ['-', '/', '\u2013', '\u2014', '\u2015'];

export function parsePattern(text: string, anchor: Anchor, windash: boolean): TextPattern {
  const characters = windash ? markDashes(unescape(text)) : unescape(text);
  const tokens = [...characters];
  if (anchor === 'end' || anchor === 'inside') tokens.unshift(RUN);
  if (anchor === 'start' || anchor === 'inside') tokens.push(RUN);
  return { shown: showPattern(text, anchor), tokens: joinTokens(tokens) };
}

function showPattern(text: string, anchor: Anchor): string {
  const before = (anchor === 'end' || anchor === 'inside') && !text.startsWith('*') ? '*' : '';
  const after = (anchor === 'start' || anchor === 'inside') && !text.endsWith('*') ? '*' : '';
  return before + text + after;
}

/** One token per character. */
function unescape(text: string): PatternToken[] {
  const tokens: PatternToken[] = [];
  let escaped = false;
  for (const character of text) {
    if (escaped) {
      escaped = false;
      if (character !== '*' && character !== '?' && character !== '\\') tokens.push('\\');
      tokens.push(character);
    } else if (character === '\\') escaped = true;
    else if (character === '*') tokens.push(RUN);
    else if (character === '?') tokens.push(ONE);
    else tokens.push(character);
  }
  if (escaped) tokens.push('\\');
  return tokens;
}

/** A dash or slash that begins an option (nothing of a word before it, a word after it) may be any of the five. */
function markDashes(tokens: readonly PatternToken[]): PatternToken[] {
  return tokens.map((token, index) => {
    if (typeof token !== 'string' || !DASHES.includes(token)) return token;
    const opensWord = !isWord(tokens[index - 1]) && isWord(tokens[index + 1]);
    return opensWord ? DASH : token;
  });
}

function isWord(token: PatternToken | undefined): boolean {
  return typeof token === 'string' && /^\w$/.test(token);
}

/** With each dash of `windash` written out; null when that would be more than `most`. */
export function spellings(tokens: readonly PatternToken[], most: number): readonly (readonly PatternToken[])[] | null {
  let found: PatternToken[][] = [[]];
  for (const token of tokens) {
    const choices: readonly PatternToken[] = token === DASH ? DASHES : [token];
    if (found.length * choices.length > most) return null;
    found = found.flatMap((before) => choices.map((choice) => [...before, choice]));
  }
  return found.map(joinTokens);
}

/** Neighbouring literals become one, neighbouring runs too. */
export function joinTokens(tokens: readonly PatternToken[]): PatternToken[] {
  const joined: PatternToken[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (typeof token === 'string' && typeof last === 'string') joined[joined.length - 1] = last + token;
    else if (token === RUN && last === RUN) continue;
    else joined.push(token);
  }
  return joined;
}
