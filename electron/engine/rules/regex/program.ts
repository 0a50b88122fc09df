/** A regular expression as a machine of small steps: each state reads one unit, branches, asserts, or has matched. */
import type { CharSet } from './char-set.ts';
import { RegexError, type Assertion, type RegexNode } from './parse.ts';

export type Step =
  | { readonly op: 'read'; readonly set: CharSet; next: number; readonly run?: RunPlace }
  | { readonly op: 'branch'; to: number[]; readonly run?: RunPlace }
  | { readonly op: 'assert'; readonly what: Assertion; next: number }
  | { readonly op: 'matched' };

/**
 * A place in a run of one set (`.{150,}`). What can be reached from a place can be reached from every later one of the run,
 * so of all the places that a search is at, only the last counts. Without this such a run has as many states as its square.
 */
export interface RunPlace {
  readonly id: number;
  readonly place: number;
}

/** Counted repetitions are written out, so an expression can grow; beyond this it is refused. */
const MAX_STEPS = 4000;

/** State 0 is the start. */
export function buildProgram(node: RegexNode): readonly Step[] {
  const builder = new Builder();
  const start = builder.branch();
  const end = builder.add({ op: 'matched' });
  start.to.push(builder.emit(node, end));
  return builder.steps;
}

class Builder {
  readonly steps: Step[] = [];
  private runs = 0;

  add(step: Step): number {
    if (this.steps.length >= MAX_STEPS) throw new RegexError('the regular expression is too large (counted repetitions are written out)');
    this.steps.push(step);
    return this.steps.length - 1;
  }

  branch(): { readonly op: 'branch'; to: number[]; readonly index: number } {
    const step = { op: 'branch' as const, to: [] as number[] };
    return { ...step, index: this.add(step) };
  }

  /** Adds the states of `node` that lead to state `next` and returns the first of them. */
  emit(node: RegexNode, next: number): number {
    switch (node.type) {
      case 'set':
        return this.add({ op: 'read', set: node.set, next });
      case 'assert':
        return this.add({ op: 'assert', what: node.what, next });
      case 'sequence':
        return node.of.reduceRight((after, part) => this.emit(part, after), next);
      case 'choice': {
        const branch = this.branch();
        branch.to.push(...node.of.map((part) => this.emit(part, next)));
        return branch.index;
      }
      case 'repeat':
        return this.repeat(node, next);
    }
  }

  private repeat(node: RegexNode & { type: 'repeat' }, next: number): number {
    // Only where it does not matter how often the set was read beyond the least: it goes on for ever, or nothing follows.
    const openEnd = node.max === Infinity || this.steps[next]?.op === 'matched';
    if (node.of.type === 'set' && node.min > 1 && openEnd) return this.run(node.of.set, node.min, node.max === Infinity ? next : this.branchTo(next));
    let after = next;
    if (node.max === Infinity) {
      const loop = this.branch();
      loop.to.push(this.emit(node.of, loop.index), next);
      after = loop.index;
    } else {
      for (let extra = node.min; extra < node.max; extra += 1) {
        const skip = this.branch();
        skip.to.push(this.emit(node.of, after), next);
        after = skip.index;
      }
    }
    for (let count = 0; count < node.min; count += 1) after = this.emit(node.of, after);
    return after;
  }

  /** At least `min` of a set, then as many as there are. Reading more than needed before `next` does no harm: see `repeat`. */
  private run(set: CharSet, min: number, next: number): number {
    const id = (this.runs += 1);
    const loop: Step & { op: 'branch' } = { op: 'branch', to: [], run: { id, place: min } };
    let after = this.add(loop);
    loop.to.push(this.add({ op: 'read', set, next: after, run: { id, place: min } }), next);
    for (let place = min - 1; place >= 0; place -= 1) after = this.add({ op: 'read', set, next: after, run: { id, place } });
    return after;
  }

  private branchTo(next: number): number {
    return this.add({ op: 'branch', to: [next] });
  }
}
