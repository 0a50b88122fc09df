/** The form of settings.json. Strict: a word that is not known is an error somebody should hear of, not a wish ignored. */
import { z } from 'zod';
import { ruleModeSchema } from '../../../shared/policy/modes.ts';
import { allowSchema } from '../../../shared/policy/snapshot.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { NO_MARK } from '../core/expiry-clock.ts';

export const SETTINGS_VERSION = 1;

/** Ids are compared in lower case, however a hand has written them. Ids that no rule has (any more) are kept. */
const ruleId = z.string().min(1).max(200).toLowerCase();
const exclusionList = z.array(z.string().min(1).max(4096));

const pauseSchema = z.strictObject({
  /** By the expiry clock. */
  untilMs: z.number(),
  /** By the wall clock, for people. */
  startedAtMs: z.number(),
  who: z.string(),
  reason: z.string(),
  /** Only in this boot; absent when the time alone counts. */
  bootId: z.string().optional(),
});

export const settingsSchema = z.strictObject({
  version: z.literal(SETTINGS_VERSION),
  /** What was chosen for each rule; a rule that is not named is not configured. */
  rules: z.record(ruleId, ruleModeSchema),
  exclusions: z.strictObject({ global: exclusionList, perRule: z.record(ruleId, exclusionList) }),
  pause: pauseSchema.nullable(),
  fail: z.enum(['open', 'closed']),
  deadlineMs: z.number().int().min(5).max(400),
  /** Their expiries are by the expiry clock. */
  allows: z.array(allowSchema),
  clock: z.strictObject({ highWaterMs: z.number(), wallMs: z.number(), bootId: z.string().nullable(), monotonicMs: z.number() }),
});
export type Settings = z.infer<typeof settingsSchema>;

/** As with Microsoft, no rule acts until somebody chooses. */
export function defaultSettings(): Settings {
  return {
    version: SETTINGS_VERSION,
    rules: {},
    exclusions: { global: [], perRule: {} },
    pause: null,
    fail: 'open',
    deadlineMs: 100,
    allows: [],
    clock: { ...NO_MARK },
  };
}

/** Lifts a document by one version; the new version number is set for it. The first of the list lifts version 1 to 2. */
export type Migration = (document: Readonly<Record<string, unknown>>) => Record<string, unknown>;

export const MIGRATIONS: readonly Migration[] = [];

/** Keys through which a document could reach the prototypes of our objects. No setting has such a name. */
const HOSTILE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export function parseSettings(text: string): Result<Settings> {
  let document: unknown;
  try {
    document = JSON.parse(text, (key, value: unknown) => {
      if (HOSTILE_KEYS.has(key)) throw new Error(`the key "${key}" is not allowed`);
      return value;
    });
  } catch (error) {
    return fail('settings-bad', `it is not valid JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const lifted = migrate(document, MIGRATIONS);
  return lifted.ok ? checkSettings(lifted.value) : lifted;
}

export function checkSettings(document: unknown): Result<Settings> {
  const parsed = settingsSchema.safeParse(document);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'the top level' : issue.path.map(String).join('.');
  return fail('settings-bad', `at ${place}: ${issue?.message ?? 'not as expected'}`);
}

/** Brings a document of an older version to the newest. */
export function migrate(document: unknown, migrations: readonly Migration[]): Result<Record<string, unknown>> {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return fail('settings-bad', 'it does not hold settings');
  let lifted: Record<string, unknown> = { ...document };
  const version = lifted['version'];
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) return fail('settings-bad', 'it has no version');
  const newest = migrations.length + 1;
  if (version > newest) return fail('settings-newer', `it was written by a newer Holdfast (version ${version}; this one reads up to ${newest})`);
  for (const [index, migration] of migrations.slice(version - 1).entries()) lifted = { ...migration(lifted), version: version + index + 1 };
  return ok(lifted);
}
