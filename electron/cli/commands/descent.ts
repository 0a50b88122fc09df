/** The line of descent of a process, each process once, whatever programs it ran one after the other. */
import type { HistoryProcess } from '../../../shared/history/entry.ts';

export interface Member {
  /** As it was last seen. */
  readonly process: HistoryProcess;
  /** Images that the same process ran before, latest first. */
  readonly before: readonly string[];
}

/** Nearest first, beginning with the process itself. */
export function descent(process: HistoryProcess, ancestors: readonly HistoryProcess[]): Member[] {
  const groups: [HistoryProcess, ...HistoryProcess[]][] = [];
  for (const each of [process, ...ancestors]) {
    const latest = groups.at(-1);
    if (latest !== undefined && each.pid > 0 && latest[0].pid === each.pid) latest.push(each);
    else groups.push([each]);
  }
  return groups.map(([now, ...earlier], index) => ({ process: now, before: imagesBefore(now, earlier, groups[index + 1]?.[0].image) }));
}

/** A fresh fork runs what its parent runs; that it did for a moment says nothing. */
function imagesBefore(now: HistoryProcess, earlier: readonly HistoryProcess[], parentImage: string | undefined): string[] {
  const images = new Set(earlier.map(({ image }) => image));
  images.delete(now.image);
  if (parentImage !== undefined) images.delete(parentImage);
  return [...images];
}
