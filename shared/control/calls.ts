/**
 * The one table of calls to the engine over its local socket. Client, server and test double are derived from it.
 * Each call names the right it needs: `read` (anybody on this machine; other people's paths are masked by the engine),
 * `change` (the engine's own account or root, or whoever the system's authority lets, see `ask`).
 *
 * Wire form: one JSON object a line. Request `{id, call, input}`, answer `{id, ok: true, output}` or
 * `{id, ok: false, error: {code, message}}`. A line is at most 8 MiB.
 */
import { z } from 'zod';
import { allowSchema } from '../policy/snapshot.ts';
import { ruleModeSchema } from '../policy/modes.ts';
import { historyEntrySchema } from '../history/entry.ts';
import { historySearchInput, historySearchOutput } from '../history/search.ts';
import { treeNodeSchema } from '../history/tree.ts';
import { liveEventSchema } from '../live/event.ts';
import { healthSchema, missingSourceSchema, mutedRuleSchema, packIdSchema, packInfoSchema, readinessStateSchema, readinessTotalsSchema, refusedFileSchema, sigmaRuleInfoSchema, trustSchema } from '../packs/pack.ts';
import { SIGMA_LEVEL_NAMES } from '../packs/levels.ts';
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
  /** Place in Microsoft's table. */
  number: z.number().int(),
  /** When it may be wrong, for the person who thinks of switching it on. */
  falsepositives: z.array(z.string()),
  /** Modes in which the person at the device is told at once. */
  notices: z.array(z.enum(['block', 'audit', 'warn'])),
  /** When it last did something; null when never (as far as history reaches). */
  lastAt: z.string().nullable(),
});
export type RuleInfo = z.infer<typeof ruleInfoSchema>;

const doctorFindingSchema = z.object({ id: z.string(), level: z.enum(['ok', 'note', 'problem']), message: z.string(), fix: z.string().nullable() });
export type DoctorFinding = z.infer<typeof doctorFindingSchema>;

/** What an allow names besides rule and program. What is left out fits any. */
const allowPartsSchema = z.strictObject({ arguments: z.boolean().default(true), parent: z.boolean().default(true) });
const presetChange = z.object({ id: z.string(), name: z.string(), from: ruleModeSchema, to: ruleModeSchema, effective: ruleInfoSchema.shape.effective, downgradedBecause: z.string().nullable() });

/** Settings of the engine that a person may change. */
export const engineSettingsSchema = z.object({ fail: z.enum(['open', 'closed']), deadlineMs: z.number().int().min(5).max(400) });
export type EngineSettings = z.infer<typeof engineSettingsSchema>;
/** Of base64, so that a part with everything around it is well below a line's 1 MiB. */
export const MOST_PART_CHARACTERS = 700_000;

