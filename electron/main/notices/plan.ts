/**
 * Which notices pop up: one for the same rule, program and parent, with a counter; at most six an hour; what does not pop up
 * is in the inbox. Pure: entries and time come in, what to do comes out.
 */
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { WindowSettings } from '../../../shared/ipc/table.ts';
import { NOTICES } from '../words.ts';

export const MOST_PER_HOUR = 6;
const HOUR_MS = 3_600_000;
const LONGEST_REASON = 220;

export interface Notice {
  /** The same for what belongs to one notice; a service that can replaces the earlier one. */
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly asks: boolean;
  /** To open when it is clicked: the newest. */
  readonly historyId: string;
  readonly historyIds: readonly string[];
}

export interface Plan {
  readonly show: readonly Notice[];
  readonly heldBack: readonly string[];
  readonly switchedOff: readonly string[];
}

interface Shown {
  readonly atMs: number;
  readonly count: number;
}

export class NoticePlanner {
  private readonly shown = new Map<string, Shown>();
  private readonly times: number[] = [];

  plan(entries: readonly HistoryEntry[], settings: WindowSettings['notices'], nowMs: number): Plan {
    this.forget(nowMs);
    const plan = { show: [] as Notice[], heldBack: [] as string[], switchedOff: [] as string[] };
    for (const [key, group] of groupsOf(entries)) {
      const ids = group.map(({ id }) => id);
      const newest = group.at(-1);
      if (newest === undefined) continue;
      const asks = newest.rule.mode === 'warn';
      if (settings === 'none' || (settings === 'questions' && !asks)) plan.switchedOff.push(...ids);
      else if (this.mayShow(key)) plan.show.push(this.notice(key, newest, ids, nowMs));
      else plan.heldBack.push(...ids);
    }
    return plan;
  }

  /** One that is already on the screen is only counted up, once more at most for each time it doubles. */
  private mayShow(key: string): boolean {
    return this.times.length < MOST_PER_HOUR || this.shown.has(key);
  }

  private notice(key: string, newest: HistoryEntry, historyIds: readonly string[], nowMs: number): Notice {
    const before = this.shown.get(key);
    const count = (before?.count ?? 0) + historyIds.length;
    this.shown.set(key, { atMs: nowMs, count });
    if (before === undefined) this.times.push(nowMs);
    const asks = newest.rule.mode === 'warn';
    const title = NOTICES.title(newest.action, programName(newest.process.image)) + (count > 1 ? NOTICES.again(count) : '');
    const why = newest.reason.length > LONGEST_REASON ? `${newest.reason.slice(0, LONGEST_REASON - 1)}…` : newest.reason;
    return { key, title, body: asks ? `${why} ${NOTICES.question}` : why, asks, historyId: newest.id, historyIds };
  }

  private forget(nowMs: number): void {
    while (this.times[0] !== undefined && this.times[0] <= nowMs - HOUR_MS) this.times.shift();
    for (const [key, { atMs }] of this.shown) if (atMs <= nowMs - HOUR_MS) this.shown.delete(key);
  }
}

function groupsOf(entries: readonly HistoryEntry[]): Map<string, HistoryEntry[]> {
  const groups = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const key = JSON.stringify([entry.rule.id, entry.action, entry.process.image, entry.ancestors[0]?.image ?? '']);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return groups;
}

/** The name a person knows; attackers choose it, so what could hide or turn text around is taken out. */
export function programName(image: string): string {
  const name = image.slice(Math.max(image.lastIndexOf('/'), image.lastIndexOf('\\')) + 1);
  const plain = name.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  return plain.length > 60 ? `${plain.slice(0, 59)}…` : plain;
}
