/** Lists of text patterns as one predicate: whole values and base names become set look-ups, the rest stays a short list. */
import type { PatternToken, TextPattern } from '../model.ts';
import { someText, type Subject, type Texts } from '../subject.ts';
import { wildcardMatcher } from './wildcard.ts';

export interface TextPredicate {
  /** Base names with their slash, in lower case, of which a matching value has one; null when other values can match too. */
  readonly baseNames: ReadonlySet<string> | null;
  test(subject: Subject, slot: number): boolean;
  /** After a match: the patterns that fit, as written in the rule. */
  shown(subject: Subject, slot: number): string;
}

interface Single {
  readonly shown: string;
  readonly fits: (text: string) => boolean;
}

export function textPredicate(patterns: readonly TextPattern[], cased: boolean): TextPredicate {
  const prepared = patterns.map((pattern) => ({ shown: pattern.shown, tokens: cased ? pattern.tokens : lowerTokens(pattern.tokens) }));
  const singles = prepared.map(({ shown, tokens }): Single => ({ shown, fits: singleMatcher(tokens) }));
  const read = (subject: Subject, slot: number): Texts | undefined => (cased ? subject.text(slot) : subject.lower(slot));
  return {
    baseNames: baseNamesOf(prepared),
    test: cased ? listTest(singles, read) : mixedTest(prepared, singles),
    shown(subject, slot) {
      const texts = read(subject, slot);
      if (texts === undefined) return '';
      return singles
        .filter((single) => someText(texts, single.fits))
        .map((single) => single.shown)
        .join(' or ');
    },
  };
}

/** Whole values and base names (a star followed by `/bash`) are looked up, each kind at once; what is left is tried one by one. */
function mixedTest(patterns: readonly { readonly tokens: readonly PatternToken[] }[], singles: readonly Single[]): TextPredicate['test'] {
  const whole = new Set<string>();
  const bases = new Set<string>();
  const others: Single[] = [];
  for (const [index, { tokens }] of patterns.entries()) {
    const base = baseLiteral(tokens);
    const literal = wholeLiteral(tokens);
    if (base !== null) bases.add(base);
    else if (literal !== null) whole.add(literal);
    else others.push(...singles.slice(index, index + 1));
  }
  const lower = (subject: Subject, slot: number): Texts | undefined => subject.lower(slot);
  const tests: TextPredicate['test'][] = [];
  if (bases.size > 0) tests.push(setTest(bases, (subject, slot) => subject.base(slot)));
  if (whole.size > 0) tests.push(setTest(whole, lower));
  if (others.length > 0) tests.push(listTest(others, lower));
  const [only] = tests;
  return tests.length === 1 && only ? only : (subject, slot) => tests.some((test) => test(subject, slot));
}

/** A pattern that ends with a literal behind a slash (or is one) lets only values with that base name pass. */
function baseNamesOf(patterns: readonly { readonly tokens: readonly PatternToken[] }[]): ReadonlySet<string> | null {
  const names = patterns.map(({ tokens }) => {
    const last = tokens.at(-1);
    return typeof last === 'string' && last.includes('/') ? last.slice(last.lastIndexOf('/')).toLowerCase() : null;
  });
  return names.every((name) => name !== null) ? new Set(names) : null;
}

function listTest(singles: readonly Single[], read: (subject: Subject, slot: number) => Texts | undefined): TextPredicate['test'] {
  return (subject, slot) => {
    const texts = read(subject, slot);
    if (texts === undefined) return false;
    for (const single of singles) if (someText(texts, single.fits)) return true;
    return false;
  };
}

function setTest(wanted: ReadonlySet<string>, read: (subject: Subject, slot: number) => Texts | undefined): TextPredicate['test'] {
  return (subject, slot) => {
    const texts = read(subject, slot);
    if (texts === undefined) return false;
    return typeof texts === 'string' ? wanted.has(texts) : texts.some((text) => wanted.has(text));
  };
}

function wholeLiteral(tokens: readonly PatternToken[]): string | null {
  if (tokens.length === 0) return '';
  const [only] = tokens;
  return tokens.length === 1 && typeof only === 'string' ? only : null;
}

/** `/bash` of a star followed by `/bash`: ends with a base name and says nothing about the folder. */
function baseLiteral(tokens: readonly PatternToken[]): string | null {
  const [run, literal] = tokens;
  if (tokens.length !== 2 || !isRun(run) || typeof literal !== 'string') return null;
  return literal.lastIndexOf('/') === 0 ? literal : null;
}

function singleMatcher(tokens: readonly PatternToken[]): (text: string) => boolean {
  const [first, second, third] = tokens;
  if (tokens.length === 0) return (text) => text === '';
  if (tokens.length === 1 && typeof first === 'string') return (text) => text === first;
  if (tokens.length === 1 && isRun(first)) return () => true;
  if (tokens.length === 2 && typeof first === 'string' && isRun(second)) return (text) => text.startsWith(first);
  if (tokens.length === 2 && isRun(first) && typeof second === 'string') return (text) => text.endsWith(second);
  if (tokens.length === 3 && isRun(first) && typeof second === 'string' && isRun(third)) return (text) => text.includes(second);
  return wildcardMatcher(tokens);
}

function isRun(token: PatternToken | undefined): boolean {
  return typeof token === 'object' && token.wild === 'run';
}

function lowerTokens(tokens: readonly PatternToken[]): readonly PatternToken[] {
  return tokens.map((token) => (typeof token === 'string' ? token.toLowerCase() : token));
}
