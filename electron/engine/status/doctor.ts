/** `holdfast doctor`: what works, what does not, and what to do about it. Pure: made from the same facts as the status. */
import type { DoctorFinding } from '../../../shared/control/calls.ts';
import type { Coverage, Reason, Status } from '../../../shared/status/status.ts';
import { DOCTOR } from './words.ts';

export interface DoctorInputs {
  readonly status: Status;
  readonly privileged: boolean;
  readonly fail: 'open' | 'closed';
  readonly problems: readonly Reason[];
  readonly nowMs: number;
}

const GAPS_SHOWN = 3;

export function diagnose(inputs: DoctorInputs): DoctorFinding[] {
  const { status } = inputs;
  return [
    rights(inputs.privileged),
    ...(inputs.privileged ? [sentinel(status), note('fail', inputs.fail === 'open' ? DOCTOR.failOpen : DOCTOR.failClosed)] : []),
    ...(status.pausedUntil === null ? [] : [problem('paused', DOCTOR.paused(status.pausedUntil), DOCTOR.pausedFix)]),
    rules(status),
    ...coverage(status),
    ...sensors(status, inputs.nowMs),
    ...restarts(status),
    ...inputs.problems.map(({ code, message }) => problem(code, message, null)),
    ...status.gaps.slice(0, GAPS_SHOWN).map(({ from, to, reason }) => note('gap', DOCTOR.gap(from, to, reason))),
    ...window(status),
    ...(status.scope.length > 0 ? [note('scope', DOCTOR.scoped(status.scope.join(', ')))] : []),
  ];
}

function rights(privileged: boolean): DoctorFinding {
  return privileged ? good('rights', DOCTOR.rights) : problem('rights', DOCTOR.noRights, DOCTOR.noRightsFix);
}

function sentinel(status: Status): DoctorFinding {
  if (status.sentinel.pid === null) return problem('sentinel', DOCTOR.sentinelDown, DOCTOR.sentinelDownFix);
  return status.coverage.some(({ cause }) => cause === 'covered' || cause === 'failed') ? good('sentinel', DOCTOR.sentinelUp(status.sentinel.pid)) : good('sentinel', DOCTOR.sentinelIdle);
}

function rules(status: Status): DoctorFinding {
  const acting = status.rules.audit + status.rules.warn + status.rules.block;
  return acting > 0 ? good('rules', DOCTOR.rules(acting)) : { id: 'rules', level: 'note', message: DOCTOR.rulesNone, fix: DOCTOR.rulesNoneFix };
}

function coverage(status: Status): DoctorFinding[] {
  const of = (cause: Coverage['cause']): readonly Coverage[] => status.coverage.filter((one) => one.cause === cause);
  const covered = of('covered').length;
  const failed = of('failed').map(({ mount, reason }) => problem('coverage', DOCTOR.markFailed(mount, reason ?? ''), null));
  if (covered + failed.length === 0) return [];
  const after = of('notPossible').map(({ mount, reason }) => note('coverage', DOCTOR.stoppedAfter(mount, reason ?? '')));
  return [...(covered === 0 ? [] : [good('coverage', DOCTOR.covered(covered))]), ...failed, ...after];
}

function sensors(status: Status, nowMs: number): DoctorFinding[] {
  return status.sensors.flatMap((sensor) => {
    const seconds = sensor.lastEventAt === null ? null : Math.max(0, Math.round((nowMs - Date.parse(sensor.lastEventAt)) / 1000));
    const own = sensor.state === 'running' ? good(`sensor-${sensor.id}`, DOCTOR.sensorOk(sensor.id, seconds)) : problem(`sensor-${sensor.id}`, DOCTOR.sensorBad(sensor.id, sensor.reason ?? ''), null);
    return sensor.lost === 0 ? [own] : [own, note(`lost-${sensor.id}`, DOCTOR.lost(sensor.id, sensor.lost))];
  });
}

/** No shortcoming of the protection, hence a note; what an attacker could make of it is in docs/SECURITY.md. */
function window({ window }: Status): DoctorFinding[] {
  if (window?.sandboxed !== false) return [];
  return [{ id: 'window-sandbox', level: 'note', message: DOCTOR.unsandboxed(window.reason ?? ''), fix: window.better }];
}

function restarts(status: Status): DoctorFinding[] {
  const all = [
    ['engine', status.engine.restarts],
    ['sentinel', status.sentinel.restarts],
  ] as const;
  return all.filter(([, times]) => times > 0).map(([what, times]) => note(`restarts-${what}`, DOCTOR.restarted(what, times)));
}

function good(id: string, message: string): DoctorFinding {
  return { id, level: 'ok', message, fix: null };
}

function note(id: string, message: string): DoctorFinding {
  return { id, level: 'note', message, fix: null };
}

function problem(id: string, message: string, fix: string | null): DoctorFinding {
  return { id, level: 'problem', message, fix };
}
