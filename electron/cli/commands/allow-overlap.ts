/** Which allows let the same through, so that none are piled up and none is forgotten. */
import type { CallOutput } from '../../../shared/control/calls.ts';
import type { Allow } from '../../../shared/policy/snapshot.ts';

type Listed = CallOutput<'allowList'>['allows'][number];

/** Others in force that are word for word the same, whatever their end. One for a single use may be used up already. */
export function identicalTo(allow: Allow, all: readonly Listed[]): Listed[] {
  return others(allow, all).filter((other) => other.ends !== 'once' && partsOf(other).every((part, index) => part === partsOf(allow)[index]));
}

/** Others in force that let through whatever this one does. */
export function coveredBy(allow: Allow, all: readonly Listed[]): Listed[] {
  return others(allow, all).filter((other) => partsOf(other).every((part, index) => part === null || part === partsOf(allow)[index]));
}

/** A restart may come at any time, so `boot` is as long only as itself. */
export function lastsAsLong(other: Allow, allow: Allow): boolean {
  if (other.ends === 'never' || allow.ends === 'once') return true;
  if (other.ends === 'boot' || allow.ends === 'boot') return other.ends === allow.ends;
  return other.expiresAtMs !== null && allow.expiresAtMs !== null && other.expiresAtMs >= allow.expiresAtMs;
}

function others(allow: Allow, all: readonly Listed[]): Listed[] {
  return all.filter((other) => other.id !== allow.id && !other.expired && other.ruleId === allow.ruleId && other.image === allow.image);
}

function partsOf({ content, commandLine, parentImage }: Allow): (string | null)[] {
  return [content, commandLine, parentImage];
}
