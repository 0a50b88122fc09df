/** What correlations remember: windows of matches by group, bounded. What was touched longest ago goes first, and is counted. */
import { MAX_COUNTED } from '../model.ts';
import type { Entry } from './figures.ts';

export interface Group {
  readonly plan: number;
  readonly key: string;
  /** The values of `group-by`, by their names there. */
  readonly names: Readonly<Record<string, string>>;
  /** By time; among equals in the order of arrival. */
  entries: Entry[];
  /** What correlations above may ask of a match, from the newest event. */
  carried: Readonly<Record<string, string>>;
  /** When the window is over, for what is judged then. */
  endMs: number;
}

export interface Limits {
  readonly groups: number;
  readonly entries: number;
  readonly entriesPerGroup: number;
}

/** About 30 MB at worst. */
export const DEFAULT_LIMITS: Limits = { groups: 20_000, entries: 100_000, entriesPerGroup: MAX_COUNTED };

/** What had to be given up; each may have cost a finding. */
export interface Lost {
  groups: number;
  entries: number;
  /** Matches that came too late for every window. */
  late: number;
  /** Matches whose event lacks a field that the correlation groups or counts by. */
  incomplete: number;
}

export class Groups {
  readonly lost: Lost = { groups: 0, entries: 0, late: 0, incomplete: 0 };
  private readonly limits: Limits;
  /** The order is that of the last touch. */
  private readonly byKey = new Map<string, Group>();
  private entryCount = 0;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  get size(): { readonly groups: number; readonly entries: number } {
    return { groups: this.byKey.size, entries: this.entryCount };
  }

  *ofPlan(plan: number): Generator<Group> {
    for (const group of this.byKey.values()) if (group.plan === plan) yield group;
  }

  /** The group, new if need be, as the one touched last. */
  touch(plan: number, key: string, names: () => Group['names']): Group {
    const known = this.byKey.get(key);
    const group = known ?? { plan, key, names: names(), entries: [], carried: {}, endMs: Infinity };
    if (known) this.byKey.delete(key);
    this.byKey.set(key, group);
    this.bound(group);
    return group;
  }

  /** Puts the entry in its place by time and returns that place. */
  add(group: Group, entry: Entry): number {
    let at = group.entries.length;
    while (at > 0 && (group.entries[at - 1]?.timeMs ?? 0) > entry.timeMs) at -= 1;
    group.entries.splice(at, 0, entry);
    this.entryCount += 1;
    if (group.entries.length > this.limits.entriesPerGroup) {
      this.dropOldest(group, 1);
      this.lost.entries += 1;
      at = Math.max(0, at - 1);
    }
    this.bound(group);
    return at;
  }

  /** The first entries, which no window needs any more. */
  dropOldest(group: Group, count: number): void {
    if (count <= 0) return;
    group.entries.splice(0, count);
    this.entryCount -= count;
  }

  remove(group: Group): void {
    if (this.byKey.get(group.key) !== group) return;
    this.byKey.delete(group.key);
    this.entryCount -= group.entries.length;
  }

  private bound(inUse: Group): void {
    while (this.byKey.size > this.limits.groups || this.entryCount > this.limits.entries) {
      const [oldest] = this.byKey.values();
      if (!oldest || oldest === inUse) return;
      this.remove(oldest);
      this.lost.groups += 1;
      this.lost.entries += oldest.entries.length;
    }
  }
}
