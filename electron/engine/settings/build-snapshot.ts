/**
 * Settings and rule book made into the policy that sentinel and engine decide by. The same input gives the same snapshot,
 * byte for byte.
 *
 * Expiries. Settings hold them by the expiry clock, which never goes back; the sentinel, which must be able to go on alone,
 * looks at the wall clock. So each expiry is written down as the wall time at which the expiry clock will have reached it,
 * if both go on alike. Where the system clock was set back by an hour, every expiry in the snapshot lies an hour earlier,
 * and nothing gains time. Whoever publishes snapshots publishes a new one when the distance between the clocks changes.
 */
import { isActive } from '../../../shared/policy/modes.ts';
import type { Allow, Exclusion, PolicySnapshot, SnapshotRule } from '../../../shared/policy/snapshot.ts';
import { isInForce } from '../asr/allows.ts';
import { snapshotRule, type RuleBook, type System } from '../asr/rule-book.ts';
import { toWallMs, type Times } from '../core/expiry-clock.ts';
import { obeyedExclusions } from './exclusions.ts';
import { ruleEffect, ruleExclusions } from './rule-modes.ts';
import type { Settings } from './settings-schema.ts';

export interface SnapshotInput extends Times {
  readonly book: RuleBook;
  readonly settings: Settings;
  readonly systemTools: Readonly<Record<string, string>>;
  readonly guardedFiles: readonly string[];
  readonly generation: number;
  readonly system: System;
  /** Of the running boot; allows until restart of another boot are left out. */
  readonly bootId: string | null;
}

export function buildSnapshot(input: SnapshotInput): PolicySnapshot {
  const { settings } = input;
  return {
    version: 1,
    generation: input.generation,
    fail: settings.fail,
    deadlineMs: settings.deadlineMs,
    pausedUntilMs: pausedUntilMs(settings, input, input.bootId),
    rules: input.book.rules.flatMap((rule) => activeRule(input, rule)),
    exclusions: asExclusions(settings.exclusions.global),
    allows: allowsInForce(settings, input, input.bootId).map((allow) => byWallClock(allow, input)),
    systemTools: Object.fromEntries(Object.entries(input.systemTools).sort(([a], [b]) => (a < b ? -1 : 1))),
    guardedFiles: [...new Set(input.guardedFiles)].sort(),
  };
}

/** Rules that do nothing here are left out: the sentinel reads a snapshot on every change. */
function activeRule(input: SnapshotInput, rule: RuleBook['rules'][number]): SnapshotRule[] {
  const { effective } = ruleEffect(rule, input.settings, input.system);
  if (effective === 'unavailable' || !isActive(effective)) return [];
  return [snapshotRule(rule, input.system, effective, asExclusions(ruleExclusions(input.settings, rule.id)))];
}

function asExclusions(paths: readonly string[]): Exclusion[] {
  return obeyedExclusions(paths).map((path) => ({ path }));
}

/** The pause that runs; null when none does, or when it belonged to another boot. */
export function runningPause({ pause }: Settings, now: Times, bootId: string | null): Settings['pause'] {
  if (pause === null || pause.untilMs <= now.effectiveNowMs) return null;
  return pause.bootId === undefined || pause.bootId === bootId ? pause : null;
}

/** Wall time at which a running pause ends; null when none runs. */
export function pausedUntilMs(settings: Settings, now: Times, bootId: string | null): number | null {
  const pause = runningPause(settings, now, bootId);
  return pause === null ? null : toWallMs(pause.untilMs, now);
}

/** The allows that still hold, as the settings have them (expiries by the expiry clock). */
export function allowsInForce(settings: Settings, now: Times, bootId: string | null): Allow[] {
  return settings.allows.filter((allow) => isInForce(allow, { nowMs: now.effectiveNowMs, bootId }));
}

/** The allow with its expiry by the wall clock: for the sentinel, and for people. */
export function byWallClock(allow: Allow, now: Times): Allow {
  return allow.expiresAtMs === null ? allow : { ...allow, expiresAtMs: toWallMs(allow.expiresAtMs, now) };
}
