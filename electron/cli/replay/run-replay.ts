/** Reads the inputs one after the other and sends each record on its way. In constant memory: nothing is kept but the session's own state. */
import type { SessionLine } from '../../engine/pipeline/replay-session.ts';
import type { EventSource } from '../../formats/read-events.ts';
import type { EventRecord, ReadItem, ReadProblem } from '../../formats/record.ts';
import type { Input } from './inputs.ts';

export interface ReplayTarget {
  begin(input: string): readonly SessionLine[];
  take(record: EventRecord): readonly SessionLine[];
  /** After the last record of the last input. */
  finish(): readonly SessionLine[];
}

export interface ReplaySink {
  lines(lines: readonly SessionLine[]): void;
  problem(input: string, offset: number, reason: string): void;
  /** Resolves when what was printed has gone out, so that a slow reader makes us slow and not large. */
  drained(): Promise<void>;
}

export interface ReplayParts {
  /** Tells what is wrong with an input as a problem, and throws for bugs only. */
  readonly read: (source: EventSource) => AsyncIterable<ReadItem>;
  readonly target: ReplayTarget;
  readonly sink: ReplaySink;
  /** True when the person, or whoever reads the output, wants no more. */
  readonly stopped: () => boolean;
}

export interface ReplayTotals {
  events: number;
  findings: number;
  contained: number;
  errors: number;
  /** Inputs of which nothing could be read. */
  unreadable: number;
}

export async function runReplay(inputs: readonly Input[], parts: ReplayParts): Promise<ReplayTotals> {
  const run = new Run(parts);
  for (const input of inputs) {
    if (parts.stopped()) return run.totals;
    if ('problem' in input) run.tell(input.name, { offset: 0, reason: input.problem, whole: true });
    else await run.read(input.name, input.source);
  }
  if (!parts.stopped()) await run.show(parts.target.finish());
  return run.totals;
}

class Run {
  readonly totals: ReplayTotals = { events: 0, findings: 0, contained: 0, errors: 0, unreadable: 0 };
  private readonly parts: ReplayParts;

  constructor(parts: ReplayParts) {
    this.parts = parts;
  }

  async read(name: string, source: EventSource): Promise<void> {
    const { read, target, stopped } = this.parts;
    await this.show(target.begin(name));
    for await (const item of read(source)) {
      if ('problem' in item) this.tell(name, item.problem);
      else {
        this.totals.events += 1;
        await this.show(target.take(item.record));
      }
      if (stopped()) return;
    }
  }

  async show(lines: readonly SessionLine[]): Promise<void> {
    if (lines.length === 0) return;
    for (const line of lines) {
      if (line.type === 'finding') this.totals.findings += 1;
      else if (line.decision === 'contain') this.totals.contained += 1;
    }
    this.parts.sink.lines(lines);
    await this.parts.sink.drained();
  }

  tell(input: string, { offset, reason, whole }: ReadProblem): void {
    this.totals.errors += 1;
    if (whole) this.totals.unreadable += 1;
    this.parts.sink.problem(input, offset, reason);
  }
}
