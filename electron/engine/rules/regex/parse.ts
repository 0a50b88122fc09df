/**
 * Regular expressions as trees. Only what can be matched in one pass over the text is accepted: no look-around, no
 * back-references. What a match captures is never asked, so groups only group and lazy quantifiers equal greedy ones.
 */
import { ANY, DIGIT, foldCase, invert, LAST_UNIT, LINE_END, single, SPACE, union, WORD, type CharSet } from './char-set.ts';

export type RegexNode =
  | { readonly type: 'set'; readonly set: CharSet }
  | { readonly type: 'sequence'; readonly of: readonly RegexNode[] }
  | { readonly type: 'choice'; readonly of: readonly RegexNode[] }
  | { readonly type: 'repeat'; readonly of: RegexNode; readonly min: number; readonly max: number }
  | { readonly type: 'assert'; readonly what: Assertion };

export type Assertion = 'start' | 'end' | 'line-start' | 'line-end' | 'boundary' | 'inside';

export class RegexError extends Error {}

const END: RegexNode = { type: 'assert', what: 'end' };
/** The end, or the line end before it: as in PCRE, but that what stands behind such a `$` finds no line end there any more. */
const LAST_END: RegexNode = { type: 'choice', of: [END, { type: 'sequence', of: [{ type: 'set', set: LINE_END }, END] }] };
const POSIX_CLASS = /^([:.=])[^\]]*\1\]/;
const MAX_REPEAT = 1000;
const MAX_DEPTH = 50;
const CONTROL: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };
const CLASSES: Readonly<Record<string, CharSet>> = { d: DIGIT, w: WORD, s: SPACE, D: invert(DIGIT), W: invert(WORD), S: invert(SPACE) };

/** Flags: `i`, `m`, `s`. Throws `RegexError` with a reason in words. */
export function parseRegex(source: string, flags: string): RegexNode {
  const inline = /^\(\?([ims]+)\)/.exec(source);
  const parser = new RegexParser(source, inline?.[0].length ?? 0, flags + (inline?.[1] ?? ''));
  return parser.whole();
}

class RegexParser {
  private readonly source: string;
  private at: number;
  private readonly ignoreCase: boolean;
  private readonly lines: boolean;
  private readonly dotAll: boolean;

  constructor(source: string, at: number, flags: string) {
    this.source = source;
    this.at = at;
    this.ignoreCase = flags.includes('i');
    this.lines = flags.includes('m');
    this.dotAll = flags.includes('s');
  }

  whole(): RegexNode {
    const node = this.choice(0);
    if (this.at < this.source.length) throw this.error('a closing bracket without an opening one');
    return node;
  }

  private choice(depth: number): RegexNode {
    if (depth > MAX_DEPTH) throw this.error(`more than ${MAX_DEPTH} groups inside each other`);
    const of = [this.sequence(depth)];
    while (this.take('|')) of.push(this.sequence(depth));
    return one('choice', of);
  }

  private sequence(depth: number): RegexNode {
    const of: RegexNode[] = [];
    while (this.at < this.source.length && this.peek() !== '|' && this.peek() !== ')') of.push(this.quantified(depth));
    return one('sequence', of);
  }

  private quantified(depth: number): RegexNode {
    const node = this.atom(depth);
    const limits = this.quantifier();
    if (!limits) return node;
    if (this.quantifier()) throw this.error('two quantifiers stand next to each other');
    return { type: 'repeat', of: node, min: limits[0], max: limits[1] };
  }

  private quantifier(): readonly [number, number] | null {
    const limits = this.limits();
    if (!limits) return null;
    if (this.take('+')) throw this.error('possessive quantifiers are not supported');
    this.take('?');
    return limits;
  }

