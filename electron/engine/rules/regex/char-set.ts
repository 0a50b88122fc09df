/** Sets of UTF-16 code units as sorted, non-overlapping ranges. */

export type Range = readonly [from: number, to: number];
export type CharSet = readonly Range[];

export const LAST_UNIT = 0xffff;

export const DIGIT: CharSet = [[0x30, 0x39]];
export const WORD: CharSet = [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
/** As in PCRE, whose flavour Sigma's expressions have. */
export const LINE_END: CharSet = [[0x0a, 0x0a]];
export const SPACE: CharSet = [[0x09, 0x0d], [0x20, 0x20], [0xa0, 0xa0], [0x1680, 0x1680], [0x2000, 0x200a], [0x2028, 0x2029], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000], [0xfeff, 0xfeff]];
export const ANY: CharSet = [[0, LAST_UNIT]];

export function single(unit: number): CharSet {
  return [[unit, unit]];
}

export function union(sets: readonly CharSet[]): CharSet {
  const ranges = sets.flat().sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

export function invert(set: CharSet): CharSet {
  const out: Range[] = [];
  let next = 0;
  for (const [from, to] of set) {
    if (from > next) out.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= LAST_UNIT) out.push([next, LAST_UNIT]);
  return out;
}

export function has(set: CharSet, unit: number): boolean {
  return set.some(([from, to]) => unit >= from && unit <= to);
}

/** Ranges wider than this are whole scripts; both cases lie in them already. */
const WIDE = 0x400;

/** The set with the other case of each of its letters. */
export function foldCase(set: CharSet): CharSet {
  const extra: Range[] = [];
  for (const [from, to] of set) {
    if (to - from > WIDE) continue;
    for (let unit = from; unit <= to; unit += 1) {
      const text = String.fromCharCode(unit);
      for (const other of [text.toLowerCase(), text.toUpperCase()]) {
        if (other.length === 1 && other !== text) extra.push([other.charCodeAt(0), other.charCodeAt(0)]);
      }
    }
  }
  return extra.length === 0 ? set : union([set, extra]);
}
