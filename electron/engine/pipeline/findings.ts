/** Turns what happened to a start into findings for the recorder: who, whose child, by which rule, and what was done. */
import type { Action } from '../../../shared/history/entry.ts';
import type { RecordedHit, StartRecord } from '../../../shared/link/messages.ts';
import type { ProcessLife } from '../core/process-node.ts';
import type { Generation, ProcessTree } from '../core/process-tree.ts';
import type { Clock, Finding, FoundBelow, FoundProcess, Recorder, StopJournal } from '../ports.ts';
import type { SeenStart } from './seen-start.ts';

export interface FindingPorts {
  readonly recorder: Recorder;
  readonly tree: ProcessTree;
  readonly clock: Clock;
  /** Unlike that of every other run of the engine: what it names is never named again. */
  readonly runId: string;
  readonly journal: StopJournal;
}

export class Findings {
  private readonly ports: FindingPorts;
  private counter = 0;
  private failed = 0;

  constructor(ports: FindingPorts) {
    this.ports = ports;
  }

  /** Findings the store could not take at once; the recorder keeps them. */
  get notStoredAtOnce(): number {
    return this.failed;
  }

  ofStart(action: Action, start: SeenStart, hit: RecordedHit, notes: readonly string[]): void {
    this.store(this.describe(action, start, hit, notes));
  }

  /** Before the first signal of a stop, so that word of it outlives this engine. */
  beginStop(start: SeenStart, hit: RecordedHit, notes: readonly string[]): Finding {
    const begun = this.describe('stopped', start, hit, notes);
    this.ports.journal.begin(begun);
    return begun;
  }

  endStop(begun: Finding, action: Action, notes: readonly string[], below: readonly FoundBelow[] = []): void {
    this.store({ ...begun, timeMs: this.ports.clock.nowMs(), action, notes, below });
    this.ports.journal.end(begun.id);
  }

  private describe(action: Action, start: SeenStart, hit: RecordedHit, notes: readonly string[]): Finding {
    this.counter += 1;
    const process: FoundProcess = { pid: start.pid, startTicks: start.startTicks, image: start.image ?? '', argv: start.argv, uid: start.uid };
    const ancestors = this.ports.tree.ancestors(start.life, start.program).filter(hasImage).map(toFound);
    return { id: `${this.ports.runId}-${this.counter}`, timeMs: this.ports.clock.nowMs(), action, hit, process, ancestors, notes };
  }

  /** False when this very finding is stored already (a log that was read twice). */
  ofRecord(action: Action, sentinelId: string, record: StartRecord, hit: RecordedHit, notes: readonly string[]): boolean {
    const id = findingId(sentinelId, record, action === 'audited' ? hit.ruleId : null);
    if (this.ports.recorder.has(id)) return false;
    const process: FoundProcess = {
      pid: record.pid ?? record.tid,
      startTicks: record.startTicks ?? null,
      image: record.image,
      argv: record.argv,
      uid: record.uid ?? null,
    };
    this.store({ id, timeMs: record.timeMs, action, hit, process, ancestors: this.ancestorsOf(record), notes });
    return true;
  }

  private store(finding: Parameters<Recorder['record']>[0]): void {
    if (!this.ports.recorder.record(finding).ok) this.failed += 1;
  }

  /** As the sentinel saw them, with what the tree knows beside; without the sentinel's word, as the tree has them. */
  private ancestorsOf(record: StartRecord): readonly FoundProcess[] {
    const { tree } = this.ports;
    if (record.ancestors !== undefined) return record.ancestors.map((ancestor) => ({ ...ancestor, ...this.knownOf(ancestor) }));
    const life = tree.current(record.pid ?? record.tid);
    if (life === null) return [];
    // What it runs now is what it ran before the start that did not happen, or this start itself.
    const runs = life.program;
    const itself = runs === null || runs.image === record.image ? [] : [{ pid: life.pid, startTicks: life.startTicks, uid: life.uid, program: runs }];
    return [...itself, ...tree.ancestors(life)].filter(hasImage).map(toFound);
  }

  private knownOf({ pid, startTicks, image }: { readonly pid: number; readonly startTicks: number; readonly image: string }): Pick<FoundProcess, 'argv' | 'uid'> {
    const life: ProcessLife | null = this.ports.tree.find(pid, startTicks);
    for (let program = life?.program ?? null; program !== null; program = program.older) {
      if (program.image === image) return { argv: program.argv, uid: life?.uid ?? null };
    }
    return { argv: null, uid: life?.uid ?? null };
  }
}

/** Names the record for ever; audits of several rules on one start are several findings. */
export function findingId(sentinelId: string, record: StartRecord, ruleId: string | null): string {
  return ruleId === null ? `${sentinelId}-${record.seq}` : `${sentinelId}-${record.seq}-${ruleId}`;
}

function hasImage({ program }: Generation): boolean {
  return program.image !== '';
}

function toFound({ pid, startTicks, uid, program }: Generation): FoundProcess {
  return { pid, startTicks, image: program.image, argv: program.argv, uid };
}
