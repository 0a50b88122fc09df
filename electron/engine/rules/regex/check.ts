/** Which regular expressions a rule may bring. A bad one must cost its author an error message, never an event its deadline. */

const MAX_SOURCE = 2048;

/** What is wrong with the expression, or null. */
export function checkRegex(source: string, flags: string): string | null {
  if (source.length > MAX_SOURCE) return `the regular expression is longer than ${MAX_SOURCE} characters`;
  try {
    new RegExp(source, flags);
  } catch (error) {
    return error instanceof Error ? error.message : 'this is no regular expression';
  }
  return null;
}
