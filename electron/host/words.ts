/** What the owner prints at a terminal. */
import type { ProtectionState, Reason } from '../../shared/status/status.ts';
import type { HostOptions } from './options.ts';

const STATE_WORDS: Readonly<Record<ProtectionState, string>> = {
  protected: 'protected',
  partlyProtected: 'partly protected',
  watchingOnly: 'watching only',
  paused: 'paused',
  starting: 'starting',
  failed: 'failed',
};

export interface ShownState {
  readonly state: ProtectionState;
  readonly reasons: readonly Reason[];
  readonly pausedUntil: string | null;
}

/** The state in one line, each reason in its own. */
export function describeState(shown: ShownState): string[] {
  const until = shown.state === 'paused' && shown.pausedUntil !== null ? ` until ${shown.pausedUntil}` : '';
  return [`Holdfast: ${STATE_WORDS[shown.state]}${until}`, ...shown.reasons.map((reason) => `  - ${reason.message}`)];
}

/** What to type next, with the options that reach this very instance. */
export function nextSteps(state: ProtectionState, options: Pick<HostOptions, 'dataDir' | 'instance' | 'packaged'>): string[] {
  const command = options.packaged ? 'holdfast' : 'npx holdfast';
  const target = reachOptions(options);
  if (state === 'watchingOnly') {
    return ['Next:', `  ${command} rules preset standard${target}`, `  ${command} rehearse${target}`, `  ${command} status${target}`];
  }
  return state === 'starting' ? [] : [`Ask: ${command} status${target}   ${command} history${target}`];
}

function reachOptions(options: Pick<HostOptions, 'dataDir' | 'instance'>): string {
  const parts = [];
  if (options.dataDir !== undefined) parts.push(` --data-dir ${quoted(options.dataDir)}`);
  if (options.instance !== 'default') parts.push(` --instance ${options.instance}`);
  return parts.join('');
}

/** As a shell takes it back. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export const STOPPED = 'Holdfast is stopped: nothing is protected.';
