/**
 * Packs that were worked out as one run of bytes: what the thread that reads them hands to the engine, and what is kept for
 * the next start. Taken out again in small parts with a rest after each, because the engine's loop must not stand still.
 *
 *   number of parts, length of each: u32le | parts: head JSON, rows of rules JSON …, set
 *
 * The bytes are believed: they come from this very program, or from a file that only this device's key can have signed.
 */
import type { RefusedFile, RuleTotals } from '../../../shared/packs/pack.ts';
import { fail, ok, type Failure, type Result } from '../../../shared/result.ts';
import type { LinkedCorrelation, Part, Problem } from '../rules/link/link-rules.ts';
import { LINUX_START } from '../pipeline/live-event.ts';
import { SigmaSet } from '../rules/set/sigma-set.ts';
import type { HealthReport } from './health.ts';
import type { PackRule } from './installed-pack.ts';
import type { WorkedOut } from './prepare-packs.ts';
import type { Readiness } from './readiness.ts';
import type { ReadyRule, ReadyRules } from './ready-rules.ts';

/** Rules of one part: about a millisecond's work. */
const ROWS = 256;
const KEY = '';

export interface PreparedPack {
  readonly totals: RuleTotals;
  readonly rules: readonly PackRule[];
  readonly refused: readonly RefusedFile[];
}

export interface PreparedPacks {
  /** In the order in which they were asked for. A failure's message completes "it could not be used, because …" or stands on its own. */
  readonly packs: readonly Result<PreparedPack>[];
  readonly ready: ReadyRules;
  readonly health: HealthReport | null;
}

type PlainPart = { readonly reference: string; readonly rule: number } | { readonly reference: string; readonly correlation: number };

interface Head {
  readonly packs: readonly ({ readonly totals: RuleTotals; readonly refused: readonly RefusedFile[]; readonly rules: number } | { readonly error: Failure })[];
  /** Few are different, so rules name theirs by its place here. */
  readonly readiness: readonly Readiness[];
  /** By number in the set: the rule's place among all rules of the packs, and whether it stands alone. */
  readonly judging: readonly (readonly [number, boolean])[];
  readonly correlations: readonly (Omit<LinkedCorrelation, 'parts'> & { readonly parts: readonly PlainPart[] })[];
  /** The correlations' places among all rules. */
  readonly counting: readonly number[];
  readonly problems: readonly Problem[];
  readonly health: HealthReport | null;
}

type Row = Omit<PackRule, 'readiness'> & { readonly readiness: number };

export function encodePrepared({ packs, ready, health }: WorkedOut): Uint8Array<ArrayBuffer> {
  const all = packs.flatMap((pack) => (pack.ok ? pack.value.rules : []));
  const places = new Map(all.map((rule, place) => [rule, place]));
  const readiness = new Map<string, number>();
  const rows = all.map((rule): Row => ({ ...rule, readiness: placeOf(readiness, JSON.stringify(rule.readiness)) }));
  const judging = ready.rules.map(({ of, standsAlone }): [number, boolean] => [places.get(of) ?? -1, standsAlone]);
  const numbers = new Map(ready.rules.map(({ of }, number) => [of.rule, number]));
  const head: Head = {
    packs: packs.map((pack) => (pack.ok ? { totals: pack.value.totals, refused: pack.value.refused, rules: pack.value.rules.length } : { error: pack.error })),
    readiness: [...readiness.keys()].map((text) => JSON.parse(text) as Readiness),
    judging,
    correlations: ready.correlations.map((linked) => ({ ...linked, parts: linked.parts.map((part) => plainPart(part, numbers)) })),
    counting: [...ready.versions.values()].filter(({ rule }) => !numbers.has(rule)).map((version) => places.get(version) ?? -1),
    problems: ready.problems,
    health: health === null ? null : { ...health, noisy: health.noisy.map(({ rule: { pack, rule, title, version }, matches }) => ({ rule: { pack, rule, title, version }, matches })) },
  };
  const parts: unknown[] = [head];
  for (let at = 0; at < rows.length; at += ROWS) parts.push(rows.slice(at, at + ROWS));
  return join([...parts.map(asBytes), ready.matcher.bytes(KEY)]);
}

