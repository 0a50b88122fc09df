/** The note on the licence of a pack: what the first line of its licence file says. */

export const LICENCE_FILE = /^(?:licen[cs]e|copying)(?:\.(?:md|txt|rules?))?$/i;
const LONGEST_NOTE = 200;

export function licenceLine(text: string): string | null {
  const line = text.split('\n').map((each) => each.replace(/^[#*\s]+/, '').trim()).find((each) => each !== '');
  return line === undefined ? null : line.slice(0, LONGEST_NOTE);
}
