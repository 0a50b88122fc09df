/**
 * The packs of this device: importing, removing, trusting, unmuting, and putting the result in force. Changes wait for each
 * other. A change that fails at any step leaves everything as it was: a new pack is read, checked and tried before anything
 * on the disk is touched, and judges only when it is saved.
 */
import { OWN_PACK, type MissingSource, type MutedRule, type PackHealth, type PackInfo, type PackManifest, type ReadinessTotals, type RefusedFile, type SigmaRuleInfo, type TrustLevel } from '../../../shared/packs/pack.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { PipelineEvent } from '../pipeline/event-pipeline.ts';
import type { Container, PackBody } from './container.ts';
import type { HealthReport } from './health.ts';
import { describePack, describeSigmaRule, missingSources, readinessTotals, stateOf, type InstalledPack, type PackRule } from './installed-pack.ts';
import type { PackState } from './load-pack-state.ts';
import { LIMITS } from './limits.ts';
import type { MuteBook } from './mute-book.ts';
import { packIdFrom } from './pack-id.ts';
import type { Trial } from './prepare-packs.ts';
import type { PreparedPacks } from './prepared-codec.ts';
import type { PackContent } from './read-pack.ts';
import type { ReadyRules } from './ready-rules.ts';
import type { Upload } from './uploads.ts';
import { PACKS } from './words.ts';

export interface PackStorage {
  install(container: Container): Result<void>;
  remove(id: string): Result<void>;
  /** Takes a pack out of force; the containers to try in its place. What happened is added to `problems`. */
  reject(id: string, why: string, problems: string[]): readonly Container[];
}

export interface Preparation extends PreparedPacks {
  /** These packs are in force: what was worked out is worth keeping for the next start. */
  keep(): void;
}

export interface PackKeeperDeps {
  readonly storage: PackStorage;
  readonly mutes: MuteBook;
  readonly ownTrust: TrustLevel;
  readonly saveState: (state: PackState) => Result<void>;
  /** Works out what it takes to put these packs in force, without holding up the caller's loop. Fails when it could not be done at all. */
  readonly prepare: (contents: readonly PackContent[], trial: Trial | null) => Promise<Result<Preparation>>;
  readonly recent: () => readonly PipelineEvent[];
  /** Puts these rules in force, all at once. */
  readonly use: (ready: ReadyRules, trustOf: (pack: string) => TrustLevel) => void;
  readonly nowIso: () => string;
}

export interface ImportRequest extends Upload {
  readonly trust: TrustLevel;
  readonly by: string;
}

export interface ImportReport {
  readonly pack: PackInfo;
  /** Version that was in force until now; null when the pack is new. */
  readonly replaced: string | null;
  readonly refused: readonly RefusedFile[];
  readonly health: PackHealth;
}

export interface RuleQuery {
  readonly pack?: string | undefined;
  readonly readiness?: SigmaRuleInfo['readiness'] | undefined;
  readonly level?: SigmaRuleInfo['level'] | undefined;
  /** Part of a title, an id or a file. */
  readonly text?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

interface Kept {
  readonly pack: InstalledPack;
  readonly body: PackBody;
  /** True for the own pack, which lies in the program. */
  readonly isOwn: boolean;
}

const NOT_TRIED: HealthReport = { health: { starts: 0, tested: false, noisy: [] }, noisy: [] };

type Packs = ReadonlyMap<string, Kept>;

export class PackKeeper {
  private readonly deps: PackKeeperDeps;
  private packs: Packs = new Map();
  private inForce: ReadyRules | null = null;
  private readonly troubles: string[] = [];
  /** Why no rules are in force; null once they are. */
  private unready: string | null = null;
  private ownTrust: TrustLevel;
  /** False when the disk may hold packs that could not be read: their mutes are kept. */
  private isWhole = true;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(deps: PackKeeperDeps) {
    this.deps = deps;
    this.ownTrust = deps.ownTrust;
  }

  /**
   * The packs of the disk and the own one; true when they are in force. A pack without any usable rule gives way to its last
   * good version. Packs that can not be made ready at all are listed without their rules, so that one can be removed.
   */
  open(own: Container | null, stored: readonly Container[], problems: readonly string[]): Promise<boolean> {
    return this.inTurn(() => {
      this.troubles.push(...problems);
      this.isWhole = problems.length === 0;
      const packs = new Map(stored.map((container) => [container.manifest.id, unread(container)]));
      if (own !== null) packs.delete(OWN_PACK);
      const ours = own === null ? [] : [[OWN_PACK, { ...unread({ ...own, manifest: { ...own.manifest, trust: this.ownTrust } }), isOwn: true }] as const];
      this.packs = inOrder(new Map([...ours, ...packs]));
      return this.makeReady();
    });
  }

