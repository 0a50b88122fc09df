/**
 * The one table of calls to the engine over its local socket. Client, server and test double are derived from it.
 * Each call names the right it needs: `read` (anybody on this machine; other people's paths are masked by the engine),
 * `change` (the engine's own account or root).
 *
 * Wire form: one JSON object a line. Request `{id, call, input}`, answer `{id, ok: true, output}` or
 * `{id, ok: false, error: {code, message}}`. A line is at most 8 MiB.
 */
import { z } from 'zod';
import { allowSchema } from '../policy/snapshot.ts';
import { ruleModeSchema } from '../policy/modes.ts';
import { historyEntrySchema } from '../history/entry.ts';
import { statusSchema } from '../status/status.ts';

export type Right = 'read' | 'change';

export const ruleInfoSchema = z.object({
  id: z.string(),
  /** Short name for people and scripts. */
  slug: z.string(),
  name: z.string(),
  reason: z.string(),
  mode: ruleModeSchema,
  /** What the rule really does here; differs from `mode` when this device can not do what was asked. */
  effective: z.enum(['off', 'block', 'audit', 'warn', 'unavailable']),
  downgradedBecause: z.string().nullable(),
  allowedModes: z.array(ruleModeSchema),
  exclusions: z.array(z.string()),
  attack: z.array(z.string()),
  counts: z.object({ prevented: z.number(), stopped: z.number(), audited: z.number() }),
});
export type RuleInfo = z.infer<typeof ruleInfoSchema>;

const doctorFindingSchema = z.object({ id: z.string(), level: z.enum(['ok', 'note', 'problem']), message: z.string(), fix: z.string().nullable() });
export type DoctorFinding = z.infer<typeof doctorFindingSchema>;

const empty = z.strictObject({});
const allowList = z.array(allowSchema.extend({ expired: z.boolean() }));

export const CALLS = {
  status: { right: 'read', input: empty, output: statusSchema },
  doctor: { right: 'read', input: empty, output: z.object({ findings: z.array(doctorFindingSchema) }) },
  history: {
    right: 'read',
    input: z.strictObject({
      limit: z.number().int().min(1).max(10_000).default(100),
      /** Entries older than this id's (paging). */
      before: z.string().optional(),
      id: z.string().optional(),
      action: z.string().optional(),
      rule: z.string().optional(),
      sinceMs: z.number().optional(),
      pid: z.number().int().optional(),
      /** The same rule on the same program, arguments and parent as one line with a counter. */
      grouped: z.boolean().default(false),
    }),
    output: z.object({ entries: z.array(historyEntrySchema), more: z.boolean() }),
  },
  rulesList: { right: 'read', input: empty, output: z.object({ rules: z.array(ruleInfoSchema), presets: z.array(z.string()) }) },
  rulesSet: { right: 'change', input: z.strictObject({ rule: z.string(), mode: ruleModeSchema }), output: z.object({ generation: z.number(), rule: ruleInfoSchema }) },
  rulesPreset: {
    right: 'change',
    input: z.strictObject({ preset: z.string() }),
    output: z.object({ generation: z.number(), changed: z.array(z.object({ id: z.string(), from: ruleModeSchema, to: ruleModeSchema })) }),
  },
  rulesExclude: {
    right: 'change',
    /** `rule: null` is global. */
    input: z.strictObject({ rule: z.string().nullable(), path: z.string(), remove: z.boolean().default(false) }),
    output: z.object({ generation: z.number() }),
  },
  exclusionsList: { right: 'change', input: empty, output: z.object({ global: z.array(z.string()), perRule: z.record(z.string(), z.array(z.string())) }) },
  allowAdd: {
    right: 'change',
    input: z.strictObject({
      historyId: z.string(),
      for: z.enum(['once', '15m', '24h', 'boot', 'until', 'permanent']),
      untilMs: z.number().optional(),
      reason: z.string().min(1).max(500),
      /** Permanent needs this second step. */
      confirmPermanent: z.boolean().default(false),
    }),
    output: z.object({ allow: allowSchema, generation: z.number() }),
  },
  allowList: { right: 'change', input: empty, output: z.object({ allows: allowList }) },
  allowRevoke: { right: 'change', input: z.strictObject({ id: z.string() }), output: z.object({ generation: z.number() }) },
  pause: { right: 'change', input: z.strictObject({ minutes: z.number().int().min(1).max(1440), reason: z.string().min(1).max(500) }), output: z.object({ until: z.string() }) },
  resume: { right: 'change', input: empty, output: z.object({ generation: z.number() }) },
  stop: { right: 'change', input: empty, output: z.object({ stopping: z.literal(true) }) },
  /** Names the calling process; none of its ancestors is ever acted on afterwards. */
  rehearsalBegin: { right: 'read', input: empty, output: z.object({ token: z.string(), scope: z.array(z.string()) }) },
  rehearsalEnd: { right: 'read', input: z.strictObject({ token: z.string() }), output: z.object({ ended: z.literal(true) }) },
} as const satisfies Record<string, { right: Right; input: z.ZodType; output: z.ZodType }>;

export type CallName = keyof typeof CALLS;
export type CallInput<N extends CallName> = z.input<(typeof CALLS)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof CALLS)[N]['output']>;

export const requestSchema = z.strictObject({ id: z.number().int(), call: z.string(), input: z.unknown() });
