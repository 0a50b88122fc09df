/**
 * Lower-casing unit by unit, so that a text need not be copied to be compared without minding case. For a few units that is
 * not the whole truth (a capital sigma looks at its neighbours, a dotted capital I becomes two units, letters beyond the
 * basic plane are pairs): they are marked, and a text with one of them is lower-cased as a whole first.
 */

/** The mark of a unit whose lower case does not depend on it alone. */
export const HARD = -1;

const CAPITAL_SIGMA = 0x3a3;

let table: Int32Array | null = null;

/** By UTF-16 unit: its lower case, or `HARD`. Made once, when the first rules are. */
export function foldTable(): Int32Array {
  table ??= makeTable();
  return table;
}

/** The lower case of a unit, or `HARD`. */
export function fold(unit: number): number {
  return foldTable()[unit] ?? HARD;
}

function makeTable(): Int32Array {
  const folded = new Int32Array(0x10000);
  for (let unit = 0; unit < folded.length; unit += 1) {
    const lower = String.fromCharCode(unit).toLowerCase();
    const isHard = lower.length !== 1 || unit === CAPITAL_SIGMA || (unit >= 0xd800 && unit < 0xdc00);
    folded[unit] = isHard ? HARD : lower.charCodeAt(0);
  }
  return folded;
}
