/**
 * What an account without rights may see of other accounts: that something was stopped, by which rule, for whom it was.
 * Not what they typed and not where their files lie: command lines hold secrets, paths hold names.
 */
import type { HistoryEntry, HistoryProcess } from '../../../shared/history/entry.ts';

const HIDDEN = '(of another account)';

export function maskEntry(entry: HistoryEntry, viewer: string): HistoryEntry {
  const below = entry.below?.map((one) => maskProcess(one, viewer));
  return { ...maskRest(entry, viewer), ...(below === undefined ? {} : { below }) };
}

function maskRest(entry: HistoryEntry, viewer: string): HistoryEntry {
  if (entry.process.user === viewer) return maskAncestors(entry, viewer);
  return {
    ...entry,
    process: maskProcess(entry.process, viewer),
    ancestors: entry.ancestors.map((ancestor) => maskProcess(ancestor, viewer)),
    matched: entry.matched.map(({ field, pattern }) => ({ field, pattern, value: HIDDEN })),
    notes: [],
  };
}

/** A rule may have matched the parent: then its arguments stand among the matched values too. */
function maskAncestors(entry: HistoryEntry, viewer: string): HistoryEntry {
  if (entry.ancestors.every(({ user }) => user === viewer)) return entry;
  return {
    ...entry,
    ancestors: entry.ancestors.map((ancestor) => maskProcess(ancestor, viewer)),
    matched: entry.matched.map((match) => (/^(?:Parent|Ancestor)/.test(match.field) ? { ...match, value: HIDDEN } : match)),
  };
}

function maskProcess<P extends HistoryProcess>(process: P, viewer: string): P {
  if (process.user === viewer) return process;
  return { ...process, image: HIDDEN, commandLine: HIDDEN };
}
