/** What people and the engine decided about packs and must outlive a restart: muted rules, and how far the own pack is trusted. */
import { z } from 'zod';
import { mutedRuleSchema, trustSchema, type MutedRule, type TrustLevel } from '../../../shared/packs/pack.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { errorCode, loadOwnFile, setAside, stageFile, type OwnUid } from '../settings/load-and-save.ts';
import { PACKS } from './words.ts';

const MOST_MUTED = 1_000;
const stateSchema = z.strictObject({ format: z.literal(1), ownTrust: trustSchema, muted: z.array(mutedRuleSchema).max(MOST_MUTED) });

export interface PackState {
  readonly ownTrust: TrustLevel;
  readonly muted: readonly MutedRule[];
}

export const NO_STATE: PackState = { ownTrust: 'observe', muted: [] };

export interface PackStateFile {
  readonly state: PackState;
  readonly problem: string | null;
}

export function openPackState(file: string, ownUid: OwnUid, nowMs: number): Result<PackStateFile> {
  const content = loadOwnFile(file, ownUid);
  if (!content.ok) return content;
  if (content.value.state === 'absent') return ok({ state: NO_STATE, problem: null });
  const state = content.value.state === 'text' ? parse(content.value.text) : null;
  if (state !== null) return ok({ state, problem: null });
  const why = content.value.state === 'bad' ? content.value.reason : 'it has another form';
  try {
    return ok({ state: NO_STATE, problem: PACKS.stateSetAside(setAside(file, nowMs), why) });
  } catch (error) {
    return fail('pack-state', PACKS.notOurs(`${file} can be neither used nor set aside (${errorCode(error)}).`));
  }
}

/** What was decided, for a reader that may change nothing; what can not be read counts as nothing decided. */
export function lookAtPackState(file: string, ownUid: OwnUid): PackState {
  const content = loadOwnFile(file, ownUid);
  return (content.ok && content.value.state === 'text' ? parse(content.value.text) : null) ?? NO_STATE;
}

export function savePackState(file: string, state: PackState): Result<void> {
  try {
    stageFile(file, JSON.stringify({ format: 1, ownTrust: state.ownTrust, muted: state.muted.slice(-MOST_MUTED) })).commit();
    return ok(undefined);
  } catch (error) {
    return fail('pack-not-saved', PACKS.notSaved(errorCode(error)));
  }
}

function parse(text: string): PackState | null {
  try {
    const parsed = stateSchema.safeParse(JSON.parse(text));
    return parsed.success ? { ownTrust: parsed.data.ownTrust, muted: parsed.data.muted } : null;
  } catch {
    return null;
  }
}
