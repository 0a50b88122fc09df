/** A line of history with what the store keeps beside it. */
import { createHash } from 'node:crypto';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { Finding } from '../ports.ts';
import { toHistoryEntry, type EntryDeps } from './history-entry.ts';

export interface HistoryRow {
  readonly entry: HistoryEntry;
  readonly timeMs: number;
  /** Whose process it was: other people's paths are masked by it. */
  readonly uid: number | null;
  readonly groupKey: string;
}

export function toRow(finding: Finding, deps: EntryDeps): HistoryRow {
  return { entry: toHistoryEntry(finding, deps), timeMs: finding.timeMs, uid: finding.process.uid, groupKey: groupKey(finding) };
}

/** The same for the same rule, act, program, arguments and parent's program. Hashed: arguments may be megabytes, and need not be valid text. */
function groupKey({ hit, action, process, ancestors, pause }: Finding): string {
  const parts: unknown[] = [hit.ruleId, action, process.image, process.argv, ancestors[0]?.image ?? null];
  // Each pause has its own reason and end.
  if (pause !== undefined) parts.push(pause);
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
