/**
 * Names of all that crosses between window and main process: plain texts, because the preload script may load nothing more.
 * What each takes and gives is in `table.ts`; a name that stands in only one of the two does not compile.
 */

/** Calls of the engine's table that the window may make; main passes them on and checks both directions. */
export const ENGINE_CALL_NAMES = [
  'me', 'status', 'doctor', 'usage',
  'history', 'historySearch', 'historyNewer', 'historySummary', 'historyDetail', 'undecidedDismiss',
  'allowPreview', 'allowAdd', 'allowList', 'allowRevoke',
  'rulesList', 'rulesSet', 'rulesPreset', 'presetPreview', 'rulesExclude', 'exclusionsList',
  'engineSettings', 'engineSettingsSet', 'pause', 'resume', 'liveEvents',
] as const;
export type EngineCallName = (typeof ENGINE_CALL_NAMES)[number];

/** Calls that main answers itself. */
export const APP_CALL_NAMES = [
  'appInfo', 'appState', 'windowSettings', 'windowSettingsSet', 'inbox', 'inboxSeen',
  'rehearsalStart', 'rehearsalCancel', 'rehearsalState', 'supportBundleSave', 'openLink',
] as const;
export type AppCallName = (typeof APP_CALL_NAMES)[number];

export const EVENT_NAMES = ['appState', 'historyChanged', 'inbox', 'rehearsal', 'navigate', 'windowSettings'] as const;
export type EventName = (typeof EVENT_NAMES)[number];

export const engineChannel = (name: EngineCallName): string => `holdfast:engine:${name}`;
export const appChannel = (name: AppCallName): string => `holdfast:app:${name}`;
export const eventChannel = (name: EventName): string => `holdfast:event:${name}`;
