/** How history is searched: every filter narrows, all of them combine. */
import { z } from 'zod';
import { actionSchema, historyEntrySchema } from './entry.ts';

export const historyFilterSchema = z.strictObject({
  /** Words, all of which stand somewhere in image, command line, user, rule or an ancestor's image; without case. */
  text: z.string().max(500).default(''),
  actions: z.array(actionSchema).max(10).default([]),
  /** Rule ids; empty is all. */
  rules: z.array(z.string().max(200)).max(100).default([]),
  severities: z.array(z.enum(['informational', 'low', 'medium', 'high', 'critical'])).max(5).default([]),
  sinceMs: z.number().nullable().default(null),
  untilMs: z.number().nullable().default(null),
});
export type HistoryFilter = z.infer<typeof historyFilterSchema>;

export const historySearchInput = z.strictObject({
  filter: historyFilterSchema,
  limit: z.number().int().min(1).max(500).default(100),
  /** Where the previous page ended; null is the newest. */
  cursor: z.string().nullable().default(null),
});

/** What a list shows of an entry: short, so that a page of hundreds is quick; the detail has the rest. */
export const historyLineSchema = historyEntrySchema.pick({ id: true, time: true, lastTime: true, count: true, action: true, severity: true, pause: true }).extend({
  ruleId: z.string(),
  ruleName: z.string(),
  mode: z.enum(['block', 'audit', 'warn']).nullable(),
  image: z.string(),
  /** At most 300 characters. */
  commandLine: z.string(),
  user: z.string(),
  parentImage: z.string().nullable(),
});
export type HistoryLine = z.infer<typeof historyLineSchema>;

export const historySearchOutput = z.object({
  /** Newest first; equal lines are one with a counter. */
  lines: z.array(historyLineSchema),
  /** Null: no more. */
  cursor: z.string().nullable(),
  /** Of the whole filter; null beyond what is counted in time (then there are more than `totalAtLeast`). */
  total: z.number().int().nullable(),
  totalAtLeast: z.number().int(),
});
