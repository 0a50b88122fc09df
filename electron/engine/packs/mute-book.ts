/**
 * Counts the matches of each rule and mutes the version of one that floods: a rule that was right yesterday can match
 * everything after an update of it, or of the system. Muted is by version of the rule: a changed rule speaks again.
 *
 * Counting is by windows of ten minutes. A rule floods when it matched at least 300 starts of a window and these are at
 * least a twentieth of all starts seen in it: the first spares rules that are busy for a moment, the second rules of busy machines.
 * A rule that stops programs falls silent only when a tenth of that comes from others than the account that matched most:
 * nobody may switch it off by running into it again and again.
 */
import type { MutedRule } from '../../../shared/packs/pack.ts';
import { PACKS } from './words.ts';

export const FLOOD = { windowMs: 600_000, leastMatches: 300, leastShare: 0.05, leastOfOthers: 30, rules: 4_096, accounts: 64 } as const;

export interface RuleVersion {
  readonly pack: string;
  readonly rule: string;
  readonly title: string;
  readonly version: string;
}

export interface CountedMatch {
  readonly rule: RuleVersion;
  /** Whose start it was; null where that is not known. */
  readonly account: number | null;
  /** Whether the match does something to the program. */
  readonly acts: boolean;
}

interface Count {
  matches: number;
  readonly byAccount: Map<number | null, number>;
}

export class MuteBook {
  private readonly muted = new Map<string, MutedRule>();
  private counts = new Map<string, Count>();
  private starts = 0;
  private windowFrom = -Infinity;

  constructor(muted: readonly MutedRule[]) {
    for (const each of muted) this.muted.set(keyOf(each), each);
  }

  list(): readonly MutedRule[] {
    return [...this.muted.values()];
  }

  isMuted(rule: Pick<RuleVersion, 'pack' | 'rule' | 'version'>): boolean {
    return this.muted.size > 0 && this.muted.has(keyOf(rule));
  }

  /** A start was looked at. `nowMs` never goes back. */
  onStart(nowMs: number): void {
    if (nowMs - this.windowFrom >= FLOOD.windowMs) {
      this.windowFrom = nowMs;
      this.counts = new Map();
      this.starts = 0;
    }
    this.starts += 1;
  }

  /** The rule matched a start. Answers the mute when this match was one too many. */
  onMatch({ rule, account, acts }: CountedMatch, at: () => string): MutedRule | null {
    const key = keyOf(rule);
    const count = this.counted(key, account);
    if (count === null || !this.isFlood(count, acts) || this.muted.has(key)) return null;
    return this.mute(rule, at(), PACKS.mutedLive(count.matches, this.starts, FLOOD.windowMs / 60_000));
  }

  /** Null beyond the bound, where nothing is counted anew until the next window; that many rules do not flood at once. */
  private counted(key: string, account: number | null): Count | null {
    const known = this.counts.get(key);
    if (known === undefined && this.counts.size >= FLOOD.rules) return null;
    const count = known ?? { matches: 0, byAccount: new Map<number | null, number>() };
    if (known === undefined) this.counts.set(key, count);
    count.matches += 1;
    const own = count.byAccount.get(account);
    if (own !== undefined || count.byAccount.size < FLOOD.accounts) count.byAccount.set(account, (own ?? 0) + 1);
    return count;
  }

  private isFlood({ matches, byAccount }: Count, acts: boolean): boolean {
    if (matches < FLOOD.leastMatches || matches < this.starts * FLOOD.leastShare) return false;
    return !acts || matches - Math.max(...byAccount.values()) >= FLOOD.leastOfOthers;
  }

  mute(rule: RuleVersion, mutedAt: string, reason: string): MutedRule {
    const { pack, rule: id, title, version } = rule;
    const muted = { pack, rule: id, title, version, mutedAt, reason };
    this.muted.set(keyOf(rule), muted);
    return muted;
  }

  /** A person wants the rule back; what it matched until now no longer counts. */
  unmute(ruleId: string): readonly MutedRule[] {
    const found = this.list().filter(({ rule }) => rule === ruleId);
    for (const each of found) {
      this.muted.delete(keyOf(each));
      this.counts.delete(keyOf(each));
    }
    return found;
  }

  /** Mutes of versions that are no longer installed end with them. True when there were any. */
  keepOnly(installed: readonly RuleVersion[]): boolean {
    const keys = new Set(installed.map(keyOf));
    const gone = [...this.muted.keys()].filter((key) => !keys.has(key));
    for (const key of gone) this.muted.delete(key);
    return gone.length > 0;
  }
}

function keyOf(rule: Pick<RuleVersion, 'pack' | 'rule' | 'version'>): string {
  return `${rule.pack}\n${rule.rule}\n${rule.version}`;
}
