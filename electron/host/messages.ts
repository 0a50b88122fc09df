/** What owner and children say over the owner channel. Small on purpose: data goes over the sockets. */
import { z } from 'zod';
import { reasonSchema, stateSchema } from '../../shared/status/status.ts';

export const childMessageSchema = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('beat') }),
  /** Engine: the data folder is ours, the sentinel may begin. */
  z.strictObject({ t: z.literal('ready') }),
  z.strictObject({ t: z.literal('state'), state: stateSchema, reasons: z.array(reasonSchema), pausedUntil: z.string().nullable() }),
  /** Not worth restarting: shown to the person, then the owner ends. */
  z.strictObject({ t: z.literal('fatal'), code: z.string(), message: z.string() }),
  /** Somebody with rights asked the engine to stop Holdfast. */
  z.strictObject({ t: z.literal('stop-requested') }),
]);
export type ChildMessage = z.infer<typeof childMessageSchema>;

export const ownerMessageSchema = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('begin') }),
  z.strictObject({ t: z.literal('stop') }),
  z.strictObject({
    t: z.literal('family'),
    /** Processes of this Holdfast that the engine can not see for itself. */
    ownerPid: z.number().int(),
    sentinelPid: z.number().int().nullable(),
    engineRestarts: z.number().int(),
    sentinelRestarts: z.number().int(),
    /** Why the sentinel can never work here; null when it can. */
    sentinelFailure: z.string().nullable(),
    /** The owner's own window; null when it has none. `unsandboxed`: why it runs without Chromium's sandbox. */
    window: z.object({ unsandboxed: z.enum(['root', 'system']).nullable() }).nullable(),
  }),
]);
export type OwnerMessage = z.infer<typeof ownerMessageSchema>;
export type OwnWindow = NonNullable<Extract<OwnerMessage, { t: 'family' }>['window']>;
