/** A pack as it is installed here: every rule of it in few words, with how ready it is on this device. */
import type { MissingSource, PackInfo, PackManifest, ReadinessTotals, RefusedFile, SigmaRuleInfo, TrustLevel } from '../../../shared/packs/pack.ts';
import type { SigmaLevel } from '../rules/model.ts';
import type { MuteBook, RuleVersion } from './mute-book.ts';
import type { Readiness } from './readiness.ts';
import { READINESS } from './readiness-words.ts';
import { responseOf } from './trust.ts';

/** A rule, or a correlation of rules. */
export interface PackRule extends RuleVersion {
  readonly level: SigmaLevel;
  readonly author: string | null;
  readonly file: string;
  readonly wish: TrustLevel | null;
  readonly placeholders: readonly string[];
  readonly readiness: Readiness;
}

export interface InstalledPack {
  readonly manifest: PackManifest;
  readonly rules: readonly PackRule[];
  readonly refused: readonly RefusedFile[];
}

export function stateOf(rule: PackRule): SigmaRuleInfo['readiness'] {
  return rule.placeholders.length > 0 ? 'inactive' : rule.readiness.state;
}

export function readinessTotals(rules: readonly PackRule[]): ReadinessTotals {
  const totals = { canFire: 0, degraded: 0, cannotFire: 0, inactive: 0 };
  for (const rule of rules) totals[stateOf(rule)] += 1;
  return totals;
}

const MOST_SOURCES = 20;

/** What rules wait for, that which would wake most of them first. */
export function missingSources(rules: readonly PackRule[]): MissingSource[] {
  const found = new Map<string, MissingSource>();
  for (const { placeholders, readiness } of rules) {
    if (readiness.missing === null || placeholders.length > 0) continue;
    const { source, switchOn } = readiness.missing;
    found.set(source, { source, switchOn, rules: (found.get(source)?.rules ?? 0) + 1 });
  }
  return [...found.values()].sort((a, b) => b.rules - a.rules).slice(0, MOST_SOURCES);
}

export function describePack(pack: InstalledPack, mutes: MuteBook): PackInfo {
  return { ...pack.manifest, readiness: readinessTotals(pack.rules), muted: pack.rules.filter((rule) => mutes.isMuted(rule)).length };
}

export function describeSigmaRule(rule: PackRule, trust: PackManifest['trust'], muted: boolean): SigmaRuleInfo {
  const { pack, title, level, author, file, wish, placeholders, readiness } = rule;
  const reason = placeholders.length > 0 ? READINESS.placeholder(placeholders) : readiness.reason;
  return { pack, id: rule.rule, title, level, author, file, readiness: stateOf(rule), missingFields: [...readiness.missingFields], reason, response: responseOf(wish, trust), muted };
}
