/** What choosing a preset would change, known before it is chosen. `withModes` makes the change. */
import type { RuleMode } from '../../../shared/policy/modes.ts';
import type { Preset, System } from '../asr/rule-book.ts';
import { chosenMode } from './rule-modes.ts';
import type { Settings } from './settings-schema.ts';

export interface ModeChange {
  readonly id: string;
  readonly from: RuleMode;
  readonly to: RuleMode;
}

/** In the order of the rule book. Rules that the book does not know stay as they are. */
export function presetDiff(preset: Preset, settings: Settings, system: System): ModeChange[] {
  return [...preset.modes[system]].map(([id, to]) => ({ id, from: chosenMode(settings, id), to })).filter(({ from, to }) => from !== to);
}
