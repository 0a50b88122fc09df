/** What is held against one tree of processes: the evidence, the score it gives, and the verdict so far. */
import { ancestorsOf, type ProcessPoint } from '../core/process-point.ts';
import { DAMPING, OBSERVE_FROM, probability, repeatFactor, weightOf, type Evidence } from './evidence.ts';
import { VERDICT } from './words.ts';

export type Decision = 'observe' | 'contain';

/** How far the containment of a convicted tree may go; null while it is not convicted. */
export type Reach = 'suspend' | 'contain';

/** Rules that are told apart in one tree; further ones still weigh, as one. */
const MOST_RULES = 256;
/** Processes whose own sum is kept; evidence of further ones counts at the culprit only. */
const MOST_SUMS = 1_024;
const REASONS_SHOWN = 5;

interface Item {
  readonly evidence: Evidence;
  readonly image: string | null;
  weight: number;
  times: number;
}

export class TreeCase {
  readonly culprit: ProcessPoint | null;
  decision: Decision | null = null;
  reach: Reach | null = null;
  private readonly items = new Map<string, Item>();
  private readonly sums = new Map<string, number>();
  private readonly convictions: string[] = [];
  private highest = 0;
  private findings = 0;

  constructor(culprit: ProcessPoint | null) {
    this.culprit = culprit;
  }

  /** 0 to 1, like a probability. */
  get score(): number {
    return probability(this.highest);
  }

  /** True when the decision is graver than before, or its containment may go further. */
  add(process: ProcessPoint | null, evidence: Evidence): boolean {
    this.weigh(process, this.note(process, evidence));
    const { conviction } = evidence;
    const grown = conviction !== null && this.convict(conviction === 'pack-suspend' ? 'suspend' : 'contain', VERDICT.convicted(conviction, evidence, process?.image ?? null));
    return this.decide() || grown;
  }

  /** A person's order outweighs everything. */
  order(by: string): boolean {
    const grown = this.convict('contain', VERDICT.ordered(by));
    return this.decide() || grown;
  }

  /** What decided it first, then the heaviest evidence. */
  reasons(): string[] {
    const items = [...this.items.values()];
    const heaviest = items.filter(({ evidence }) => evidence.conviction === null).sort((a, b) => b.weight - a.weight).slice(0, REASONS_SHOWN);
    const told = [...heaviest, ...items.filter(({ evidence }) => evidence.conviction !== null)];
    const rest = this.findings - told.reduce((sum, { times }) => sum + times, 0);
    return [...this.convictions, ...heaviest.map(({ evidence, image, times }) => VERDICT.evidence(evidence, image, times)), ...(rest > 0 ? [VERDICT.more(rest)] : [])];
  }

  private note(process: ProcessPoint | null, evidence: Evidence): number {
    this.findings += 1;
    const key = this.items.size < MOST_RULES || this.items.has(evidence.ruleId) ? evidence.ruleId : '';
    const known = this.items.get(key);
    const weight = weightOf(evidence) * repeatFactor(known?.times ?? 0);
    if (known === undefined) this.items.set(key, { evidence, image: process?.image ?? null, weight, times: 1 });
    else {
      known.times += 1;
      known.weight += weight;
    }
    return weight;
  }

  /** To the process that earned it, and damped to each ancestor up to the culprit. */
  private weigh(process: ProcessPoint | null, weight: number): void {
    if (process === null) return this.raise('', weight);
    let damped = weight;
    this.raise(process.key, damped);
    if (process.key === this.culprit?.key) return;
    for (const ancestor of ancestorsOf(process)) {
      damped *= DAMPING;
      this.raise(ancestor.key, damped);
      if (ancestor.key === this.culprit?.key) return;
    }
  }

  private raise(key: string, weight: number): void {
    const before = this.sums.get(key);
    if (before === undefined && this.sums.size >= MOST_SUMS && key !== this.culprit?.key) return;
    const sum = (before ?? 0) + weight;
    this.sums.set(key, sum);
    this.highest = Math.max(this.highest, sum);
  }

  /** True when the reach has grown. */
  private convict(reach: Reach, reason: string): boolean {
    const before = this.reach;
    if (before !== 'contain') this.reach = reach;
    if (this.convictions.length < REASONS_SHOWN && !this.convictions.includes(reason)) this.convictions.push(reason);
    return this.reach !== before;
  }

  private decide(): boolean {
    const next = this.reach !== null ? 'contain' : this.score >= OBSERVE_FROM ? 'observe' : null;
    if (next === null || next === this.decision || this.decision === 'contain') return false;
    this.decision = next;
    return true;
  }
}
