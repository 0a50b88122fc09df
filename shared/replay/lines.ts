/**
 * What `holdfast replay --json` prints, one value a line: findings and verdicts as they come, one summary at the end. The
 * shapes are a promise: members are added, never changed.
 */
import { z } from 'zod';
import { SIGMA_LEVEL_NAMES } from '../packs/levels.ts';

/** Where in which input; `group` names a recording within a file, null where the file knows none. */
const place = { input: z.string(), group: z.string().nullable() };
/** ISO 8601, UTC, with the digits of the recording; null when it does not say. */
const time = z.string().nullable();

/** Members are null where the event does not say them, and all of them for an event that names no process. */
export const replayProcessSchema = z.object({
  guid: z.string().nullable(),
  pid: z.number().int().nullable(),
  image: z.string().nullable(),
  commandLine: z.string().nullable(),
});
export type ReplayProcess = z.infer<typeof replayProcessSchema>;

export const findingLineSchema = z.object({
  type: z.literal('finding'),
  ...place,
  /** Place of the event in its input, from 0. */
  eventIndex: z.number().int().min(0),
  time,
  rule: z.object({
    id: z.string(),
    title: z.string(),
    level: z.enum(SIGMA_LEVEL_NAMES),
    author: z.string().nullable(),
    source: z.enum(['asr', 'sigma', 'behavior', 'model', 'indicator']),
  }),
  process: replayProcessSchema,
});
export type FindingLine = z.infer<typeof findingLineSchema>;

export const verdictLineSchema = z.object({
  type: z.literal('verdict'),
  ...place,
  time,
  decision: z.enum(['observe', 'contain']),
  /** 0 to 1, like a probability. A conviction needs no high score. */
  score: z.number().min(0).max(1),
  /** The culprit first, then what came from it. GUIDs; `pid:<number>` for a process that the recording gives none. */
  processes: z.array(z.string()),
  reasons: z.array(z.string()),
});
export type VerdictLine = z.infer<typeof verdictLineSchema>;

export const summaryLineSchema = z.object({
  type: z.literal('summary'),
  events: z.number().int(),
  seconds: z.number(),
  eventsPerSecond: z.number(),
  findings: z.number().int(),
  /** Trees that got the verdict `contain`. */
  contained: z.number().int(),
  /** Parts of inputs, and inputs, that could not be read. */
  errors: z.number().int(),
});
export type SummaryLine = z.infer<typeof summaryLineSchema>;

export const replayLineSchema = z.discriminatedUnion('type', [findingLineSchema, verdictLineSchema, summaryLineSchema]);
export type ReplayLine = z.infer<typeof replayLineSchema>;
