/** What one harmless look-alike did and what Holdfast made of it. The shape is a promise. */
import { z } from 'zod';

/** `allowed`: nothing stopped or recorded it. `skipped`: this machine can not perform it, see `note`. */
export const outcomeSchema = z.enum(['prevented', 'stopped', 'audited', 'allowed', 'skipped']);

export const rehearsalResultSchema = z.object({
  id: z.string(),
  behaviour: z.string(),
  rule: z.string(),
  mode: z.string(),
  expected: outcomeSchema,
  happened: outcomeSchema,
  ok: z.boolean(),
  historyId: z.string().nullable(),
  note: z.string().nullable(),
});
export type RehearsalResult = z.infer<typeof rehearsalResultSchema>;
