/** Keeps one start from being recorded twice when it is judged on two ways (before it ran and after). Bounded. */
import type { Clock } from '../ports.ts';

const MOST = 4_096;
const KEEP_NS = 60_000_000_000n;
const KEY_CHARACTERS = 4_096;

export interface FoundStart {
  readonly pid: number;
  readonly startTicks: number | null;
  readonly image: string;
  readonly argv: readonly string[] | null;
}

export class RecentFindings {
  private readonly clock: Clock;
  private readonly found = new Map<string, bigint>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** False when this start was already found by this rule. */
  add(start: FoundStart, ruleId: string): boolean {
    const key = keyOf(start, ruleId);
    const now = this.clock.monotonicNs();
    const before = this.found.get(key);
    if (before !== undefined && now - before < KEEP_NS) return false;
    this.found.delete(key);
    this.found.set(key, now);
    const oldest = this.found.keys().next();
    if (this.found.size > MOST && oldest.done !== true) this.found.delete(oldest.value);
    return true;
  }
}

function keyOf(start: FoundStart, ruleId: string): string {
  return [start.pid, start.startTicks ?? '', ruleId, start.image, ...(start.argv ?? [])].join('\0').slice(0, KEY_CHARACTERS);
}
