/** What doctor says about Sigma rules: how many can fire, what would wake most of the others, and which are muted. */
import type { DoctorFinding } from '../../../shared/control/calls.ts';
import type { MissingSource, MutedRule, ReadinessTotals } from '../../../shared/packs/pack.ts';
import { DOCTOR_PACKS } from './doctor-words.ts';

export interface PackDiagnosis {
  readonly packs: number;
  readonly totals: ReadinessTotals;
  readonly missing: readonly MissingSource[];
  readonly muted: readonly MutedRule[];
}

export function diagnosePacks({ packs, totals, missing, muted }: PackDiagnosis): DoctorFinding[] {
  if (packs === 0) return [{ id: 'sigma', level: 'note', message: DOCTOR_PACKS.none, fix: DOCTOR_PACKS.noneFix }];
  const [most] = missing;
  const sigma: DoctorFinding = {
    id: 'sigma',
    level: totals.canFire + totals.degraded > 0 ? 'ok' : 'note',
    message: DOCTOR_PACKS.totals(totals),
    fix: most === undefined ? null : DOCTOR_PACKS.gainMost(most),
  };
  return [sigma, ...(muted.length === 0 ? [] : [{ id: 'sigma-muted', level: 'note' as const, message: DOCTOR_PACKS.muted(muted.length), fix: DOCTOR_PACKS.mutedFix }])];
}