  private limits(): readonly [number, number] | null {
    if (this.take('*')) return [0, Infinity];
    if (this.take('+')) return [1, Infinity];
    if (this.take('?')) return [0, 1];
    const found = /^\{(\d+)(,(\d*))?\}/.exec(this.source.slice(this.at, this.at + 24));
    if (!found) return null;
    this.at += found[0].length;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === '' ? Infinity : Number(found[3]);
    if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) throw this.error(`more than ${MAX_REPEAT} repetitions`);
    if (max < min) throw this.error('the numbers of a quantifier are out of order');
    return [min, max];
  }

  private atom(depth: number): RegexNode {
    const character = this.next();
    switch (character) {
      case '(':
        return this.group(depth);
      case '[':
        return this.set(this.bracket());
      case '.':
        return { type: 'set', set: this.dotAll ? ANY : invert(LINE_END) };
      case '^':
        return { type: 'assert', what: this.lines ? 'line-start' : 'start' };
      case '$':
        return this.lines ? { type: 'assert', what: 'line-end' } : LAST_END;
      case '\\':
        return this.escape();
      case '*':
      case '+':
      case '?':
        throw this.error(`nothing stands before "${character}"`);
      default:
        return this.set(single(character.charCodeAt(0)));
    }
  }

  private group(depth: number): RegexNode {
    if (this.take('?')) {
      const kind = /^(?::|<[A-Za-z_]\w*>|P<[A-Za-z_]\w*>)/.exec(this.source.slice(this.at, this.at + 64));
      if (!kind) throw this.error('look-around, atomic groups and inline flags inside an expression are not supported');
      this.at += kind[0].length;
    }
    const inner = this.choice(depth + 1);
    if (!this.take(')')) throw this.error('a group is never closed');
    return inner;
  }

  private escape(): RegexNode {
    const character = this.next('the expression ends with a backslash');
    if (character === 'b') return { type: 'assert', what: 'boundary' };
    if (character === 'B') return { type: 'assert', what: 'inside' };
    if (character === 'A') return { type: 'assert', what: 'start' };
    if (character === 'Z') return LAST_END;
    if (character === 'z') return END;
    if (/[1-9k]/.test(character)) throw this.error('back-references are not supported');
    return this.set(this.escaped(character));
  }

  private escaped(character: string): CharSet {
    const known = CLASSES[character];
    if (known) return known;
    if (character === '0' && /[0-7]/.test(this.peek() ?? '')) throw this.error('octal numbers are not supported; write \\x and two digits');
    if (Object.hasOwn(CONTROL, character)) return single(CONTROL[character] ?? 0);
    if (character === 'x') return single(this.hex(2));
    if (character === 'u') return single(this.hex(4));
    if (/[A-Za-z]/.test(character)) throw this.error(`"\\${character}" is not supported`);
    return single(character.charCodeAt(0));
  }

  private hex(digits: number): number {
    const text = this.source.slice(this.at, this.at + digits);
    if (!new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(text)) throw this.error(`${digits} hexadecimal digits are expected`);
    this.at += digits;
    return Number.parseInt(text, 16);
  }

  private bracket(): CharSet {
    const negated = this.take('^');
    const sets: CharSet[] = [];
    for (let first = true; first || this.peek() !== ']'; first = false) {
      const low = this.member();
      const isRange = this.peek() === '-' && this.source[this.at + 1] !== ']' && this.at + 1 < this.source.length;
      if (!isRange) {
        sets.push(low);
        continue;
      }
      this.at += 1;
      sets.push(this.range(low, this.member()));
    }
    this.at += 1;
    const set = union(sets);
    const folded = this.ignoreCase ? foldCase(set) : set;
    return negated ? invert(folded) : folded;
  }

  private member(): CharSet {
    const character = this.next('a character class is never closed');
    if (character === '[' && POSIX_CLASS.test(this.source.slice(this.at, this.at + 24))) throw this.error('classes such as [:digit:] are not supported; write \\d, a-z and so on');
    if (character !== '\\') return single(character.charCodeAt(0));
    const escaped = this.next('the expression ends with a backslash');
    return escaped === 'b' ? single(8) : this.escaped(escaped);
  }

  private range(low: CharSet, high: CharSet): CharSet {
    const from = low[0]?.[0] ?? 0;
    const to = high[0]?.[0] ?? LAST_UNIT;
    const singles = low.length === 1 && high.length === 1 && low[0]?.[1] === from && high[0]?.[1] === to;
    if (!singles || to < from) throw this.error('a range in a character class is out of order');
    return [[from, to]];
  }

  private set(set: CharSet): RegexNode {
    return { type: 'set', set: this.ignoreCase ? foldCase(set) : set };
  }

  private peek(): string | undefined {
    return this.source[this.at];
  }

  private next(atEnd = 'the expression ends too early'): string {
    const character = this.source[this.at];
    if (character === undefined) throw this.error(atEnd);
    this.at += 1;
    return character;
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at += 1;
    return true;
  }

  private error(reason: string): RegexError {
    return new RegexError(`${reason} (character ${this.at} of the regular expression)`);
  }
}

function one(type: 'sequence' | 'choice', of: readonly RegexNode[]): RegexNode {
  const [only] = of;
  return of.length === 1 && only ? only : { type, of };
}
