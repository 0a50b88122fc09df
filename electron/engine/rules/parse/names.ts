/** Which selections `1 of x*` and `all of them` speak of. */
import { wildcardMatcher } from '../compile/wildcard.ts';
import { parsePattern } from './pattern.ts';

/** `pattern` null is `them`: every selection. One whose name begins with an underscore is meant only by a pattern that does too. */
export function selectionsNamed(pattern: string | null, all: readonly string[]): readonly string[] {
  const names = pattern?.startsWith('_') === true ? all : all.filter((name) => !name.startsWith('_'));
  if (pattern === null) return names;
  const { tokens } = parsePattern(pattern, 'whole', false);
  return names.filter(wildcardMatcher(tokens));
}
