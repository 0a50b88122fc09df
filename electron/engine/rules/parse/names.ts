/** Which selections `1 of x*` and `all of them` speak of. */
import { wildcardMatcher } from '../compile/wildcard.ts';
import { parsePattern } from './pattern.ts';

/** `pattern` null is `them`: every selection whose name does not begin with an underscore. */
export function selectionsNamed(pattern: string | null, names: readonly string[]): string[] {
  if (pattern === null) return names.filter((name) => !name.startsWith('_'));
  const { tokens } = parsePattern(pattern, 'whole', false);
  return names.filter(wildcardMatcher(tokens));
}
