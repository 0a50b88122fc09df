/** Puts the one status together from what the parts of the engine know. */
import type { AsrRule, RuleBook } from '../../engine/asr/rule-book.ts';
import { deriveState, type RuleStanding } from '../../engine/status/derive-state.ts';
import { RULES, UNSANDBOXED } from '../../engine/status/words.ts';
import { diagnose } from '../../engine/status/doctor.ts';
import { ruleEffect } from '../../engine/settings/rule-modes.ts';
import { toWallMs, type Times } from '../../engine/core/expiry-clock.ts';
import { runningPause } from '../../engine/settings/build-snapshot.ts';
import type { Settings } from '../../engine/settings/settings-schema.ts';
import type { DoctorFinding } from '../../../shared/control/calls.ts';
import type { SentinelStats } from '../../../shared/link/messages.ts';
import type { Coverage, Gap, Reason, SensorStatus, Status } from '../../../shared/status/status.ts';
import type { OwnWindow } from '../messages.ts';

export interface Family {
  readonly ownerPid: number;
  readonly sentinelPid: number | null;
  readonly engineRestarts: number;
  readonly sentinelRestarts: number;
  readonly sentinelFailure: string | null;
  readonly window: OwnWindow | null;
}

export interface StatusParts {
  readonly version: string;
  readonly instance: string;
  readonly scope: readonly string[];
  readonly privileged: boolean;
  readonly book: RuleBook;
  readonly settings: () => Settings;
  readonly times: () => Times;
  readonly bootId: string | null;
  readonly family: () => Family;
  readonly starting: () => boolean;
  readonly sentinel: () => { readonly pid: number | null; readonly stats: SentinelStats | null; readonly coverage: readonly Coverage[] };
  readonly sensors: () => readonly SensorStatus[];
  readonly gaps: () => readonly Gap[];
  readonly problems: () => readonly Reason[];
}

export class StatusBoard {
  private readonly parts: StatusParts;

  constructor(parts: StatusParts) {
    this.parts = parts;
  }

  standing(rule: AsrRule): RuleStanding {
    const { effective, downgradedBecause } = ruleEffect(rule, this.parts.settings(), 'linux');
    if (this.parts.privileged || effective === 'off' || effective === 'unavailable') return { name: rule.name, effective, downgradedBecause };
    return { name: rule.name, effective: 'unavailable', downgradedBecause: RULES.noRights };
  }

  status(): Status {
    const { parts } = this;
    const { pid, stats, coverage } = parts.sentinel();
    const standings = parts.book.rules.map((rule) => this.standing(rule));
    const { state, reasons } = deriveState(this.stateInputs(standings));
    const family = parts.family();
    const pause = this.pause();
    const sensors = parts.sensors();
    return {
      version: parts.version,
      instance: parts.instance,
      state,
      reasons,
      engine: { pid: process.pid, restarts: family.engineRestarts },
      sentinel: { pid, restarts: family.sentinelRestarts, decisions: stats?.decisions ?? 0, denied: stats?.denied ?? 0, p50us: stats?.p50us ?? null, p99us: stats?.p99us ?? null },
      sensors: [...(parts.privileged ? [gateSensor(pid, stats)] : []), ...sensors],
      coverage: [...coverage],
      rules: countRules(standings),
      gaps: [...parts.gaps()].reverse(),
      pausedUntil: pause === null || pause.bootId !== undefined ? null : new Date(toWallMs(pause.untilMs, parts.times())).toISOString(),
      pause: pause === null ? null : { who: pause.who, reason: pause.reason, since: new Date(pause.startedAtMs).toISOString(), untilRestart: pause.bootId !== undefined },
      scope: [...parts.scope],
      window: windowOf(family.window),
    };
  }

  doctor(): DoctorFinding[] {
    const { parts } = this;
    return diagnose({ status: this.status(), privileged: parts.privileged, fail: parts.settings().fail, problems: parts.problems(), nowMs: Date.now() });
  }

  private pause(): Settings['pause'] {
    return runningPause(this.parts.settings(), this.parts.times(), this.parts.bootId);
  }

  /** Nothing is asked before a start and nothing is told of one after: then there is no protection at all. */
  private failure(): string | null {
    const { sentinelFailure } = this.parts.family();
    const told = this.parts.sensors().some(({ state }) => state === 'running' || state === 'degraded');
    return sentinelFailure === null || told || this.parts.starting() ? null : sentinelFailure;
  }

  private stateInputs(rules: readonly RuleStanding[]): Parameters<typeof deriveState>[0] {
    const { parts } = this;
    const { pid, coverage } = parts.sentinel();
    return {
      starting: parts.starting(),
      failure: this.failure(),
      privileged: parts.privileged,
      pause: this.pause(),
      rules,
      sentinelUp: pid !== null,
      sentinelFailure: parts.family().sentinelFailure,
      sentinelNeeded: parts.privileged,
      coverage,
      sensors: parts.sensors(),
      problems: parts.problems(),
    };
  }
}

function windowOf(window: OwnWindow | null): Status['window'] {
  if (window === null) return null;
  const { unsandboxed } = window;
  if (unsandboxed === null) return { sandboxed: true, reason: null, better: null };
  const { why, better } = UNSANDBOXED[unsandboxed];
  return { sandboxed: false, reason: why, better };
}

function gateSensor(pid: number | null, stats: SentinelStats | null): SensorStatus {
  const lastEventMs = stats?.lastEventMs ?? null;
  const lastEventAt = lastEventMs === null ? null : new Date(lastEventMs).toISOString();
  return { id: 'exec-gate', state: pid === null ? 'stopped' : 'running', lastEventAt, lost: 0, lagMs: 0, reason: pid === null ? 'the sentinel is being started again' : null };
}

function countRules(standings: readonly RuleStanding[]): Status['rules'] {
  const count = (effective: RuleStanding['effective']): number => standings.filter((one) => one.effective === effective).length;
  return {
    off: count('off'),
    audit: count('audit'),
    warn: count('warn'),
    block: count('block'),
    downgraded: standings.filter(({ downgradedBecause }) => downgradedBecause !== null).length,
  };
}
