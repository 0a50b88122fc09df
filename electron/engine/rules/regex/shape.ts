/** What can be told of a regular expression before any text is walked over. */
import { has, type CharSet } from './char-set.ts';
import type { RegexNode } from './parse.ts';

/** Units of the shortest text that can match. */
export function shortestMatch(node: RegexNode): number {
  switch (node.type) {
    case 'set':
      return 1;
    case 'assert':
      return 0;
    case 'sequence':
      return node.of.reduce((sum, part) => sum + shortestMatch(part), 0);
    case 'choice':
      return Math.min(...node.of.map(shortestMatch));
    case 'repeat':
      return node.min === 0 ? 0 : node.min * shortestMatch(node.of);
  }
}

/** So many units of one set in a row, anywhere. */
export interface Run {
  readonly set: CharSet;
  readonly least: number;
}

/** The run an expression consists of: `.{1000,}`. As a machine it would have a state for each unit of it. */
export function asRun(node: RegexNode): Run | null {
  return node.type === 'repeat' && node.of.type === 'set' ? { set: node.of.set, least: node.min } : null;
}

/** Shorter runs are no rarer than what the machine finds by itself. */
const TELLING = 8;

/** The longest run without which the expression can not match, or null. */
export function neededRun(node: RegexNode): Run | null {
  const own = asRun(node);
  if (own !== null) return own.least >= TELLING ? own : null;
  if (node.type === 'repeat') return node.min > 0 ? neededRun(node.of) : null;
  if (node.type !== 'sequence') return null;
  return node.of.map(neededRun).reduce((best, run) => (run !== null && run.least > (best?.least ?? 0) ? run : best), null);
}

const LOW = 0x100;

export class RunFinder {
  private readonly run: Run;
  private readonly low: Uint8Array;

  constructor(run: Run) {
    this.run = run;
    this.low = Uint8Array.from({ length: LOW }, (_, unit) => (has(run.set, unit) ? 1 : 0));
  }

  /** A run covers at least one of the places that lie its length apart, so mostly only these are looked at. */
  isIn(text: string): boolean {
    const { least } = this.run;
    if (least === 0) return true;
    for (let at = least - 1; at < text.length; at += least) {
      if (!this.holds(text, at)) continue;
      let begin = at;
      while (begin > 0 && at - begin < least - 1 && this.holds(text, begin - 1)) begin -= 1;
      let end = at + 1;
      while (end < text.length && end - begin < least && this.holds(text, end)) end += 1;
      if (end - begin >= least) return true;
      at = end;
    }
    return false;
  }

  private holds(text: string, at: number): boolean {
    const unit = text.charCodeAt(at);
    return unit < LOW ? this.low[unit] === 1 : has(this.run.set, unit);
  }
}
