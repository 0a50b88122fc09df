/** The one answer to "is this device protected?". The shape is a promise: fields are added, never changed. */
import { z } from 'zod';

export const stateSchema = z.enum(['protected', 'partlyProtected', 'watchingOnly', 'paused', 'starting', 'failed']);
export type ProtectionState = z.infer<typeof stateSchema>;

/** A reason in words, with a stable code for programs. */
export const reasonSchema = z.object({ code: z.string(), message: z.string() });
export type Reason = z.infer<typeof reasonSchema>;

export const sensorStatusSchema = z.object({
  id: z.string(),
  state: z.enum(['running', 'degraded', 'stopped', 'unavailable']),
  lastEventAt: z.string().nullable(),
  /** Events known to be lost since the engine started; null when the kernel does not tell the number. */
  lost: z.number().nullable(),
  lagMs: z.number(),
  reason: z.string().nullable(),
  /** Program starts since the engine started, and of how many of them image, all arguments, parent and user are known. */
  starts: z.object({ seen: z.number().int(), complete: z.number().int() }).optional(),
});
export type SensorStatus = z.infer<typeof sensorStatusSchema>;

export const coverageSchema = z.object({
  mount: z.string(),
  prevent: z.boolean(),
  reason: z.string().nullable(),
  /** `notPossible`: this kind of file system never gets a mark. `notNeeded`: no rule asks. `failed`: it should be covered and is not. */
  cause: z.enum(['covered', 'notPossible', 'notNeeded', 'failed']),
});
export type Coverage = z.infer<typeof coverageSchema>;

export const gapSchema = z.object({ from: z.string(), to: z.string().nullable(), reason: z.string() });
export type Gap = z.infer<typeof gapSchema>;

export const statusSchema = z.object({
  version: z.string(),
  instance: z.string(),
  state: stateSchema,
  reasons: z.array(reasonSchema),
  engine: z.object({ pid: z.number().int(), restarts: z.number().int() }),
  sentinel: z.object({
    pid: z.number().int().nullable(),
    restarts: z.number().int(),
    decisions: z.number().int(),
    denied: z.number().int(),
    p50us: z.number().nullable(),
    p99us: z.number().nullable(),
  }),
  sensors: z.array(sensorStatusSchema),
  coverage: z.array(coverageSchema),
  rules: z.object({
    off: z.number().int(),
    audit: z.number().int(),
    warn: z.number().int(),
    block: z.number().int(),
    downgraded: z.number().int(),
  }),
  gaps: z.array(gapSchema),
  pausedUntil: z.string().nullable(),
  /** Who paused, why, and whether it lasts until the next start of this device (`pausedUntil` is null then). Null when not paused. */
  pause: z.object({ who: z.string(), reason: z.string(), since: z.string(), untilRestart: z.boolean() }).nullable(),
  scope: z.array(z.string()),
  /**
   * The window of the program that owns this engine: whether it runs in Chromium's sandbox and, when not, why and what would be better.
   * Null: that program has no window. A window that runs by itself is not told of here; it says so in its own Diagnostics.
   */
  window: z.object({ sandboxed: z.boolean(), reason: z.string().nullable(), better: z.string().nullable() }).nullable().optional(),
});
export type Status = z.infer<typeof statusSchema>;
