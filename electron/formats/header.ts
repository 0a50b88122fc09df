/** What Windows keeps of an event beside its data, where the file says it: rules ask for Level and Keywords. */
import type { EventHeader } from './record.ts';

export const NO_HEADER: EventHeader = { level: null, keywords: null, writerPid: null };

/** Windows' numbers, and the words that its Event Viewer and collectors use for them. 0 is written without a level and shown as Information. */
const LEVEL_WORDS: ReadonlyMap<string, string> = new Map([
  ['critical', '1'],
  ['error', '2'],
  ['warning', '3'],
  ['information', '4'],
  ['info', '4'],
  ['audit_success', '0'],
  ['audit_failure', '0'],
  ['logalways', '0'],
  ['verbose', '5'],
]);
/** The two that Windows gives a name; both carry the bit of the classic log. */
const KEYWORD_WORDS: ReadonlyMap<string, string> = new Map([
  ['audit success', '0x8020000000000000'],
  ['audit failure', '0x8010000000000000'],
]);

/** Each as the text a recorder wrote; what is not known of one is null in the header. */
export function headerOf(level: string, keywords: string, writerPid: string): EventHeader {
  const header = { level: levelOf(level), keywords: keywordsOf(keywords), writerPid: /^\d{1,10}$/.test(writerPid) ? Number(writerPid) : null };
  return header.level === null && header.keywords === null && header.writerPid === null ? NO_HEADER : header;
}

function levelOf(text: string): string | null {
  return /^\d{1,3}$/.test(text) ? text : (LEVEL_WORDS.get(text.toLowerCase()) ?? null);
}

/** 64 bits, which some write as a decimal number with a sign. */
function keywordsOf(text: string): string | null {
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return text.toLowerCase();
  if (/^-?\d{1,20}$/.test(text)) return `0x${BigInt.asUintN(64, BigInt(text)).toString(16)}`;
  return KEYWORD_WORDS.get(text.toLowerCase()) ?? null;
}
