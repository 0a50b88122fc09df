/**
 * The one way from an event to a verdict: judges make findings of it, findings are evidence against the tree of the process
 * that earned them, and the case book says when a tree is to be watched or contained. Live starts and recordings go through
 * this very class; what differs is who makes the event (`live-event.ts`, `recorded-event.ts`).
 *
 * Pure: no clock but the events' own, no act. What follows from a verdict is the response's part.
 */
import type { ProcessPoint } from '../core/process-point.ts';
import type { MatchedField } from '../rules/evaluate.ts';
import type { RuleEvent } from '../rules/set/rule-event.ts';
import type { CaseBook, Order, Verdict } from '../verdict/case-book.ts';
import type { Evidence } from '../verdict/evidence.ts';

export interface PipelineEvent {
  /** Place in its recording, or among live events. */
  readonly number: number;
  /** ISO 8601, UTC; null when nothing says when it happened. */
  readonly time: string | null;
  readonly timeMs: number | null;
  /** The event under each of its kinds; all have the same fields. Never empty. */
  readonly kinds: readonly RuleEvent[];
  /** Who did it; null for an event that names no process. */
  readonly process: ProcessPoint | null;
}

/** What a judge says of one event. */
export interface Hit {
  readonly evidence: Evidence;
  /** Of a rule that somebody else wrote; their licence asks for it. */
  readonly author: string | null;
  /** The event it is about, for what became clear only later; else the one that is judged. */
  readonly event?: PipelineEvent;
  /** Which fields matched what; worked out when somebody asks. */
  explain(): readonly MatchedField[];
}

/** Rules, detectors, the model, indicators: whatever makes findings of events. It may remember. */
export interface EventJudge {
  judge(event: PipelineEvent): readonly Hit[];
  /** Nothing more will come: what waited for the end of a time span is settled, and all is forgotten. */
  finish(): readonly Hit[];
}

export interface EventFinding extends Hit {
  readonly event: PipelineEvent;
}

export interface TimedVerdict extends Verdict {
  /** Of the event whose finding led to it. */
  readonly time: string | null;
}

export interface Outcome {
  readonly findings: readonly EventFinding[];
  /** In the order in which the findings led to them. */
  readonly verdicts: readonly TimedVerdict[];
}

const NOTHING: Outcome = { findings: [], verdicts: [] };

export class EventPipeline {
  private readonly judges: readonly EventJudge[];
  private readonly makeCases: () => CaseBook;
  private cases: CaseBook;

  constructor(judges: readonly EventJudge[], makeCases: () => CaseBook) {
    this.judges = judges;
    this.makeCases = makeCases;
    this.cases = makeCases();
  }

  take(event: PipelineEvent): Outcome {
    let findings: EventFinding[] | null = null;
    for (const judge of this.judges) for (const hit of judge.judge(event)) (findings ??= []).push({ ...hit, event: hit.event ?? event });
    return findings === null ? NOTHING : this.weigh(findings);
  }

  /** A person wants this process and what came from it contained. */
  order(order: Order): Verdict | null {
    return this.cases.order(order);
  }

  /** What comes next has nothing to do with what came before (another recording). */
  finish(): Outcome {
    const findings = this.judges.flatMap((judge) => judge.finish()).flatMap((hit) => (hit.event === undefined ? [] : [{ ...hit, event: hit.event }]));
    const outcome = findings.length === 0 ? NOTHING : this.weigh(findings);
    this.cases = this.makeCases();
    return outcome;
  }

  private weigh(findings: readonly EventFinding[]): Outcome {
    const verdicts = findings.flatMap(({ evidence, event }): TimedVerdict[] => {
      const verdict = this.cases.add(event.process, evidence);
      return verdict === null ? [] : [{ ...verdict, time: event.time }];
    });
    return { findings, verdicts };
  }
}
