/** Which regular expressions a rule may bring. A bad one costs its author an error message, never an event its deadline. */
import { parseRegex, RegexError } from './parse.ts';
import { buildProgram } from './program.ts';

const MAX_SOURCE = 2048;

/** What is wrong with the expression in words, or null. */
export function checkRegex(source: string, flags: string): string | null {
  if (source.length > MAX_SOURCE) return `the regular expression is longer than ${MAX_SOURCE} characters`;
  try {
    // All that can be wrong shows here; tables are made by whoever searches.
    buildProgram(parseRegex(source, flags));
    return null;
  } catch (error) {
    if (error instanceof RegexError) return error.message;
    throw error;
  }
}
