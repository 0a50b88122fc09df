/** The text of a line that a search looks in, and the words of a search. Both in lower case and well-formed, so that they can be compared. */
import type { HistoryEntry } from '../../../shared/history/entry.ts';

/** Megabytes of arguments would make every search slow; what a person looks for stands at the beginning. */
const MOST_CHARACTERS = 2_000;
const MOST_WORDS = 12;

export function searchText({ process, rule, ancestors }: HistoryEntry): string {
  return fold([process.image, process.commandLine.slice(0, MOST_CHARACTERS), rule.name, ancestors[0]?.image ?? ''].join('\n')).slice(0, MOST_CHARACTERS);
}

export function searchWords(text: string): string[] {
  return fold(text).split(/\s+/).filter((word) => word !== '').slice(0, MOST_WORDS);
}

function fold(text: string): string {
  return text.toWellFormed().toLowerCase();
}
