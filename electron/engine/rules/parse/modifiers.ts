/** The part of a detection key after the field name: `CommandLine|contains|all`. What is not known refuses the rule. */
import { TIME_PARTS, type Anchor, type Comparison, type TimePart } from '../model.ts';
import type { Encoding } from './encoding.ts';

export interface Modifiers {
  readonly anchor: Anchor;
  readonly every: boolean;
  readonly cased: boolean;
  readonly windash: boolean;
  readonly negated: boolean;
  readonly exists: boolean;
  readonly fieldref: boolean;
  readonly cidr: boolean;
  readonly expand: boolean;
  readonly regexFlags: string | null;
  readonly compare: Comparison | null;
  readonly timePart: TimePart | null;
  /** In the order in which they are applied. */
  readonly encodings: readonly Encoding[];
}

type Draft = { -readonly [K in keyof Modifiers]: Modifiers[K] };

const APPLY: Readonly<Record<string, (draft: Draft) => string | null>> = {
  contains: (draft) => anchor(draft, 'inside'),
  startswith: (draft) => anchor(draft, 'start'),
  endswith: (draft) => anchor(draft, 'end'),
  all: (draft) => flag(draft, 'every'),
  cased: (draft) => flag(draft, 'cased'),
  windash: (draft) => (draft.encodings.length > 0 ? 'windash stands before the encoding; behind it there are no options left' : flag(draft, 'windash')),
  neq: (draft) => flag(draft, 'negated'),
  exists: (draft) => flag(draft, 'exists'),
  fieldref: (draft) => flag(draft, 'fieldref'),
  cidr: (draft) => flag(draft, 'cidr'),
  expand: (draft) => flag(draft, 'expand'),
  base64: (draft) => encoding(draft, 'base64'),
  base64offset: (draft) => encoding(draft, 'base64offset'),
  utf16: (draft) => encoding(draft, 'utf16'),
  utf16le: (draft) => encoding(draft, 'utf16le'),
  utf16be: (draft) => encoding(draft, 'utf16be'),
  wide: (draft) => encoding(draft, 'utf16le'),
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
  ...Object.fromEntries(TIME_PARTS.map((part) => [part, (draft: Draft) => timePart(draft, part)])),
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
    cidr: false,
    expand: false,
    regexFlags: null,
    compare: null,
    timePart: null,
    encodings: [],
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
  const dated = draft.timePart !== null;
  // A part of a date is a number, so these two go together.
  const numeric = draft.compare !== null || dated;
  const kinds = [draft.regexFlags !== null, numeric, draft.exists, draft.fieldref, draft.cidr].filter(Boolean).length;
  if (kinds > 1) return 'these modifiers exclude each other: use one of re, cidr, exists, fieldref and the comparisons';
  const noText = draft.regexFlags !== null || numeric || draft.exists || draft.cidr;
  if (draft.anchor !== 'whole' && noText) return 'contains, startswith and endswith do not go with re, cidr, exists or a comparison';
  if (draft.windash && kinds > 0) return 'windash goes with text values only';
  if (draft.encodings.length > 0 && kinds > 0) return 'base64 and utf16 go with text values only';
  if (draft.cased && noText) return 'cased goes with text values only (a regular expression minds case unless "i" is given)';
  if (draft.every && (draft.exists || numeric)) return 'all does not go with exists or a comparison';
  if (draft.expand && draft.exists) return 'exists is answered with true or false, so there is nothing to expand';
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

function timePart(draft: Draft, part: TimePart): string | null {
  if (draft.timePart !== null) return 'only one part of a date can be given';
  draft.timePart = part;
  return null;
}

function encoding(draft: Draft, name: Encoding): string | null {
  if (draft.anchor !== 'whole') return `"${name}" encodes the plain value, so contains, startswith and endswith stand behind it`;
  if (draft.encodings.includes('base64offset')) return 'base64offset is the last encoding, since it makes three values of one';
  if (draft.encodings.includes(name)) return `"${name}" is given twice`;
  if (name.startsWith('utf16') && draft.encodings.some((one) => one.startsWith('utf16'))) return 'only one of wide, utf16, utf16le and utf16be can be given';
  draft.encodings = [...draft.encodings, name];
  return null;
}

function flag(draft: Draft, name: 'every' | 'cased' | 'windash' | 'negated' | 'exists' | 'fieldref' | 'cidr' | 'expand'): null {
  draft[name] = true;
  return null;
}

function regexFlag(draft: Draft, letter: string): string | null {
  if (draft.regexFlags === null) return `the modifier "${letter}" stands only behind "re"`;
  if (!draft.regexFlags.includes(letter)) draft.regexFlags += letter;
  return null;
}