const empty = z.strictObject({});
const allowList = z.array(allowSchema.extend({ expired: z.boolean(), ruleName: z.string(), uses: z.number().int(), lastUsedAt: z.string().nullable(), fromHistoryId: z.string().nullable() }));

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
  /** Who asks, by the kernel's word, and what they may do. `mayAsk`: a change may be asked for with `ask` and the system's authority then decides. */
  me: { right: 'read', input: empty, output: z.object({ uid: z.number().int(), user: z.string(), mayChange: z.boolean(), mayAsk: z.boolean(), whyNot: z.string().nullable() }) },
  /**
   * Waits until something changed since `revision`, at most `waitMs`; then says what. `revision` null answers at once. `history` names
   * the newest entry. Entries that want a notice are listed once each, newest last, at most 50, those of other accounts masked.
   */
  watch: {
    right: 'read',
    input: z.strictObject({ revision: z.number().int().nullable(), waitMs: z.number().int().min(0).max(30_000).default(25_000) }),
    output: z.object({ revision: z.number().int(), status: statusSchema, newestHistoryId: z.string().nullable(), notices: z.array(historyEntrySchema) }),
  },
  noticeDone: {
    right: 'read',
    input: z.strictObject({ historyIds: z.array(z.string().max(200)).min(1).max(200), outcome: z.enum(['delivered', 'no-service', 'held-back', 'switched-off', 'failed']), detail: z.string().max(500).nullable() }),
    output: z.object({ recorded: z.number().int() }),
  },
  historySearch: { right: 'read', input: historySearchInput, output: historySearchOutput },
  /** How many entries came after this one; for the badge. Null counts all, at most 1,000. */
  historyNewer: { right: 'read', input: z.strictObject({ than: z.string().nullable() }), output: z.object({ count: z.number().int() }) },
  /** Totals of the last `hours` hours in equal parts, oldest first, and what waits for a decision of a person. */
  historySummary: {
    right: 'read',
    input: z.strictObject({ hours: z.number().int().min(1).max(168).default(24), parts: z.number().int().min(1).max(48).default(24) }),
    output: z.object({
      parts: z.array(z.object({ from: z.string(), prevented: z.number(), stopped: z.number(), audited: z.number(), observed: z.number() })),
      /** Denied with a question (mode warn) and neither allowed nor dismissed since. */
      undecided: z.array(historyEntrySchema),
      undecidedMore: z.number().int(),
    }),
  },
  /** A person has seen the question and leaves it refused. */
  undecidedDismiss: { right: 'read', input: z.strictObject({ historyId: z.string() }), output: z.object({ dismissed: z.literal(true) }) },
  historyDetail: {
    right: 'read',
    input: z.strictObject({ id: z.string() }),
    output: z.object({
      entry: historyEntrySchema,
      tree: z.array(treeNodeSchema),
      rule: z.object({ id: z.string(), name: z.string(), author: z.string().nullable(), reference: z.string().nullable(), description: z.string(), falsepositives: z.array(z.string()), definitionTitle: z.string().nullable(), known: z.boolean() }),
      /** Times of equal entries, newest first, at most 100. */
      times: z.array(z.string()),
      /** Allows that would fit it now. */
      allowedBy: z.array(z.string()),
      /** Why an allow can not be made from it; null when it can. */
      noAllowBecause: z.string().nullable(),
    }),
  },
  /** What such an allow would have let through so far. */
  allowPreview: {
    right: 'read',
    input: z.strictObject({ historyId: z.string(), parts: allowPartsSchema }),
    output: z.object({ entries: z.array(historySearchOutput.shape.lines.element), count: z.number().int(), countIsLeast: z.boolean() }),
  },
  /** Recent events after `after` (null: the last ones), oldest first. `missed`: how many fell out of the window in between. */
  liveEvents: {
    right: 'read',
    input: z.strictObject({ after: z.number().int().nullable(), limit: z.number().int().min(1).max(500).default(200), text: z.string().max(200).default('') }),
    output: z.object({ events: z.array(liveEventSchema), last: z.number().int(), missed: z.number().int() }),
  },
  /** Processor time since the call before (percent of one core) and memory, of each of Holdfast's own processes. */
  usage: {
    right: 'read',
    input: empty,
    output: z.object({ processes: z.array(z.object({ name: z.string(), pid: z.number().int(), cpuPercent: z.number().nullable(), memoryMb: z.number() })) }),
  },
  engineSettings: { right: 'read', input: empty, output: z.object({ settings: engineSettingsSchema, lockedByPolicy: z.array(z.string()) }) },
  engineSettingsSet: { right: 'change', input: engineSettingsSchema.partial().strict(), output: z.object({ generation: z.number(), settings: engineSettingsSchema }) },
  /** What a preset would change, before it does. */
  presetPreview: { right: 'read', input: z.strictObject({ preset: z.string() }), output: z.object({ changes: z.array(presetChange), unchanged: z.number().int(), description: z.string() }) },
  /** Text files that help a maintainer, without user names, paths in home folders, arguments or addresses. */
  supportBundle: { right: 'read', input: empty, output: z.object({ files: z.array(z.object({ name: z.string(), text: z.string() })) }) },
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
  packsList: {
    right: 'read',
    input: empty,
    /** Where packs came from and what is muted are told only to who may change it: an attacker would like to know. */
    output: z.object({ packs: z.array(packInfoSchema), readiness: readinessTotalsSchema, missing: z.array(missingSourceSchema), muted: z.array(mutedRuleSchema), sigmaActive: z.number().int() }),
  },
  sigmaRules: {
    right: 'read',
    input: z.strictObject({
      pack: packIdSchema.optional(),
      readiness: readinessStateSchema.optional(),
      level: z.enum(SIGMA_LEVEL_NAMES).optional(),
      /** Part of a title, an id or a file name. */
      text: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(5_000).default(200),
      offset: z.number().int().min(0).default(0),
    }),
    output: z.object({ rules: z.array(sigmaRuleInfoSchema), total: z.number().int() }),
  },
  /** A pack is sent as one packed body in parts; the engine opens no path that somebody names (ADR 11). */
  packImportBegin: {
    right: 'change',
    input: z.strictObject({ name: z.string().min(1).max(100), version: z.string().regex(/^[0-9a-f]{64}$/), origin: z.string().max(1_000), licence: z.string().max(200).nullable() }),
    output: z.object({ token: z.string() }),
  },
  packImportPart: { right: 'change', input: z.strictObject({ token: z.string().max(100), data: z.base64().max(MOST_PART_CHARACTERS) }), output: z.object({ bytes: z.number().int() }) },
  /** Checked, tried on recent starts, saved and in force when answered; or refused, and everything as before. */
  packImportEnd: {
    right: 'change',
    input: z.strictObject({ token: z.string().max(100), trust: trustSchema.default('observe') }),
    output: z.object({ pack: packInfoSchema, replaced: z.string().nullable(), refused: z.array(refusedFileSchema), health: healthSchema }),
  },
  packRemove: { right: 'change', input: z.strictObject({ pack: packIdSchema }), output: z.object({ removed: z.literal(true) }) },
  packTrust: { right: 'change', input: z.strictObject({ pack: packIdSchema, trust: trustSchema }), output: z.object({ pack: packInfoSchema }) },
  ruleUnmute: { right: 'change', input: z.strictObject({ rule: z.string().min(1).max(200) }), output: z.object({ unmuted: z.array(mutedRuleSchema) }) },
  allowAdd: {
    right: 'change',
    input: z.strictObject({
      historyId: z.string(),
      for: z.enum(['once', '15m', '24h', 'boot', 'until', 'permanent']),
      untilMs: z.number().optional(),
      reason: z.string().min(1).max(500),
      parts: allowPartsSchema.default({ arguments: true, parent: true }),
      /** Permanent needs this second step. */
      confirmPermanent: z.boolean().default(false),
    }),
    output: z.object({ allow: allowSchema, generation: z.number() }),
  },
  allowList: { right: 'change', input: empty, output: z.object({ allows: allowList }) },
  allowRevoke: { right: 'change', input: z.strictObject({ id: z.string() }), output: z.object({ generation: z.number() }) },
  /** Either minutes or until the next start of this device. */
  pause: {
    right: 'change',
    input: z.strictObject({ minutes: z.number().int().min(1).max(1440).optional(), untilRestart: z.boolean().default(false), reason: z.string().min(1).max(500) }).refine(({ minutes, untilRestart }) => (minutes === undefined) === untilRestart, 'give either minutes or untilRestart'),
    /** Null: until the next start of this device. */
    output: z.object({ until: z.string().nullable() }),
  },
  resume: { right: 'change', input: empty, output: z.object({ generation: z.number() }) },
  stop: { right: 'change', input: empty, output: z.object({ stopping: z.literal(true) }) },
  /** Names the calling process; none of its ancestors is ever acted on afterwards. */
  rehearsalBegin: { right: 'read', input: empty, output: z.object({ token: z.string(), scope: z.array(z.string()) }) },
  rehearsalEnd: { right: 'read', input: z.strictObject({ token: z.string() }), output: z.object({ ended: z.literal(true) }) },
} as const satisfies Record<string, { right: Right; input: z.ZodType; output: z.ZodType }>;

export type CallName = keyof typeof CALLS;
export type CallInput<N extends CallName> = z.input<(typeof CALLS)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof CALLS)[N]['output']>;

/** `ask`: the caller sits at the device and agrees to be asked by the system's authority (polkit) when the call needs a right they lack. */
export const requestSchema = z.strictObject({ id: z.number().int(), call: z.string(), input: z.unknown(), ask: z.boolean().optional() });

/** Codes of failures that a surface handles in its own way. */
export const FAILURES = {
  /** The right is missing; `ask` would help. */
  askPossible: 'right-can-be-asked',
  /** The right is missing and asking does not help here. */
  noRight: 'no-right',
  /** The person was asked and did not agree, or nobody was there to ask. */
  askRefused: 'ask-refused',
} as const;
