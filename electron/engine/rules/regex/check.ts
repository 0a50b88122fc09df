/** Which regular expressions a rule may bring. A bad one costs its author an error message, never an event its deadline. */
import { RegexMatcher } from './matcher.ts';
import { RegexError } from './parse.ts';

const MAX_SOURCE = 2048;

/** What is wrong with the expression in words, or null. */
export function checkRegex(source: string, flags: string): string | null {
  if (source.length > MAX_SOURCE) return `the regular expression is longer than ${MAX_SOURCE} characters`;
  try {
    new RegexMatcher(source, flags);
    return null;
  } catch (error) {
    if (error instanceof RegexError) return error.message;
    throw error;
  }
}
