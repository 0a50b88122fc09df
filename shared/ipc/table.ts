/**
 * The one table of what window and main process say to each other. Main registers from it (sender check, then the form of
 * the input, then the form of the output), the window's bridge and the fake bridge of tests and gallery are typed by it.
 */
import { z } from 'zod';
import { CALLS, type CallInput, type CallOutput } from '../control/calls.ts';
import { rehearsalResultSchema } from '../rehearsal/result.ts';
import type { Result } from '../result.ts';
import { statusSchema } from '../status/status.ts';
import type { AppCallName, EngineCallName, EventName } from './names.ts';

export const SCREENS = ['overview', 'history', 'rules', 'allowed', 'settings', 'diagnostics'] as const;

export const windowSettingsSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark', 'highContrast']),
  /** Which notices pop up; what does not is in the inbox all the same. */
  notices: z.enum(['all', 'questions', 'none']),
  /** The first run has been gone through or put aside. */
  firstRunDone: z.boolean(),
});
export type WindowSettings = z.infer<typeof windowSettingsSchema>;
/** `problem`: why a settings file was set aside and under which name; null when all is well. */
const windowSettingsAnswer = z.object({ settings: windowSettingsSchema, problem: z.string().nullable() });

export const appInfoSchema = z.object({
  version: z.string(),
  /** `both`: the engine is a child of this program. `ui`: the engine runs by itself. */
  role: z.enum(['both', 'ui']),
  instance: z.string(),
  platform: z.enum(['linux', 'win32', 'other']),
  user: z.string(),
  runtime: z.object({ electron: z.string(), chrome: z.string(), node: z.string() }),
  /** Whether the window runs in Chromium's sandbox; `reason` says why not and what would be better. */
  sandbox: z.object({ on: z.boolean(), reason: z.string().nullable() }),
});
export type AppInfo = z.infer<typeof appInfoSchema>;

export const appStateSchema = z.object({
  connection: z.enum(['connected', 'connecting', 'lost']),
  /** In words, when not connected. */
  reason: z.string().nullable(),
  /** The last known one, also while the connection is lost. */
  status: statusSchema.nullable(),
  me: CALLS.me.output.nullable(),
});
export type AppState = z.infer<typeof appStateSchema>;

const inboxSchema = z.object({ unread: z.number().int() });

export const rehearsalStateSchema = z.object({
  running: z.boolean(),
  results: z.array(rehearsalResultSchema),
  /** How many there will be. */
  planned: z.number().int(),
  /** Why it ended early; null when it did not. */
  problem: z.string().nullable(),
});
export type RehearsalState = z.infer<typeof rehearsalStateSchema>;

const empty = z.strictObject({});

/** Places outside that the window may open in the person's browser: never a free address. */
export const linkSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('attack'), technique: z.string().regex(/^T\d{4}(\.\d{3})?$/) }),
  z.strictObject({ kind: z.literal('asr-rule'), id: z.uuid() }),
  z.strictObject({ kind: z.literal('project') }),
]);

export const APP_CALLS = {
  appInfo: { input: empty, output: appInfoSchema },
  appState: { input: empty, output: appStateSchema },
  windowSettings: { input: empty, output: windowSettingsAnswer },
  windowSettingsSet: { input: windowSettingsSchema.partial(), output: windowSettingsAnswer },
  inbox: { input: empty, output: inboxSchema },
  /** All up to and including this entry has been looked at. */
  inboxSeen: { input: z.strictObject({ throughId: z.string().max(200) }), output: inboxSchema },
  rehearsalStart: { input: empty, output: rehearsalStateSchema },
  rehearsalCancel: { input: empty, output: rehearsalStateSchema },
  rehearsalState: { input: empty, output: rehearsalStateSchema },
  /** Asks where; `savedTo` null when the person changed their mind. */
  supportBundleSave: { input: empty, output: z.object({ savedTo: z.string().nullable() }) },
  openLink: { input: linkSchema, output: z.object({ opened: z.boolean() }) },
} as const satisfies Record<AppCallName, { input: z.ZodType; output: z.ZodType }>;

export const EVENTS = {
  appState: appStateSchema,
  historyChanged: z.object({ newestId: z.string().nullable() }),
  inbox: inboxSchema,
  rehearsal: rehearsalStateSchema,
  /** From a notice or the tray. */
  navigate: z.object({ screen: z.enum(SCREENS), historyId: z.string().nullable() }),
  windowSettings: windowSettingsAnswer,
} as const satisfies Record<EventName, z.ZodType>;

export type AppInput<N extends AppCallName> = z.input<(typeof APP_CALLS)[N]['input']>;
export type AppOutput<N extends AppCallName> = z.output<(typeof APP_CALLS)[N]['output']>;
export type EventPayload<N extends EventName> = z.output<(typeof EVENTS)[N]>;

/** What crosses for a call of the engine: `ask` as in the engine's own table. */
export const engineRequestSchema = z.strictObject({ input: z.unknown(), ask: z.boolean() });

/** What the preload script puts into the window as `window.holdfast`. */
export interface Bridge {
  /** `ask`: the person has agreed to be asked by the system for the right to do this. */
  engine<N extends EngineCallName>(name: N, input: CallInput<N>, options?: { readonly ask?: boolean }): Promise<Result<CallOutput<N>>>;
  app<N extends AppCallName>(name: N, input: AppInput<N>): Promise<Result<AppOutput<N>>>;
  /** Returns how to stop listening. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}
