/**
 * The last starts that rules were asked about, so that new rules can be tried on them before they judge. Kept are the fields
 * that are known without another look at the process. Bounded by number and by size.
 */
import type { PipelineEvent } from '../pipeline/event-pipeline.ts';
import { ownText } from '../rules/own-text.ts';
import type { FieldValue } from '../rules/subject.ts';

export const MOST_RECENT = 2_000;
/** Long arguments are kept to their beginning: what is tried is whether a rule is quiet, not what exactly it says. */
const LONGEST_VALUE = 4_096;

export class RecentStarts {
  private readonly ring: PipelineEvent[] = [];
  private next = 0;

  add({ number, time, timeMs, kinds: [kind] }: PipelineEvent, fields: Readonly<Record<string, string | null>>): void {
    if (kind === undefined) return;
    const kept: Record<string, FieldValue> = {};
    for (const [name, value] of Object.entries(fields)) if (value !== null) kept[name] = value.length <= LONGEST_VALUE ? value : ownText(value.slice(0, LONGEST_VALUE));
    this.ring[this.next] = { number, time, timeMs, kinds: [{ logsource: kind.logsource, fields: kept }], process: null };
    this.next = (this.next + 1) % MOST_RECENT;
  }

  /** The oldest first. */
  list(): readonly PipelineEvent[] {
    return [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
  }
}
