/**
 * The one answer to "is this device protected?". Pure; every surface (status, doctor, tray, terminal) shows what this
 * function says, so that no two of them can disagree.
 */
import type { Coverage, ProtectionState, Reason, SensorStatus } from '../../../shared/status/status.ts';
import { REASONS } from './words.ts';

export interface RuleStanding {
  readonly name: string;
  readonly effective: 'off' | 'block' | 'audit' | 'warn' | 'unavailable';
  readonly downgradedBecause: string | null;
}

export interface StateInputs {
  readonly starting: boolean;
  /** Why nothing can work at all; null when it can. */
  readonly failure: string | null;
  readonly privileged: boolean;
  readonly pause: { readonly who: string; readonly reason: string } | null;
  readonly rules: readonly RuleStanding[];
  readonly sentinelUp: boolean;
  /** Why it can never work on this machine; null when it can. */
  readonly sentinelFailure: string | null;
  /** Whether a switched-on rule needs the sentinel. */
  readonly sentinelNeeded: boolean;
  /** Only what should be covered and is not counts here; kinds that never get a mark are named by doctor. */
  readonly coverage: readonly Coverage[];
  readonly sensors: readonly SensorStatus[];
  /** Refused settings, rule files, a store that can not be written. */
  readonly problems: readonly Reason[];
}

export function deriveState(inputs: StateInputs): { readonly state: ProtectionState; readonly reasons: Reason[] } {
  if (inputs.failure !== null) return { state: 'failed', reasons: [{ code: 'failed', message: inputs.failure }] };
  if (inputs.starting) return { state: 'starting', reasons: [{ code: 'starting', message: REASONS.starting }] };
  if (inputs.pause !== null) {
    return { state: 'paused', reasons: [{ code: 'paused', message: REASONS.pausedBy(inputs.pause.who, inputs.pause.reason) }, ...inputs.problems] };
  }
  const idle = whyIdle(inputs);
  if (idle.length > 0) return { state: 'watchingOnly', reasons: [...idle, ...inputs.problems] };
  const reasons = shortcomings(inputs);
  return { state: reasons.length === 0 ? 'protected' : 'partlyProtected', reasons };
}

function whyIdle(inputs: StateInputs): Reason[] {
  if (!inputs.privileged) return [{ code: 'no-rights', message: REASONS.noRights }];
  if (inputs.rules.some(({ effective }) => effective === 'block' || effective === 'warn')) return [];
  const downgraded = downgrades(inputs);
  return [{ code: 'no-rule-acts', message: downgraded.length === 0 ? REASONS.noRuleActs : REASONS.noRuleCanAct }, ...downgraded];
}

function downgrades(inputs: StateInputs): Reason[] {
  const downgraded = inputs.rules.filter((rule) => rule.downgradedBecause !== null);
  const [first] = downgraded;
  return first === undefined ? [] : [{ code: 'downgraded', message: REASONS.downgraded(downgraded.length, first.name, first.downgradedBecause ?? '') }];
}

function shortcomings(inputs: StateInputs): Reason[] {
  return [
    ...(inputs.sentinelNeeded && !inputs.sentinelUp ? [sentinelDown(inputs.sentinelFailure)] : []),
    ...downgrades(inputs),
    ...inputs.coverage.filter(({ cause }) => cause === 'failed').map(({ mount, reason }) => ({ code: 'mark-failed', message: REASONS.markFailed(mount, reason ?? '') })),
    ...inputs.sensors.filter(({ state }) => state !== 'running').map(({ id, reason }) => ({ code: 'sensor', message: REASONS.sensorDegraded(id, reason ?? '') })),
    ...inputs.problems,
  ];
}

function sentinelDown(failure: string | null): Reason {
  return failure === null ? { code: 'sentinel-down', message: REASONS.sentinelDown } : { code: 'sentinel-unavailable', message: REASONS.sentinelUnavailable(failure) };
}
