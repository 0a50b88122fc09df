/** Takes the sentinel's records in: what only records goes into history, allowed starts go on to meet their exec news. */
import { belongsInHistory, type StartRecord } from '../../../shared/link/messages.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { Clock, LiveProcesses } from '../ports.ts';
import type { Findings } from './findings.ts';
import { Intake } from './intake.ts';
import { unjudgedHit } from './own-rules.ts';
import type { RecentFindings } from './recent-findings.ts';
import type { SeenStart } from './seen-start.ts';
import { continuesStart } from './start-match.ts';
import { unjudgedWords, unreadWords } from './words.ts';

export interface RecordPorts {
  readonly live: LiveProcesses;
  readonly findings: Findings;
  readonly recent: RecentFindings;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly onStart: (pid: number, record: StartRecord) => void;
  /** Everything of this sentinel up to there that belongs in history was given to the recorder. */
  readonly onTaken: (sentinelId: string, throughSeq: number) => void;
}

interface Received {
  readonly sentinelId: string;
  readonly record: StartRecord;
}

const MOST = 32_768;

export class RecordIntake {
  private readonly ports: RecordPorts;
  private readonly intake: Intake<Received>;
  /** The record before, to know the interpreter of a script for the second half of one start. */
  private before: StartRecord | null = null;
  private refused = 0;

  constructor(ports: RecordPorts) {
    this.ports = ports;
    this.intake = new Intake(MOST, ports.clock, ports.scheduler, (received) => this.handle(received));
  }

  get lost(): number {
    return this.refused;
  }

  take(sentinelId: string, records: readonly StartRecord[]): void {
    this.refused += this.intake.take(records.map((record) => ({ sentinelId, record })));
  }

  /** A program runs whose arguments can not be read: rules that ask for them could not be applied to what really runs. */
  unread(start: SeenStart): void {
    const { live, findings, recent } = this.ports;
    const hit = unjudgedHit('unreadable');
    if (!recent.add({ ...start, image: start.image ?? '' }, hit.ruleId)) return;
    findings.ofStart('observed', start, hit, [unreadWords(start.uid === null ? null : live.userName(start.uid))]);
  }

  private handle({ sentinelId, record }: Received): void {
    // Denials come over the sentinel's log, which outlives it.
    if (record.answer === 'deny') return;
    this.audit(sentinelId, record);
    if (record.unjudged !== undefined && record.kind === 'start') this.observe(sentinelId, record, record.unjudged);
    if (belongsInHistory(record)) this.ports.onTaken(sentinelId, record.seq);
    if (record.kind === 'open') return;
    const pid = record.pid ?? record.tid;
    this.before = record;
    this.ports.onStart(pid, record);
  }

  private audit(sentinelId: string, record: StartRecord): void {
    const { findings, recent } = this.ports;
    const script = this.before !== null && this.before.tid === record.tid && continuesStart(this.before, record) ? this.before : null;
    for (const hit of record.hits ?? []) {
      if (script?.hits?.some(({ ruleId }) => ruleId === hit.ruleId) === true) continue;
      if (!findings.ofRecord('audited', sentinelId, record, hit, [])) continue;
      recent.add({ pid: record.pid ?? record.tid, startTicks: record.startTicks ?? null, image: record.image, argv: record.argv }, hit.ruleId);
    }
  }

  private observe(sentinelId: string, record: StartRecord, why: NonNullable<StartRecord['unjudged']>): void {
    const userName = record.uid === undefined ? null : this.ports.live.userName(record.uid);
    this.ports.findings.ofRecord('observed', sentinelId, record, unjudgedHit(why), [unjudgedWords(why, userName)]);
  }
}
