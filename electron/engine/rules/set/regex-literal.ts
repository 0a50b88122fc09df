/** Which literals a regular expression can not match without. Only those that are sure: a missing one settles the matter. */
import type { CharSet } from '../regex/char-set.ts';
import { parseRegex, type RegexNode } from '../regex/parse.ts';
import { fold, HARD } from './fold.ts';
import type { Literal } from './literal.ts';

/** All of these, or one of these. */
export type Needed = { readonly op: 'and' | 'or'; readonly of: readonly Needed[] } | { readonly op: 'literal'; readonly literal: Literal };

/** Letters and common signs stand nearly everywhere; looking for one of them costs more than it spares. */
const TELLING_ALONE = /^[`^~{}<>|#$!?*+&;\u0080-\uffff]$/;
/** Sets with more units than this (`\w`, `.`) are no spellings of one place. */
const MOST_UNITS = 8;
const MOST_SPELLINGS = 12;
const LONGEST_REPEAT = 16;

/** Null: nothing is needed for sure. The expression has been checked by the parser of rules. */
export function neededBy(source: string, flags: string): Needed | null {
  return needed(parseRegex(source, flags));
}

function needed(node: RegexNode): Needed | null {
  switch (node.type) {
    case 'set':
      return lettersOf(node.set) === null ? null : sequence([node]);
    case 'assert':
      return null;
    case 'sequence':
      return sequence(node.of);
    case 'choice':
      return choice(node.of);
    case 'repeat':
      return node.min > 0 ? needed(node.of) : null;
  }
}

/** Letters that follow each other make one literal; assertions between them take no place. */
function sequence(nodes: readonly RegexNode[]): Needed | null {
  const found: Needed[] = [];
  let run: readonly string[] = [''];
  const endRun = (): void => {
    if (run.every((text) => text.length > 1 || TELLING_ALONE.test(text))) found.push(oneOf(run));
    run = [''];
  };
  for (const node of nodes.flatMap(writtenOut)) {
    if (node.type === 'assert') continue;
    const letters = node.type === 'set' ? lettersOf(node.set) : null;
    if (letters !== null && run.length * letters.length > MOST_SPELLINGS) endRun();
    if (letters !== null) {
      run = run.flatMap((text) => letters.map((letter) => text + letter));
      continue;
    }
    endRun();
    const inner = needed(node);
    if (inner) found.push(inner);
  }
  endRun();
  return found.length === 0 ? null : { op: 'and', of: found };
}

function oneOf(texts: readonly string[]): Needed {
  return { op: 'or', of: texts.map((text) => ({ op: 'literal', literal: { text, atBegin: false, atEnd: false } })) };
}

/** `x{3}` as `xxx`, so that it can be part of a longer literal. */
function writtenOut(node: RegexNode): readonly RegexNode[] {
  const isFixed = node.type === 'repeat' && node.min === node.max && node.min <= LONGEST_REPEAT;
  return isFixed ? Array.from({ length: node.min }, () => node.of).flatMap((of) => (of.type === 'sequence' ? of.of : [of])) : [node];
}

function choice(nodes: readonly RegexNode[]): Needed | null {
  const branches = nodes.map(needed);
  const sure = branches.filter((branch) => branch !== null);
  return sure.length === branches.length ? { op: 'or', of: sure } : null;
}

/** The lower cases of the units of a set; null when there are many, or one whose lower case depends on more than itself. */
function lettersOf(set: CharSet): readonly string[] | null {
  const units = new Set<number>();
  let count = 0;
  for (const [from, to] of set) {
    count += to - from + 1;
    if (count > MOST_UNITS) return null;
    for (let unit = from; unit <= to; unit += 1) units.add(fold(unit));
  }
  return units.has(HARD) || units.size === 0 ? null : Array.from(units, (unit) => String.fromCharCode(unit));
}
