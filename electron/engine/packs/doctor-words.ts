/** Sentences of doctor about packs of Sigma rules. */
import type { MissingSource, ReadinessTotals } from '../../../shared/packs/pack.ts';

export const DOCTOR_PACKS = {
  none: 'No Sigma rules are installed.',
  noneFix: 'Import a pack: holdfast rules import <zip or folder>',
  totals: ({ canFire, degraded, cannotFire, inactive }: ReadinessTotals) => `Sigma rules: ${canFire} can fire here, ${degraded} with fields missing, ${cannotFire} can not, ${inactive} wait for a list.`,
  gainMost: ({ source, rules, switchOn }: MissingSource) => `Most to gain: ${rules} ${rules === 1 ? 'rule waits' : 'rules wait'} for ${source === '' ? 'other events' : source}. ${switchOn}`,
  muted: (count: number) => `${count} Sigma ${count === 1 ? 'rule is' : 'rules are'} muted, because ${count === 1 ? 'it' : 'they'} matched far too much.`,
  mutedFix: 'Look at them: holdfast rules list. Let one speak again: holdfast rules unmute <rule>',
} as const;
