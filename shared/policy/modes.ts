/** Rule modes with Microsoft Defender's numbers, so that existing scripts and baselines translate directly. */
import { z } from 'zod';

export const RULE_MODES = { off: 0, block: 1, audit: 2, notConfigured: 5, warn: 6 } as const;
export const ruleModeSchema = z.enum(['off', 'block', 'audit', 'notConfigured', 'warn']);
/** `notConfigured` acts like `off`, and tells a later policy layer that nobody has chosen. */
export type RuleMode = z.infer<typeof ruleModeSchema>;

/** A mode in which a rule does something when it matches. */
export type ActiveMode = Extract<RuleMode, 'block' | 'audit' | 'warn'>;

export function isActive(mode: RuleMode): mode is ActiveMode {
  return mode === 'block' || mode === 'audit' || mode === 'warn';
}