  /** Once more what `open` could not; true when rules are in force. */
  openAgain(): Promise<boolean> {
    return this.inTurn(() => (this.inForce === null ? this.makeReady() : true));
  }

  import(request: ImportRequest): Promise<Result<ImportReport>> {
    return this.inTurn(async () => {
      const id = packIdFrom(request.name);
      if (!id.ok) return id;
      const before = this.packs.get(id.value)?.pack.manifest.version ?? null;
      if (before === null && this.packs.size >= LIMITS.packs) return fail('too-many-packs', PACKS.tooMany(LIMITS.packs));
      const packs = inOrder(new Map(this.packs).set(id.value, unread(this.containerFor(id.value, request))));
      const place = [...packs.keys()].indexOf(id.value);
      const prepared = await this.prepare(packs, { pack: place, recent: this.deps.recent() });
      if (!prepared.ok) return prepared;
      const read = prepared.value.packs[place];
      if (read?.ok !== true) return read ?? fail('bad-pack', PACKS.uploadBad);
      const next = withUsable(packs, prepared.value);
      const kept = next.get(id.value);
      if (kept === undefined) return fail('bad-pack', PACKS.uploadBad);
      const installed = this.deps.storage.install({ manifest: kept.pack.manifest, body: kept.body });
      if (!installed.ok) return installed;
      this.putInForce(next, prepared.value);
      const report = prepared.value.health ?? NOT_TRIED;
      this.muteNoisy(report);
      return ok({ pack: describePack(kept.pack, this.deps.mutes), replaced: before, refused: kept.pack.refused, health: report.health });
    });
  }

  remove(id: string): Promise<Result<void>> {
    return this.inTurn(async () => {
      if (id === OWN_PACK) return fail('own-pack', PACKS.ownStays);
      if (!this.packs.has(id)) return fail('no-such-pack', PACKS.noPack(id));
      const packs = new Map(this.packs);
      packs.delete(id);
      const prepared = await this.prepare(packs);
      if (!prepared.ok) return prepared;
      const removed = this.deps.storage.remove(id);
      if (!removed.ok) return removed;
      this.putInForce(withUsable(packs, prepared.value), prepared.value);
      return ok(undefined);
    });
  }

  trust(id: string, trust: TrustLevel): Promise<Result<PackInfo>> {
    return this.inTurn(() => {
      const kept = this.packs.get(id);
      if (kept === undefined) return fail('no-such-pack', PACKS.noPack(id));
      const pack = { ...kept.pack, manifest: { ...kept.pack.manifest, trust } };
      const saved = kept.isOwn ? this.deps.saveState({ ownTrust: trust, muted: this.deps.mutes.list() }) : this.deps.storage.install({ manifest: pack.manifest, body: kept.body });
      if (!saved.ok) return saved;
      if (kept.isOwn) this.ownTrust = trust;
      this.packs = new Map(this.packs).set(id, { ...kept, pack });
      this.useRules();
      return ok(describePack(pack, this.deps.mutes));
    });
  }

  unmute(ruleId: string): Promise<Result<readonly MutedRule[]>> {
    return this.inTurn(() => {
      const unmuted = this.deps.mutes.unmute(ruleId);
      if (unmuted.length === 0) return fail('no-such-rule', PACKS.noRule(ruleId));
      const saved = this.saveMutes();
      return saved.ok ? ok(unmuted) : saved;
    });
  }

  /** What the mute book decided while rules judged is on the disk from now on; when that fails it is told and holds until a restart. */
  onMuted(): void {
    this.noteMutes();
  }

  list(): PackInfo[] {
    return [...this.packs.values()].map(({ pack }) => describePack(pack, this.deps.mutes));
  }

  muted(): readonly MutedRule[] {
    return this.deps.mutes.list();
  }

  readiness(): { readonly totals: ReadinessTotals; readonly missing: readonly MissingSource[] } {
    const rules = this.allRules();
    return { totals: readinessTotals(rules), missing: missingSources(rules) };
  }

  rules(query: RuleQuery): { readonly rules: SigmaRuleInfo[]; readonly total: number } {
    const wanted = query.text?.toLowerCase();
    const found = this.allRules().filter(
      (rule) =>
        (query.pack === undefined || rule.pack === query.pack) &&
        (query.readiness === undefined || stateOf(rule) === query.readiness) &&
        (query.level === undefined || rule.level === query.level) &&
        (wanted === undefined || `${rule.title}\n${rule.rule}\n${rule.file}`.toLowerCase().includes(wanted)),
    );
    const page = found.slice(query.offset, query.offset + query.limit);
    return { rules: page.map((rule) => describeSigmaRule(rule, this.trustOf(rule.pack), this.deps.mutes.isMuted(rule))), total: found.length };
  }

