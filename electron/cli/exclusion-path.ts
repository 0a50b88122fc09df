/** Which path an exclusion means, from what a person typed. */
import { realpathSync, statSync, type Stats } from 'node:fs';
import path from 'node:path';

export interface Exclusion {
  readonly path: string;
  /** Nothing lies there, as far as this account can see. A pattern is never missing. */
  readonly missing: boolean;
}

/** A relative path is meant from here; what exists is named as the kernel names it, and a folder means what lies in it. */
export function exclusionFor(typed: string): Exclusion {
  const hasPattern = /[*?]/.test(typed);
  if (hasPattern) return { path: typed.startsWith('/') || typed.startsWith('*') ? typed : path.resolve(typed), missing: false };
  const whole = path.resolve(typed);
  const found = look(whole);
  const isFolder = typeof found === 'object' ? found.stats.isDirectory() : typed.endsWith('/');
  const real = typeof found === 'object' ? found.real : whole;
  return { path: isFolder && real !== '/' ? `${real}/` : real, missing: found === 'missing' };
}

function look(whole: string): { readonly stats: Stats; readonly real: string } | 'missing' | 'unknown' {
  try {
    const stats = statSync(whole, { throwIfNoEntry: false });
    return stats === undefined ? 'missing' : { stats, real: realpathSync(whole) };
  } catch {
    // A folder on the way is closed to this account, or the path leads in a circle: taken as it was typed.
    return 'unknown';
  }
}
