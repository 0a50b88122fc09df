/** The part of a detection key after the field name: `CommandLine|contains|all`. What is not known refuses the rule. */
import type { Anchor, Comparison } from '../model.ts';

export interface Modifiers {
  readonly anchor: Anchor;
  readonly every: boolean;
  readonly cased: boolean;
  readonly windash: boolean;
  readonly negated: boolean;
  readonly exists: boolean;
  readonly fieldref: boolean;
  readonly regexFlags: string | null;
  readonly compare: Comparison | null;
}

type Draft = { -readonly [K in keyof Modifiers]: Modifiers[K] };

const APPLY: Readonly<Record<string, (draft: Draft) => string | null>> = {
  contains: (draft) => anchor(draft, 'inside'),
  startswith: (draft) => anchor(draft, 'start'),
  endswith: (draft) => anchor(draft, 'end'),
  all: (draft) => flag(draft, 'every'),
  cased: (draft) => flag(draft, 'cased'),
  windash: (draft) => flag(draft, 'windash'),
  neq: (draft) => flag(draft, 'negated'),
  exists: (draft) => flag(draft, 'exists'),
  fieldref: (draft) => flag(draft, 'fieldref'),
  re: (draft) => {
    draft.regexFlags ??= '';
    return null;
  },
  i: (draft) => regexFlag(draft, 'i'),
  m: (draft) => regexFlag(draft, 'm'),
  s: (draft) => regexFlag(draft, 's'),
  lt: (draft) => compare(draft, 'lt'),
  lte: (draft) => compare(draft, 'lte'),
  gt: (draft) => compare(draft, 'gt'),
  gte: (draft) => compare(draft, 'gte'),
};

/** Reads the modifiers, or says in words what is wrong with them. */
export function parseModifiers(names: readonly string[]): Modifiers | string {
  const draft: Draft = {
    anchor: 'whole',
    every: false,
    cased: false,
    windash: false,
    negated: false,
    exists: false,
    fieldref: false,
    regexFlags: null,
    compare: null,
  };
  for (const name of names) {
    const apply = Object.hasOwn(APPLY, name) ? APPLY[name] : undefined;
    if (!apply) return `the modifier "${name}" is not known here`;
    const problem = apply(draft);
    if (problem !== null) return problem;
  }
  return contradiction(draft) ?? draft;
}

function contradiction(draft: Draft): string | null {
  const kinds = [draft.regexFlags !== null, draft.compare !== null, draft.exists, draft.fieldref].filter(Boolean).length;
  if (kinds > 1) return 'these modifiers exclude each other: use one of re, exists, fieldref and the comparisons';
  const anchored = draft.anchor !== 'whole';
  if (anchored && (draft.regexFlags !== null || draft.compare !== null || draft.exists))
    return 'contains, startswith and endswith do not go with re, exists or a comparison';
  if (draft.windash && kinds > 0) return 'windash goes with text values only';
  if (draft.cased && (draft.regexFlags !== null || draft.compare !== null || draft.exists))
    return 'cased goes with text values only (a regular expression minds case unless "i" is given)';
  if (draft.every && (draft.exists || draft.compare !== null)) return 'all does not go with exists or a comparison';
  return null;
}

function anchor(draft: Draft, value: Anchor): string | null {
  if (draft.anchor !== 'whole') return 'only one of contains, startswith and endswith can be given';
  draft.anchor = value;
  return null;
}

function compare(draft: Draft, op: Comparison): string | null {
  if (draft.compare !== null) return 'only one comparison can be given';
  draft.compare = op;
  return null;
}

function flag(draft: Draft, name: 'every' | 'cased' | 'windash' | 'negated' | 'exists' | 'fieldref'): null {
  draft[name] = true;
  return null;
}

function regexFlag(draft: Draft, letter: string): string | null {
  if (draft.regexFlags === null) return `the modifier "${letter}" stands only behind "re"`;
  if (!draft.regexFlags.includes(letter)) draft.regexFlags += letter;
  return null;
}