  problems(): readonly string[] {
    return this.unready === null ? this.troubles : [...this.troubles, this.unready];
  }

  private async makeReady(): Promise<boolean> {
    const first = await this.prepare(this.packs);
    const replaced = first.ok ? this.replaceUnusable(first.value) : null;
    // At once: on the disk they have taken the place of what they replace already.
    if (replaced !== null) this.packs = replaced;
    const prepared = replaced === null ? first : await this.prepare(replaced);
    if (prepared.ok) this.putInForce(withUsable(this.packs, prepared.value), prepared.value);
    else this.unready = prepared.error.message;
    return prepared.ok;
  }

  private prepare(packs: Packs, trial: Trial | null = null): Promise<Result<Preparation>> {
    return this.deps.prepare([...packs].map(([id, { body }]) => ({ id, body })), trial);
  }

  /** What can not be used is taken out of force; in its place comes its last good version. Null when no pack has one. */
  private replaceUnusable(prepared: PreparedPacks): Packs | null {
    const next = new Map(this.packs);
    let replaced = false;
    for (const [place, [id, { isOwn }]] of [...this.packs].entries()) {
      const read = prepared.packs[place];
      if (read?.ok !== false) continue;
      if (isOwn) this.note(PACKS.ownUnusable(read.error.message));
      const [lastGood] = isOwn ? [] : this.deps.storage.reject(id, read.error.message, this.troubles);
      if (lastGood === undefined) next.delete(id);
      else next.set(id, unread(lastGood));
      replaced ||= lastGood !== undefined;
    }
    return replaced ? next : null;
  }

  private containerFor(id: string, { name, origin, licence, trust, by, version, bytes }: ImportRequest): Container {
    const totals = { files: 0, rules: 0, filters: 0, correlations: 0, inactive: 0, refused: 0 };
    const manifest: PackManifest = { id, name, version, origin, importedAt: this.deps.nowIso(), by, licence, trust, totals };
    return { manifest, body: { bytes, version } };
  }

  private muteNoisy({ noisy, health }: HealthReport): void {
    for (const { rule, matches } of noisy) this.deps.mutes.mute(rule, this.deps.nowIso(), PACKS.mutedAtImport(matches, health.starts));
    if (noisy.length > 0) this.noteMutes();
  }

  private putInForce(packs: Packs, prepared: Preparation): void {
    this.packs = packs;
    this.inForce = prepared.ready;
    this.unready = null;
    if (this.isWhole && this.deps.mutes.keepOnly(this.allRules())) this.noteMutes();
    this.useRules();
    prepared.keep();
  }

  /** The trust is that of this moment. */
  private useRules(): void {
    const trust = new Map([...this.packs].map(([id, { pack }]) => [id, pack.manifest.trust]));
    if (this.inForce !== null) this.deps.use(this.inForce, (pack) => trust.get(pack) ?? 'observe');
  }

  private trustOf(id: string): TrustLevel {
    return this.packs.get(id)?.pack.manifest.trust ?? 'observe';
  }

  private allRules(): PackRule[] {
    return [...this.packs.values()].flatMap(({ pack }) => pack.rules);
  }

  private saveMutes(): Result<void> {
    return this.deps.saveState({ ownTrust: this.ownTrust, muted: this.deps.mutes.list() });
  }

  private noteMutes(): void {
    const saved = this.saveMutes();
    if (!saved.ok) this.note(saved.error.message);
  }

  private note(trouble: string): void {
    if (!this.troubles.includes(trouble)) this.troubles.push(trouble);
  }

  private inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }
}

/** The own pack first, then by id: of two rules with one id the first counts, which must be the same one after a restart. */
function inOrder(packs: Packs): Packs {
  const own = [...packs].filter(([, { isOwn }]) => isOwn);
  const others = [...packs].filter(([, { isOwn }]) => !isOwn);
  return new Map([...own, ...others.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Before anybody has looked into it. */
function unread({ manifest, body }: Container): Kept {
  return { pack: { manifest, rules: [], refused: [] }, body, isOwn: false };
}

/** The packs with what was read of them, without those that can not be used. Totals are those of this program, whatever an older one wrote into the manifest. */
function withUsable(packs: Packs, prepared: PreparedPacks): Packs {
  return new Map(
    [...packs].flatMap(([id, kept], place): [string, Kept][] => {
      const read = prepared.packs[place];
      if (read?.ok !== true) return [];
      const { totals, rules, refused } = read.value;
      return [[id, { ...kept, pack: { manifest: { ...kept.pack.manifest, totals }, rules, refused } }]];
    }),
  );
}
