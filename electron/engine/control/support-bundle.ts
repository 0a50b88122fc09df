/**
 * What helps a maintainer to understand a device, and nothing about the person: no account names, no paths but those of mounts
 * in public places, no arguments, no host name. Only values that are listed here are taken; nothing is masked after the fact.
 */
import type { DoctorFinding } from '../../../shared/control/calls.ts';
import type { Status } from '../../../shared/status/status.ts';
import type { AsrRule } from '../asr/rule-book.ts';
import { chosenMode, ruleExclusions } from '../settings/rule-modes.ts';
import type { Settings } from '../settings/settings-schema.ts';

export interface SupportInputs {
  readonly status: Status;
  readonly findings: readonly DoctorFinding[];
  readonly settings: Settings;
  readonly rules: readonly AsrRule[];
  /** Versions of system and runtime. */
  readonly hostFacts: Readonly<Record<string, string>>;
}

/** Folders that every system has; what lies below others may carry names of people. */
const PUBLIC_MOUNTS: ReadonlySet<string> = new Set(['/', '/boot', '/boot/efi', '/dev/shm', '/home', '/opt', '/run', '/srv', '/tmp', '/usr', '/var', '/var/tmp']);

export function supportFiles(inputs: SupportInputs): { name: string; text: string }[] {
  return [
    { name: 'about.json', text: toText(inputs.hostFacts) },
    { name: 'status.json', text: toText(statusOf(inputs.status)) },
    { name: 'doctor.json', text: toText(inputs.findings.map(({ id, level }) => ({ id, level }))) },
    { name: 'settings.json', text: toText(settingsOf(inputs)) },
  ];
}

function toText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function statusOf(status: Status): unknown {
  return {
    version: status.version,
    state: status.state,
    reasons: status.reasons.map(({ code }) => code),
    restarts: { engine: status.engine.restarts, sentinel: status.sentinel.restarts },
    sentinel: { running: status.sentinel.pid !== null, decisions: status.sentinel.decisions, denied: status.sentinel.denied, p50us: status.sentinel.p50us, p99us: status.sentinel.p99us },
    sensors: status.sensors.map(({ id, state, lost, lagMs, starts }) => ({ id, state, lost, lagMs, starts: starts ?? null })),
    coverage: status.coverage.map(({ mount, prevent, cause }) => ({ mount: PUBLIC_MOUNTS.has(mount) ? mount : '(another)', prevent, cause })),
    rules: status.rules,
    gaps: status.gaps.map(({ from, to }) => ({ from, to })),
    limited: status.scope.length > 0,
    windowSandboxed: status.window?.sandboxed ?? null,
  };
}

function settingsOf({ settings, rules }: SupportInputs): unknown {
  return {
    fail: settings.fail,
    deadlineMs: settings.deadlineMs,
    paused: settings.pause !== null,
    rules: Object.fromEntries(rules.map((rule) => [rule.slug, chosenMode(settings, rule.id)])),
    exclusions: { global: settings.exclusions.global.length, perRule: Object.fromEntries(rules.map((rule) => [rule.slug, ruleExclusions(settings, rule.id).length])) },
    allows: settings.allows.map(({ ends, createdAtMs, expiresAtMs }) => ({ ends, createdAtMs, expiresAtMs })),
  };
}
