/** What the live view of Diagnostics shows of an event: enough to recognise it, masked for those who may not see more. */
import { z } from 'zod';

export const liveEventSchema = z.object({
  seq: z.number().int(),
  time: z.string(),
  /** `process-start`, `process-exit`, `denied`, `opening`, …: the kinds that sensors of this device deliver. */
  kind: z.string(),
  pid: z.number().int(),
  image: z.string(),
  /** At most 1,000 characters. */
  commandLine: z.string(),
  user: z.string(),
  parentImage: z.string().nullable(),
  /** What was decided about it, in the honest words; null where nothing was to be decided. */
  outcome: z.enum(['clear', 'allowed', 'prevented', 'stopped', 'audited', 'observed']).nullable(),
  rule: z.string().nullable(),
});
export type LiveEvent = z.infer<typeof liveEventSchema>;
