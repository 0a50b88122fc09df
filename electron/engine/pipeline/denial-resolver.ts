/**
 * Denials from the sentinel's log. One that is confirmed was answered: the program never ran. One that is not (the sentinel
 * ended between writing it down and answering) is decided by whether the start was seen to run, once the news has caught up.
 */
import type { RecordedHit, StartRecord } from '../../../shared/link/messages.ts';
import type { Program } from '../core/process-node.ts';
import type { ProcessTree } from '../core/process-tree.ts';
import { pause, type Scheduler } from '../core/scheduler.ts';
import { Slices } from '../core/slices.ts';
import type { Clock, DenialSink, LiveProcesses } from '../ports.ts';
import type { StartActor } from './act-on-start.ts';
import type { Findings } from './findings.ts';
import { monotonicOf } from './monotonic-time.ts';
import { unjudgedHit } from './own-rules.ts';
import type { RecentFindings } from './recent-findings.ts';
import type { SeenStart } from './seen-start.ts';
import { isSameStart } from './start-match.ts';
import { NOT_CONFIRMED, OPEN_NOT_CONFIRMED, RAN_AFTER_ALL, unjudgedWords } from './words.ts';

export type LoggedDenial = StartRecord & { readonly confirmed: boolean };

export interface ResolverPorts {
  readonly live: LiveProcesses;
  readonly tree: ProcessTree;
  readonly findings: Findings;
  readonly recent: RecentFindings;
  readonly actor: StartActor;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Whether all news up to now is in the tree. */
  readonly caughtUp: () => boolean;
  /** Whether exec news has come without a gap since then (wall clock). */
  readonly newsWholeSince: (timeMs: number) => boolean;
}

const NEWS_DELAY_MS = 300;
const MOST_DELAYS = 10;
/** A record's time is whole milliseconds of another clock. */
const GRAIN_MS = 5;

export class DenialResolver implements DenialSink {
  private readonly ports: ResolverPorts;

  constructor(ports: ResolverPorts) {
    this.ports = ports;
  }

  /** Resolves when each of them is decided and handed to the recorder: only then may the log be forgotten. */
  async onDenials(sentinelId: string, records: readonly LoggedDenial[]): Promise<void> {
    const slices = new Slices(this.ports.clock, this.ports.scheduler);
    const open: LoggedDenial[] = [];
    for (const record of records) {
      if (record.confirmed) this.prevented(sentinelId, record);
      else open.push(record);
      if (slices.over) await slices.rest();
    }
    if (open.length === 0) return;
    await this.waitForNews();
    for (const record of open) {
      if (record.kind === 'open') this.observed(sentinelId, record, OPEN_NOT_CONFIRMED);
      else this.resolve(sentinelId, record);
      if (slices.over) await slices.rest();
    }
  }

  private async waitForNews(): Promise<void> {
    for (let waited = 0; waited < MOST_DELAYS; waited += 1) {
      await pause(this.ports.scheduler, NEWS_DELAY_MS);
      if (this.ports.caughtUp()) return;
    }
  }

  private prevented(sentinelId: string, record: StartRecord): void {
    const hit = decidingHit(record);
    const others = (record.hits ?? []).filter((other) => other !== hit).map(({ ruleId }) => `Rule ${ruleId} matched as well.`);
    this.ports.findings.ofRecord('prevented', sentinelId, record, hit, [...this.unjudgedNotes(record), ...others]);
  }

  private observed(sentinelId: string, record: StartRecord, note: string): void {
    this.ports.findings.ofRecord('observed', sentinelId, record, decidingHit(record), [note, ...this.unjudgedNotes(record)]);
  }

  private unjudgedNotes(record: StartRecord): string[] {
    if (record.unjudged === undefined) return [];
    return [unjudgedWords(record.unjudged, record.uid === undefined ? null : this.ports.live.userName(record.uid))];
  }

  private resolve(sentinelId: string, record: StartRecord): void {
    const ran = this.startedProgram(record);
    if (ran !== null) this.ports.actor.act(ran, decidingHit(record), [RAN_AFTER_ALL]);
    else if (this.ports.newsWholeSince(record.timeMs - GRAIN_MS)) this.prevented(sentinelId, record);
    else this.observed(sentinelId, record, NOT_CONFIRMED);
  }

  /** The start, when the tree or the system shows that it ran. */
  private startedProgram(record: StartRecord): SeenStart | null {
    const pid = record.pid ?? record.tid;
    const { tree, live } = this.ports;
    const stat = live.stat(pid);
    const life = record.startTicks === undefined ? tree.latest(pid) : (tree.find(pid, record.startTicks) ?? tree.latest(pid));
    if (life === null) return null;
    const since = monotonicOf(this.ports.clock, record.timeMs - GRAIN_MS);
    const program = programs(life.program).find((candidate) => candidate.atNs >= since && ranAs(record, candidate));
    if (program === undefined) return null;
    return {
      pid,
      life,
      program,
      atNs: program.atNs,
      ppid: stat?.ppid ?? record.ppid ?? null,
      startTicks: life.startTicks,
      image: program.image === '' ? record.image : program.image,
      argv: program.argv ?? record.argv,
      argvComplete: program.argvComplete,
      gone: life.program !== program || life.exitedAtMs !== null,
      uid: life.uid ?? record.uid ?? null,
      currentDirectory: record.cwd ?? null,
      missedBecause: null,
    };
  }
}

function programs(newest: Program | null): Program[] {
  const all: Program[] = [];
  for (let program = newest; program !== null; program = program.older) all.push(program);
  return all;
}

/** A program that could not be read may have been the one. */
function ranAs(record: StartRecord, program: Program): boolean {
  if (program.image === '') return true;
  if (record.argv === null) return program.image === record.image;
  return isSameStart({ ...record, argvComplete: true }, { image: program.image, argv: program.argv, argvComplete: program.argvComplete, gone: true });
}

/** The rule for which the start was refused: blocking before asking; without a rule it was the fail setting. */
export function decidingHit(record: StartRecord): RecordedHit {
  const denying = ['block', 'warn'].map((mode) => record.hits?.find((hit) => hit.mode === mode)).find((hit) => hit !== undefined);
  return denying ?? unjudgedHit(record.unjudged ?? 'deadline');
}
