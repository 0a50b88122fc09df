/** The rules of a replay: those that were named, else the packs of this device and Holdfast's own. */
import { OWN_PACK, type TrustLevel } from '../../../shared/packs/pack.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { unpackBody, type Container } from '../../engine/packs/container.ts';
import { lookAtInstalled } from '../../engine/packs/load-installed.ts';
import { readOwnPack } from '../../engine/packs/load-own-pack.ts';
import { readSource } from '../../engine/packs/load-source.ts';
import type { RuleText } from '../../engine/packs/rule-text.ts';
import type { JudgingPack } from '../../engine/pipeline/sigma-judge.ts';
import { linkRules } from '../../engine/rules/link/link-rules.ts';
import { withOwnIds } from '../../engine/rules/link/own-ids.ts';
import { parseRuleFile } from '../../engine/rules/parse/rule-file.ts';
import { ownPackPlace } from '../../host/own-pack.ts';
import { REPLAY } from '../words-replay.ts';

export interface ReplayRules {
  readonly packs: readonly JudgingPack[];
  /** For a person: what does not judge, and why. */
  readonly notes: readonly string[];
}

export interface RuleChoice {
  /** Paths, or `own`; none stands for what this device has. */
  readonly named: readonly string[];
  readonly trust: TrustLevel;
  readonly dataDir: string;
  readonly uid: number;
}

interface Pack {
  readonly name: string;
  readonly files: readonly RuleText[];
  /** Files that could not even be read. */
  readonly unread: number;
  readonly trust: TrustLevel;
}

export async function loadReplayRules(choice: RuleChoice): Promise<Result<ReplayRules>> {
  if (choice.named.length === 0) return ok(await installedRules(choice));
  const packs: JudgingPack[] = [];
  const notes: string[] = [];
  for (const target of choice.named) {
    const pack = await namedPack(target, choice.trust);
    if (!pack.ok) return pack;
    const read = readPack(pack.value);
    if (read.pack.linked.rules.length === 0) return fail('nothing-loads', REPLAY.nothingLoads(target));
    packs.push(read.pack);
    notes.push(...read.notes);
  }
  return ok({ packs, notes });
}

async function installedRules({ dataDir, uid }: RuleChoice): Promise<ReplayRules> {
  const own = ownPack();
  const { containers, problems } = lookAtInstalled(dataDir, process.platform === 'win32' ? null : uid, own.ok ? own.value : null);
  const notes = [...(own.ok ? [] : [own.error.message]), ...problems];
  const packs: JudgingPack[] = [];
  for (const container of containers) {
    const read = readPack(await packOf(container));
    packs.push(read.pack);
    notes.push(...read.notes);
  }
  return { packs, notes: packs.length === 0 ? [...notes, REPLAY.noRules] : notes };
}

async function namedPack(target: string, trust: TrustLevel): Promise<Result<Pack>> {
  if (target === OWN_PACK) {
    const own = ownPack();
    if (!own.ok) return own;
    return own.value === null ? fail('no-own-pack', REPLAY.noOwn) : ok({ ...(await packOf(own.value)), trust });
  }
  const source = await readSource(target);
  return source.ok ? ok({ name: target, files: source.value.files, unread: source.value.refused.length, trust }) : source;
}

/** Null when the build had no rules of its own. */
function ownPack(): Result<Container | null> {
  const place = ownPackPlace();
  return place === null ? ok(null) : readOwnPack(place.file, place.sha256);
}

async function packOf({ manifest, body }: Container): Promise<Pack> {
  const files = await unpackBody(body, noRest);
  return { name: manifest.name, files: files.ok ? files.value : [], unread: files.ok ? 0 : 1, trust: manifest.trust };
}

interface ReadPack {
  readonly pack: JudgingPack;
  readonly notes: readonly string[];
}

/** A file that is refused costs only itself, and a document that fits nowhere too; both are counted. */
function readPack({ name, files, unread, trust }: Pack): ReadPack {
  const read = files.map(({ path, text }) => parseRuleFile(path, text));
  const linked = linkRules(withOwnIds(read.flatMap((file) => (file.ok ? file.value : []))));
  const left = unread + read.filter(({ ok: fine }) => !fine).length;
  return { pack: { linked, trust }, notes: [...(left === 0 ? [] : [REPLAY.refused(left, name)]), ...(linked.problems.length === 0 ? [] : [REPLAY.unlinked(linked.problems.length, name)])] };
}

/** Nobody else waits in this process. */
function noRest(): Promise<void> {
  return Promise.resolve();
}
