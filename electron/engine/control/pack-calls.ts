/** Calls about packs of Sigma rules: importing one part by part, listing, removing, trusting, unmuting. */
import { ok } from '../../../shared/result.ts';
import type { ImportReport, ImportRequest, RuleQuery } from '../packs/pack-keeper.ts';
import type { Uploads } from '../packs/uploads.ts';
import type { MissingSource, MutedRule, PackInfo, ReadinessTotals, SigmaRuleInfo, TrustLevel } from '../../../shared/packs/pack.ts';
import type { Result } from '../../../shared/result.ts';
import type { ControlDeps } from './deps.ts';
import type { Handlers } from './service.ts';

/** The keeper of packs, as far as calls need it. */
export interface PackControl {
  readonly uploads: Uploads;
  readonly keeper: {
    import(request: ImportRequest): Promise<Result<ImportReport>>;
    remove(id: string): Promise<Result<void>>;
    trust(id: string, trust: TrustLevel): Promise<Result<PackInfo>>;
    unmute(rule: string): Promise<Result<readonly MutedRule[]>>;
    list(): PackInfo[];
    muted(): readonly MutedRule[];
    readiness(): { readonly totals: ReadinessTotals; readonly missing: readonly MissingSource[] };
    rules(query: RuleQuery): { readonly rules: SigmaRuleInfo[]; readonly total: number };
  };
  /** Rules that judge at this moment. */
  readonly active: () => number;
}

type Deps = Pick<ControlDeps, 'packs' | 'newId'>;
type LookCalls = Pick<Handlers, 'packsList' | 'sigmaRules'>;
type ImportCalls = Pick<Handlers, 'packImportBegin' | 'packImportPart' | 'packImportEnd'>;
type ChangeCalls = Pick<Handlers, 'packRemove' | 'packTrust' | 'ruleUnmute'>;

export function packCalls(deps: Deps): LookCalls & ImportCalls & ChangeCalls {
  return { ...lookCalls(deps), ...importCalls(deps), ...changeCalls(deps) };
}

function lookCalls({ packs: { keeper, active } }: Deps): LookCalls {
  return {
    packsList: (_, { mayChange }) => {
      const { totals, missing } = keeper.readiness();
      const packs = keeper.list().map((pack) => (mayChange ? pack : { ...pack, origin: '', by: '', muted: 0 }));
      return ok({ packs, readiness: totals, missing: [...missing], muted: mayChange ? [...keeper.muted()] : [], sigmaActive: active() });
    },
    sigmaRules: (query, { mayChange }) => {
      const page = keeper.rules(query);
      return ok(mayChange ? page : { ...page, rules: page.rules.map((rule) => ({ ...rule, muted: false })) });
    },
  };
}

function importCalls({ newId, packs: { keeper, uploads } }: Deps): ImportCalls {
  return {
    packImportBegin: (start) => {
      const token = newId();
      uploads.begin(token, start);
      return ok({ token });
    },
    packImportPart: ({ token, data }) => {
      const added = uploads.add(token, Buffer.from(data, 'base64'));
      return added.ok ? ok({ bytes: added.value }) : added;
    },
    packImportEnd: async ({ token, trust }, caller) => {
      const upload = uploads.take(token);
      if (!upload.ok) return upload;
      const done = await keeper.import({ ...upload.value, trust, by: caller.name });
      return done.ok ? ok({ ...done.value, refused: [...done.value.refused] }) : done;
    },
  };
}

function changeCalls({ packs: { keeper } }: Deps): ChangeCalls {
  return {
    packRemove: async ({ pack }) => {
      const removed = await keeper.remove(pack);
      return removed.ok ? ok({ removed: true as const }) : removed;
    },
    packTrust: async ({ pack, trust }) => {
      const trusted = await keeper.trust(pack, trust);
      return trusted.ok ? ok({ pack: trusted.value }) : trusted;
    },
    ruleUnmute: async ({ rule }) => {
      const unmuted = await keeper.unmute(rule);
      return unmuted.ok ? ok({ unmuted: [...unmuted.value] }) : unmuted;
    },
  };
}
