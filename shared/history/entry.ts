/** One line of history: what was done to what, and why. The shape is a promise: fields are added, never changed. */
import { z } from 'zod';

/** The honest words of DESIGN §1. `prevented` is written only for a start that the kernel refused. */
export const ACTIONS = ['prevented', 'suspended', 'stopped', 'remediated', 'audited', 'observed'] as const;
export const actionSchema = z.enum(ACTIONS);
export type Action = z.infer<typeof actionSchema>;

export const historyProcessSchema = z.object({
  pid: z.number().int(),
  /** ISO 8601, UTC; null when the process was gone before it could be read. */
  startTime: z.string().nullable(),
  image: z.string(),
  commandLine: z.string(),
  user: z.string(),
});
export type HistoryProcess = z.infer<typeof historyProcessSchema>;

/** Protection was paused, or the pause ended: `ended` by a person, `expired` by itself. */
export const pauseEventSchema = z.enum(['begun', 'ended', 'expired']);

/** A process that the one of the entry had started. `stopped`: by Holdfast, with it. `ended`: by itself, before. */
export const belowSchema = historyProcessSchema.extend({ parentPid: z.number().int(), outcome: z.enum(['stopped', 'ended']) });
export type ProcessBelow = z.infer<typeof belowSchema>;

export const historyEntrySchema = z.object({
  id: z.string(),
  /** ISO 8601, UTC, of the first occurrence. */
  time: z.string(),
  action: actionSchema,
  severity: z.enum(['informational', 'low', 'medium', 'high', 'critical']),
  rule: z.object({
    id: z.string(),
    name: z.string(),
    source: z.enum(['asr', 'holdfast', 'sigma', 'behavior', 'model', 'indicator']),
    mode: z.enum(['block', 'audit', 'warn']).nullable(),
    attack: z.array(z.string()),
    /** Of a rule that somebody else wrote (Sigma packs); their licence asks for it. */
    author: z.string().nullable().optional(),
  }),
  /** Plain words for the person at the device. */
  reason: z.string(),
  process: historyProcessSchema,
  /** Nearest first. */
  ancestors: z.array(historyProcessSchema),
  /** Times the same rule stopped the same program with the same arguments under the same parent. Each is an act of its own. */
  count: z.number().int().positive(),
  /** Time of the latest occurrence. */
  lastTime: z.string(),
  /** The definition that matched and the values it matched, for "why". */
  definitionId: z.string().nullable(),
  matched: z.array(z.object({ field: z.string(), value: z.string(), pattern: z.string() })),
  /** Extra facts in words, e.g. why it was stopped after the start instead of prevented. */
  notes: z.array(z.string()),
  /** What became of the notice about it. Absent: its rule and mode show none. */
  notice: z.object({ outcome: z.enum(['delivered', 'no-service', 'held-back', 'switched-off', 'failed']), time: z.string(), user: z.string(), detail: z.string().nullable() }).optional(),
  /**
   * Only of a line about a pause; its process is the program that asked. `who` paused or ended it; of one that expired, who had
   * paused. `reason` and the end are those of the pause; `until` is null for one until the next start of this device.
   */
  pause: z.object({ event: pauseEventSchema, who: z.string(), reason: z.string(), until: z.string().nullable(), untilRestart: z.boolean() }).optional(),
  /** What was known below the process when it was stopped and had ended by then; a beginning when there were many. Absent: nothing. */
  below: z.array(belowSchema).optional(),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;
