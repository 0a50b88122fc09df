/**
 * A rule book that was read before, as text: reading and checking the rule files takes the engine about a second, taking up what came of
 * it a few milliseconds. Whoever keeps the text makes sure that it is unchanged and belongs to the files at hand (`ofFiles`).
 */
import type { System, RuleBook } from './rule-book.ts';
import { SYSTEMS } from './rule-book.ts';
import type { RuleMode } from '../../../shared/policy/modes.ts';

type Modes = Readonly<Record<System, readonly (readonly [string, RuleMode])[]>>;

interface Kept extends Pick<RuleBook, 'rules'> {
  readonly ofFiles: string;
  readonly presets: readonly { readonly name: string; readonly description: string; readonly modes: Modes }[];
}

export function bookText({ rules, presets }: RuleBook, ofFiles: string): string {
  const kept: Kept = { ofFiles, rules, presets: presets.map((preset) => ({ ...preset, modes: eachSystem((system) => [...preset.modes[system]]) })) };
  return JSON.stringify(kept);
}

/** Null when the text was made of other files. */
export function bookFrom(text: string, ofFiles: string): RuleBook | null {
  const kept = JSON.parse(text) as Kept;
  if (kept.ofFiles !== ofFiles) return null;
  return { rules: kept.rules, presets: kept.presets.map((preset) => ({ ...preset, modes: eachSystem((system) => new Map(preset.modes[system])) })) };
}

function eachSystem<T>(of: (system: System) => T): Record<System, T> {
  return Object.fromEntries(SYSTEMS.map((system) => [system, of(system)])) as Record<System, T>;
}
