/** Sends records through the pipeline and says what came of each, in the lines that `holdfast replay` promises. */
import type { EventRecord } from '../../formats/record.ts';
import type { FindingLine, ReplayProcess, VerdictLine } from '../../../shared/replay/lines.ts';
import type { ProcessPoint } from '../core/process-point.ts';
import type { MappedLogs } from '../sensors/mappings/mapped-log.ts';
import { CaseBook } from '../verdict/case-book.ts';
import { EventPipeline, type EventFinding, type EventJudge, type Outcome, type TimedVerdict } from './event-pipeline.ts';
import { RecordedEvents } from './recorded-event.ts';

export type SessionLine = FindingLine | VerdictLine;

/** Processes named in one verdict; a fork bomb in a recording must not make a line of a million names. */
const MOST_NAMED = 1_000;
const NO_LINES: readonly SessionLine[] = [];
const NO_PROCESS: ReplayProcess = { guid: null, pid: null, image: null, commandLine: null };

interface Place {
  readonly input: string;
  readonly group: string | null;
}

export class ReplaySession {
  private readonly pipeline: EventPipeline;
  private readonly events: RecordedEvents;
  private at: Place | null = null;
  private index = 0;

  constructor(logs: MappedLogs, judges: readonly EventJudge[]) {
    this.events = new RecordedEvents(logs);
    this.pipeline = new EventPipeline(judges, () => new CaseBook());
  }

  /** Call before the first record of each input: nothing is carried over from the one before. Gives what that one still had to say. */
  begin(input: string): readonly SessionLine[] {
    const last = this.finish();
    this.at = { input, group: null };
    this.index = 0;
    return last;
  }

  take(record: EventRecord): readonly SessionLine[] {
    const { at } = this;
    if (at === null) throw new Error('no input was begun');
    if (at.group === record.group) return this.takeHere(at, record);
    // Runs of a recording know nothing of each other.
    const last = this.finish();
    const place = { input: at.input, group: record.group };
    this.at = place;
    return [...last, ...this.takeHere(place, record)];
  }

  /** What could only be said once nothing more comes. */
  finish(): readonly SessionLine[] {
    const lines = this.at === null ? [] : this.linesOf(this.at, this.pipeline.finish());
    this.events.forget();
    return lines;
  }

  private takeHere(place: Place, record: EventRecord): readonly SessionLine[] {
    const event = this.events.take(record, this.index);
    this.index += 1;
    return this.linesOf(place, this.pipeline.take(event));
  }

  private linesOf(place: Place, { findings, verdicts }: Outcome): readonly SessionLine[] {
    if (findings.length === 0) return NO_LINES;
    return [...findings.map((finding) => findingLine(place, finding)), ...verdicts.filter(isNews).map((verdict) => this.verdictLine(place, verdict))];
  }

  private verdictLine(place: Place, verdict: TimedVerdict): VerdictLine {
    const members = verdict.culprit === null ? [] : this.events.family(verdict.culprit, verdict.withDescendants ? MOST_NAMED : 1);
    const processes = members.map(nameOf).filter((name) => name !== null);
    return { type: 'verdict', ...place, time: verdict.time, decision: verdict.decision, score: round(verdict.score), processes, reasons: [...verdict.reasons] };
  }
}

/** The containment going further is no other decision. */
function isNews({ decision, was }: TimedVerdict): boolean {
  return decision !== was;
}

function findingLine(place: Place, { evidence, author, event }: EventFinding): FindingLine {
  const { ruleId: id, title, level, source } = evidence;
  return { type: 'finding', ...place, eventIndex: event.number, time: event.time, rule: { id, title, level, author, source }, process: processOf(event.process) };
}

function processOf(process: ProcessPoint | null): ReplayProcess {
  if (process === null) return NO_PROCESS;
  const { guid, pid, image, commandLine } = process;
  return { guid, pid, image, commandLine };
}

function nameOf({ guid, pid }: ProcessPoint): string | null {
  return guid ?? (pid === null ? null : `pid:${pid}`);
}

function round(score: number): number {
  return Math.round(score * 10_000) / 10_000;
}
