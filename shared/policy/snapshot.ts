/**
 * The policy the sentinel and the engine decide by: complete, immutable, replaced as a whole. It lies on disk as JSON so
 * that a sentinel that starts alone (engine gone) still has the last good one; it is checked with this schema on the way in.
 */
import { z } from 'zod';
import { ruleModeSchema } from './modes.ts';

/** A path exclusion: an absolute path, a folder (ends with `/`), or a pattern with `*` and `?`. Compared with the image and the script. */
export const exclusionSchema = z.strictObject({ path: z.string().min(1).max(4096) });
export type Exclusion = z.infer<typeof exclusionSchema>;

/** An allow lets one program through one rule, for a while. Every named part must be the same; see DESIGN §6. */
export const allowSchema = z.strictObject({
  id: z.string().min(1),
  ruleId: z.string().min(1),
  image: z.string().min(1),
  /** Content of the image at approval (`build:…`, `entry:…` or `file:…`); a changed program is another program. Null: path alone. */
  content: z.string().nullable(),
  commandLine: z.string().nullable(),
  parentImage: z.string().nullable(),
  /** Wall clock, ms; null is permanent. Judged with the clock guard, so setting the clock back does not extend it. */
  expiresAtMs: z.number().nullable(),
  /** `boot` ends with this boot (compared with the kernel's boot id), `once` with the first use. */
  ends: z.enum(['time', 'boot', 'once', 'never']),
  bootId: z.string().nullable(),
  reason: z.string(),
  approver: z.string(),
  createdAtMs: z.number(),
});
export type Allow = z.infer<typeof allowSchema>;

export const snapshotRuleSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  reason: z.string(),
  severity: z.string(),
  source: z.literal('asr'),
  attack: z.array(z.string()),
  mode: ruleModeSchema,
  exclusions: z.array(exclusionSchema),
  /** Sigma documents, as parsed YAML; compiled by `engine/rules` where they are used. */
  definitions: z.array(z.unknown()),
});
export type SnapshotRule = z.infer<typeof snapshotRuleSchema>;

export const policySnapshotSchema = z.strictObject({
  version: z.literal(1),
  /** Grows with every change; an answer names the generation it was made by. */
  generation: z.number().int().nonnegative(),
  /** What the sentinel answers when a start can not be judged by its deadline. */
  fail: z.enum(['open', 'closed']),
  deadlineMs: z.number().int().min(5).max(400),
  /** Until then rules only record (as in audit). Wall clock ms, null when not paused. */
  pausedUntilMs: z.number().nullable(),
  rules: z.array(snapshotRuleSchema),
  exclusions: z.array(exclusionSchema),
  allows: z.array(allowSchema),
  /** Content identity (`build:<hex>` or `entry:<hex>`) to the path of the system tool that has it. */
  systemTools: z.record(z.string(), z.string()),
  /** Files whose opening is asked about (rules on reading), already resolved to existing files. */
  guardedFiles: z.array(z.string()),
});
export type PolicySnapshot = z.infer<typeof policySnapshotSchema>;