/** With spaces behind it, so that the numbers in the set stand where arrays of them can lie. */
function asBytes(part: unknown): Uint8Array {
  const bytes = new TextEncoder().encode(JSON.stringify(part));
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4).fill(0x20);
  padded.set(bytes);
  return padded;
}

function placeOf(places: Map<string, number>, key: string): number {
  const place = places.get(key) ?? places.size;
  places.set(key, place);
  return place;
}

function plainPart({ reference, of }: Part, numbers: ReadonlyMap<string, number>): PlainPart {
  return of.kind === 'correlation' ? { reference, correlation: of.index } : { reference, rule: numbers.get(of.rule.id) ?? -1 };
}

/** `rest` lets others run when a slice of time is over. The bytes are kept and must not change. */
export async function decodePrepared(bytes: Uint8Array, rest: () => Promise<void>): Promise<Result<PreparedPacks>> {
  const parts = cut(bytes);
  const [first, ...others] = parts ?? [];
  const last = others.pop();
  if (first === undefined || last === undefined) return fail('bad-index', 'it is not whole');
  const head = parse(first) as Head;
  const rules: PackRule[] = [];
  for (const part of others) {
    await rest();
    for (const row of parse(part) as Row[]) rules.push({ ...row, readiness: thingAt(head.readiness, row.readiness) });
  }
  await rest();
  const matcher = SigmaSet.read(last, KEY, true);
  if (!matcher.ok) return matcher;
  await rest();
  for (const steps = matcher.value.open(LINUX_START); steps.next().done !== true; ) await rest();
  return ok({ packs: packsOf(head, rules), ready: readyOf(head, rules, matcher.value), health: head.health });
}

function packsOf(head: Head, rules: readonly PackRule[]): Result<PreparedPack>[] {
  let at = 0;
  return head.packs.map((pack): Result<PreparedPack> => {
    if ('error' in pack) return { ok: false, error: pack.error };
    return ok({ totals: pack.totals, refused: pack.refused, rules: rules.slice(at, (at += pack.rules)) });
  });
}

function readyOf({ judging, correlations, counting, problems }: Head, rules: readonly PackRule[], matcher: SigmaSet): ReadyRules {
  const ready = judging.map(([place, standsAlone]): ReadyRule => ({ of: thingAt(rules, place), standsAlone }));
  const versions = new Map([...ready.map(({ of }) => of), ...counting.map((place) => thingAt(rules, place))].map((version) => [version.rule, version]));
  const part = (plain: PlainPart): Part => {
    const { reference } = plain;
    return 'rule' in plain ? { reference, of: { kind: 'rule', rule: matcher.rules.at(plain.rule) } } : { reference, of: { kind: 'correlation', index: plain.correlation } };
  };
  return { matcher, rules: ready, correlations: correlations.map((linked) => ({ ...linked, parts: linked.parts.map(part) })), versions, problems };
}

function thingAt<T>(list: readonly T[], place: number): T {
  const thing = list[place];
  if (thing === undefined) throw new Error(`nothing stands at ${place}`);
  return thing;
}

function parse(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const headLength = 4 * (parts.length + 1);
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, headLength));
  const head = new DataView(joined.buffer);
  head.setUint32(0, parts.length, true);
  let at = headLength;
  for (const [index, part] of parts.entries()) {
    head.setUint32(4 * (index + 1), part.length, true);
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Null when the lengths do not fit. */
function cut(bytes: Uint8Array): Uint8Array[] | null {
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length < 4 ? 0 : head.getUint32(0, true);
  let at = 4 * (count + 1);
  if (at > bytes.length) return null;
  const parts = Array.from({ length: count }, (_, index) => bytes.subarray(at, (at += head.getUint32(4 * (index + 1), true))));
  return at === bytes.length ? parts : null;
}
