/** Packs as the control service sees them: one installed, one being sent, one rule muted. */
import type { PackControl } from '../../../../electron/engine/control/pack-calls.ts';
import type { ImportRequest } from '../../../../electron/engine/packs/pack-keeper.ts';
import { Uploads } from '../../../../electron/engine/packs/uploads.ts';
import type { MutedRule, PackInfo, SigmaRuleInfo, TrustLevel } from '../../../../shared/packs/pack.ts';
import { fail, ok } from '../../../../shared/result.ts';

export const UPLOAD = 'upload-1';
export const VERSION = 'a'.repeat(64);

export const PACK: PackInfo = {
  id: 'sigma',
  name: 'Sigma',
  version: VERSION,
  origin: '/home/ann/sigma.zip',
  importedAt: '2026-11-01T10:00:00.000Z',
  by: 'root',
  licence: 'Detection Rule License 1.1',
  trust: 'observe',
  totals: { files: 2, rules: 2, filters: 0, correlations: 0, inactive: 0, refused: 0 },
  readiness: { canFire: 1, degraded: 0, cannotFire: 1, inactive: 0 },
  muted: 1,
};

const RULE: SigmaRuleInfo = { pack: 'sigma', id: 'some-rule', title: 'Some rule', level: 'high', author: 'Ann', file: 'some.yml', readiness: 'canFire', missingFields: [], reason: null, response: 'observe', muted: true };
const MUTED: MutedRule = { pack: 'sigma', rule: 'some-rule', title: 'Some rule', version: 'abc', mutedAt: '2026-11-01T10:00:00.000Z', reason: 'matched 300 of 300 starts within 10 minutes' };

export interface PackRig extends PackControl {
  readonly imported: ImportRequest[];
  readonly trusted: TrustLevel[];
}

export function packRig(): PackRig {
  const imported: ImportRequest[] = [];
  const trusted: TrustLevel[] = [];
  const uploads = new Uploads(() => 0);
  uploads.begin(UPLOAD, { name: 'Sigma', version: VERSION, origin: '', licence: null });
  const known = (id: string): boolean => id === PACK.id;
  return {
    imported,
    trusted,
    uploads,
    active: () => 1,
    keeper: {
      import: (request) => {
        imported.push(request);
        return Promise.resolve(ok({ pack: PACK, replaced: null, refused: [], health: { starts: 0, tested: false, noisy: [] } }));
      },
      remove: (id) => Promise.resolve(known(id) ? ok(undefined) : fail('no-such-pack', 'There is no such pack.')),
      trust: (id, trust) => {
        if (!known(id)) return Promise.resolve(fail('no-such-pack', 'There is no such pack.'));
        trusted.push(trust);
        return Promise.resolve(ok({ ...PACK, trust }));
      },
      unmute: (rule) => Promise.resolve(rule === MUTED.rule ? ok([MUTED]) : fail('no-such-rule', 'No such rule is muted.')),
      list: () => [PACK],
      muted: () => [MUTED],
      readiness: () => ({ totals: PACK.readiness, missing: [{ source: 'windows/process_creation', rules: 1, switchOn: 'No sensor.' }] }),
      rules: ({ limit }) => ({ rules: [RULE].slice(0, limit), total: 1 }),
    },
  };
}
