/** Literals of one field as plain numbers: what is kept of them in a file. */
import type { Literal } from './literal.ts';

export interface LiteralList {
  /** The texts, in lower case, one behind the other; `ends` says where each ends. */
  readonly units: Uint16Array;
  readonly ends: Uint32Array;
  /** By literal: whether an edge of the text belongs to it (`AT_BEGIN`, `AT_END`). */
  readonly edges: Uint8Array;
  /** By literal: its number among all literals of the rules. */
  readonly ids: Uint32Array;
}

export const AT_BEGIN = 1;
export const AT_END = 2;

export interface NumberedLiteral {
  readonly literal: Literal;
  readonly id: number;
}

export function listLiterals(literals: readonly NumberedLiteral[]): LiteralList {
  const ends = new Uint32Array(literals.length);
  literals.reduce((end, { literal }, index) => (ends[index] = end + literal.text.length), 0);
  const units = new Uint16Array(ends.at(-1) ?? 0);
  for (const [index, { literal }] of literals.entries()) {
    const begin = ends[index - 1] ?? 0;
    for (let at = 0; at < literal.text.length; at += 1) units[begin + at] = literal.text.charCodeAt(at);
  }
  return {
    units,
    ends,
    edges: Uint8Array.from(literals, ({ literal }) => (literal.atBegin ? AT_BEGIN : 0) | (literal.atEnd ? AT_END : 0)),
    ids: Uint32Array.from(literals, ({ id }) => id),
  };
}

/** All literals of two lists; those of the second get numbers that are `more` higher. */
export function joinLiterals(one: LiteralList, other: LiteralList, more = 0): LiteralList {
  if (other.ids.length === 0) return one;
  const { length } = one.units;
  return {
    units: joinNumbers(Uint16Array, one.units, other.units),
    ends: joinNumbers(Uint32Array, one.ends, other.ends.map((end) => end + length)),
    edges: joinNumbers(Uint8Array, one.edges, other.edges),
    ids: joinNumbers(Uint32Array, one.ids, other.ids.map((id) => id + more)),
  };
}

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array;

export function joinNumbers<T extends Numbers>(kind: new (length: number) => T, one: T, other: T): T {
  const joined = new kind(one.length + other.length);
  joined.set(one);
  joined.set(other, one.length);
  return joined;
}
