/** The form of the files in `resources/rules`: what a rule says about itself, and the presets. */
import { z } from 'zod';
import { ruleModeSchema } from '../../../shared/policy/modes.ts';
import { refuse, type KeyPath, type RuleDocument } from '../rules/document.ts';

export const SYSTEMS = ['linux', 'windows'] as const;
export type System = (typeof SYSTEMS)[number];

const text = z.string().trim().min(1);
const modeName = z.enum(['block', 'audit', 'warn']);

const definitions = z.array(z.looseObject({ id: z.uuid() })).min(1);

const systemSchema = z.union([
  z.strictObject({
    /** Why this system can not do it yet; shown where the rule is set to act. */
    unavailable: text,
    /** What the system's own means could prevent, for a rule that Holdfast itself could only answer after the fact. */
    prevention: text.optional(),
    /** Sigma rules on what a log tells after the fact (`recorded-events.ts`): for replayed event files. Nothing waits for them. */
    recorded: definitions.optional(),
  }),
  z.strictObject({
    /** Files whose opening is asked about; `~/` is every home folder, `*` and `?` stay within one name. */
    guardedFiles: z.array(text.regex(/^(?:~\/|\/)/, 'is an absolute path or begins with ~/')).default([]),
    /** Sigma rules; parsed and checked by the rule parser. */
    definitions,
  }),
]);

export const ruleFileSchema = z.strictObject({
  /** Microsoft's GUID, lower case. */
  id: z.uuid().regex(/^[^A-Z]+$/, 'is written in lower case'),
  /** Place in Microsoft's table. */
  number: z.number().int().min(1).max(99),
  name: text.max(100),
  /** For the person at the device: what it stops and why. */
  reason: text.max(1000),
  attack: z.array(z.string().regex(/^T\d{4}(?:\.\d{3})?$/, 'is a technique id such as T1059 or T1059.004')).min(1),
  modes: z.array(modeName).min(1),
  /** Modes in which the person at the device is told at once. */
  notices: z.array(modeName),
  severity: z.enum(['informational', 'low', 'medium', 'high', 'critical']),
  falsepositives: z.array(text).min(1),
  systems: z.strictObject({ linux: systemSchema, windows: systemSchema }),
});
export type RuleFile = z.infer<typeof ruleFileSchema>;

const presetModesSchema = z.record(z.string(), ruleModeSchema);

export const presetFileSchema = z.strictObject({
  presets: z
    .array(z.strictObject({ name: text.regex(/^[a-z][a-z0-9-]*$/), description: text, modes: z.strictObject({ linux: presetModesSchema, windows: presetModesSchema }) }))
    .min(1),
});
export type PresetFile = z.infer<typeof presetFileSchema>;

/** The document in the form of the schema, or refused at the place of the first thing that is wrong. */
export function checked<T>(schema: z.ZodType<T>, document: RuleDocument): T {
  const parsed = schema.safeParse(document.value);
  if (parsed.success) return parsed.data;
  const issue = deepest(parsed.error.issues);
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  return refuse(document, issue.code === 'unrecognized_keys' ? [...path, ...issue.keys.slice(0, 1)] : path, describe(path, issue.message));
}

type Issue = z.core.$ZodIssue;

/** A union reports its branches below itself: the branch that came furthest says what the author meant. */
function deepest(issues: readonly Issue[]): Issue {
  const [first] = issues;
  if (!first) throw new Error('a failed parse without an issue');
  if (first.code !== 'invalid_union') return first;
  const branches = first.errors.filter((errors) => errors.length > 0).map((errors) => deepest(errors));
  const best = branches.sort((a, b) => b.path.length - a.path.length)[0];
  return best ? { ...best, path: [...first.path, ...best.path] } : first;
}

function describe(path: KeyPath, message: string): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}
