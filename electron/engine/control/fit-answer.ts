/**
 * One answer has to fit one line of the control socket, also for a program that was started with megabytes of arguments.
 * The record keeps them whole; what is shown of such an entry is cut, and says so.
 */
import type { HistoryEntry, HistoryProcess } from '../../../shared/history/entry.ts';

/** Of JSON; below the 8 MiB of a line, with room for what else the answer holds. */
const MOST_BYTES = 7 * 1024 * 1024;
/** A character takes at most six bytes of JSON, so a text of this length never needs more than half of it. */
const MOST_CHARACTERS = 500_000;
const FEW_CHARACTERS = 2_000;

export function fitAnswer(entry: HistoryEntry): HistoryEntry {
  if (JSON.stringify(entry).length <= MOST_BYTES) return entry;
  const { length } = entry.process.commandLine;
  const shown = Math.min(length, MOST_CHARACTERS);
  return {
    ...entry,
    process: cutProcess(entry.process, MOST_CHARACTERS),
    ancestors: entry.ancestors.map((ancestor) => cutProcess(ancestor, FEW_CHARACTERS)),
    matched: entry.matched.map((match) => ({ ...match, value: cut(match.value, FEW_CHARACTERS) })),
    notes: [...entry.notes, `Too long to be shown whole: ${shown} of the ${length} characters of its command line are. The record has all.`],
  };
}

function cutProcess(process: HistoryProcess, most: number): HistoryProcess {
  return { ...process, commandLine: cut(process.commandLine, most) };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}
