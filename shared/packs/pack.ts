/** A pack of Sigma rules as people and programs see it, what became of each of its files, and how ready its rules are on this device. */
import { z } from 'zod';
import { SIGMA_LEVEL_NAMES } from './levels.ts';

/** How far a rule of a pack may go. A rule's own `response` never goes beyond what its pack is trusted with. */
export const TRUST_LEVELS = ['observe', 'suspend', 'contain'] as const;
export const trustSchema = z.enum(TRUST_LEVELS);
export type TrustLevel = z.infer<typeof trustSchema>;

/** Also the name of the pack's file. `own` is the one that comes with the program. */
export const packIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,47}$/);
export const OWN_PACK = 'own';

/** A rule file that was refused; the others of its pack load. */
export const refusedFileSchema = z.object({
  file: z.string(),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  reason: z.string(),
});
export type RefusedFile = z.infer<typeof refusedFileSchema>;

/** Rules by what became of them. `inactive` ones load and wait for a list that their placeholders name. */
export const ruleTotalsSchema = z.object({
  files: z.number().int(),
  rules: z.number().int(),
  filters: z.number().int(),
  correlations: z.number().int(),
  inactive: z.number().int(),
  refused: z.number().int(),
});
export type RuleTotals = z.infer<typeof ruleTotalsSchema>;

export const manifestSchema = z.object({
  id: packIdSchema,
  name: z.string().min(1).max(100),
  /** Hash of the content: the same rules have the same version wherever they come from. */
  version: z.string().regex(/^[0-9a-f]{64}$/),
  /** Where it was imported from, as the caller named it. */
  origin: z.string().max(1_000),
  importedAt: z.iso.datetime(),
  by: z.string().max(200),
  licence: z.string().max(200).nullable(),
  trust: trustSchema,
  totals: ruleTotalsSchema,
});
export type PackManifest = z.infer<typeof manifestSchema>;

export const readinessStateSchema = z.enum(['canFire', 'degraded', 'cannotFire', 'inactive']);
export type ReadinessState = z.infer<typeof readinessStateSchema>;
export const readinessTotalsSchema = z.object({ canFire: z.number().int(), degraded: z.number().int(), cannotFire: z.number().int(), inactive: z.number().int() });
export type ReadinessTotals = z.infer<typeof readinessTotalsSchema>;

/** What keeps rules from firing, with what to switch on, and how many rules that would wake. */
export const missingSourceSchema = z.object({ source: z.string(), rules: z.number().int(), switchOn: z.string() });
export type MissingSource = z.infer<typeof missingSourceSchema>;

export const packInfoSchema = manifestSchema.extend({ readiness: readinessTotalsSchema, muted: z.number().int() });
export type PackInfo = z.infer<typeof packInfoSchema>;

/** A version of a rule that matched far too much and is silent until a new version comes or a person wants it back. */
export const mutedRuleSchema = z.object({
  pack: packIdSchema,
  rule: z.string(),
  title: z.string(),
  /** Hash of the rule's file: a changed rule is not muted. */
  version: z.string(),
  mutedAt: z.iso.datetime(),
  reason: z.string(),
});
export type MutedRule = z.infer<typeof mutedRuleSchema>;

export const sigmaRuleInfoSchema = z.object({
  pack: packIdSchema,
  id: z.string(),
  title: z.string(),
  level: z.enum(SIGMA_LEVEL_NAMES),
  author: z.string().nullable(),
  file: z.string(),
  readiness: readinessStateSchema,
  /** Fields that no sensor here fills. */
  missingFields: z.array(z.string()),
  /** Why it can not fire or not fully, and what to switch on. */
  reason: z.string().nullable(),
  /** What a match may do here: the rule's own wish, held to the trust of its pack. */
  response: trustSchema,
  muted: z.boolean(),
});
export type SigmaRuleInfo = z.infer<typeof sigmaRuleInfoSchema>;

/** Whether the new rules are quiet on what ran here lately. */
export const healthSchema = z.object({
  /** Recent starts they were tried on; `tested` is false when these are too few to tell. */
  starts: z.number().int(),
  tested: z.boolean(),
  noisy: z.array(z.object({ rule: z.string(), title: z.string(), matches: z.number().int() })),
});
export type PackHealth = z.infer<typeof healthSchema>;
