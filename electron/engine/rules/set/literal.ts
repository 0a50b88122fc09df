/**
 * What a text must contain for a pattern to match. The index looks for literals only: whole values, beginnings and endings
 * are literals too, with an edge of the text as part of them.
 */
import type { PatternToken, TextPattern } from '../model.ts';
import { DASHES } from '../parse/pattern.ts';

export interface Literal {
  /** In lower case. May be empty: with `atBegin` it then stands in every text, with both edges in the empty one only. */
  readonly text: string;
  readonly atBegin: boolean;
  readonly atEnd: boolean;
}

/** A text that matches has one literal of each group. When `exact`, a text that has is a match. */
export interface Needs {
  readonly groups: readonly (readonly Literal[])[];
  readonly exact: boolean;
}

/** Stands in every text. */
export const ANY_TEXT: Literal = { text: '', atBegin: true, atEnd: false };
const EMPTY_TEXT: Literal = { text: '', atBegin: true, atEnd: true };

/** A stretch with more spellings (a dash that may be any of five) is looked for by its parts instead. */
const MOST_SPELLINGS = 25;

/** The texts that may stand at one place. */
type Part = readonly string[];

/** What stands between two wildcards. */
interface Stretch {
  readonly parts: readonly Part[];
  readonly atBegin: boolean;
  readonly atEnd: boolean;
}

export function needsOf(pattern: TextPattern, cased: boolean): Needs {
  const { tokens } = pattern;
  if (tokens.length === 0) return { groups: [[EMPTY_TEXT]], exact: true };
  const stretches = stretchesOf(tokens, cased);
  const groups = stretches.flatMap(spellings);
  const isPlain = !cased && tokens.every((token) => typeof token === 'string' || token.wild !== 'one');
  const exact = isPlain && stretches.length < 2 && stretches.every(isSpelledOut);
  return { groups: groups.length === 0 ? [[ANY_TEXT]] : groups, exact };
}

function stretchesOf(tokens: readonly PatternToken[], cased: boolean): Stretch[] {
  const parts = tokens.flatMap((token) => partsOf(token, cased));
  const stretches: Stretch[] = [];
  let begin = 0;
  for (let at = 0; at <= parts.length; at += 1) {
    if (at < parts.length && parts[at] !== null) continue;
    const between = parts.slice(begin, at).filter((part) => part !== null);
    if (between.length > 0) stretches.push({ parts: between, atBegin: begin === 0, atEnd: at === parts.length });
    begin = at + 1;
  }
  return stretches;
}

/** Null is a place where anything may stand. */
function partsOf(token: PatternToken, cased: boolean): (Part | null)[] {
  if (typeof token !== 'string') return [token.wild === 'dash' ? DASHES : null];
  if (!cased) return [[token.toLowerCase()]];
  // The index minds no case, which it may where a unit has its own lower case: beyond ASCII it depends on the neighbours.
  return Array.from(token, (character) => (character.charCodeAt(0) < 0x80 ? [character.toLowerCase()] : null));
}

function isSpelledOut(stretch: Stretch): boolean {
  return stretch.parts.reduce((product, part) => product * part.length, 1) <= MOST_SPELLINGS;
}

function spellings(stretch: Stretch): Literal[][] {
  if (isSpelledOut(stretch)) return [written(stretch.parts).map((text) => ({ text, atBegin: stretch.atBegin, atEnd: stretch.atEnd }))];
  return stretch.parts.filter((part) => part.length === 1).map((part) => written([part]).map((text) => ({ text, atBegin: false, atEnd: false })));
}

function written(parts: readonly Part[]): string[] {
  return parts.reduce<string[]>((texts, part) => texts.flatMap((text) => part.map((next) => text + next)), ['']);
}
