/** One Holdfast under a storm of starts, whose processes are killed, stopped and kept busy one after the other. */
import path from 'node:path';
import { readStat } from '../../../electron/platform/linux/proc.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { Status } from '../../../shared/status/status.ts';
import { livingProcess, lives, signal, type KnownProcess } from './known-process.ts';
import { LiveHoldfast } from './live-holdfast.ts';
import { isProtecting } from './protected-holdfast.ts';
import { monotonicMs, StartStorm, type Sample } from './start-storm.ts';
import { waitUntil } from './wait-until.ts';

export type Victim = 'sentinel' | 'engine' | 'owner';
export type Fault = 'killed' | 'stopped' | 'busy';
export type Family = Readonly<Record<Victim, KnownProcess>>;

const BUSY_ON_SIGNAL = path.join(import.meta.dirname, 'busy-on-signal.mjs');
const SIGNALS = { killed: 'SIGKILL', stopped: 'SIGSTOP', busy: 'SIGUSR2' } as const;
const PAGE = 10_000;

export class FaultTrial {
  live: LiveHoldfast;
  readonly storm: StartStorm;
  /** Every process that ever belonged to this Holdfast. */
  private readonly seen: KnownProcess[] = [];

  private constructor(live: LiveHoldfast) {
    this.live = live;
    this.storm = new StartStorm(live.scope);
  }

  static async begin(): Promise<FaultTrial> {
    const live = await LiveHoldfast.start({ imports: [BUSY_ON_SIGNAL] });
    await live.call('rulesPreset', { preset: 'strict' });
    await live.until(isProtecting);
    const trial = new FaultTrial(live);
    await waitUntil(() => trial.storm.refused.length > 3);
    return trial;
  }

  /** Resolves when everything is up. */
  async family(): Promise<Family> {
    // The engine may not know yet that the sentinel is gone.
    const status = await this.live.until((now) => isProtecting(now) && this.familyOf(now) !== null);
    const family = this.familyOf(status);
    if (family === null) return this.family();
    this.seen.push(...Object.values(family));
    return family;
  }

  /** Null when one of them has just ended. */
  private familyOf(status: Status): Family | null {
    const [sentinel, engine, owner] = [status.sentinel.pid, status.engine.pid, this.live.owner.pid].map((pid) => livingProcess(pid ?? -1));
    return sentinel && engine && owner ? { sentinel, engine, owner } : null;
  }

  /** What history says of these starts, for the message of a test that fails. */
  async explain(samples: readonly Sample[]): Promise<string> {
    const pids = new Set(samples.map(({ pid }) => pid));
    const found = await Promise.all((['stopped', 'audited', 'observed'] as const).map((action) => this.historyOf(action)));
    const about = found.flat().filter(({ process }) => pids.has(process.pid));
    const { gaps } = await this.live.status();
    return [
      `now ${new Date().toISOString()}, ${monotonicMs().toFixed(0)} ms`,
      ...samples.map((sample) => `${JSON.stringify(sample)} ${JSON.stringify(readStat(sample.pid))}`),
      ...gaps.map((gap) => JSON.stringify(gap)),
      ...about.map(({ time, action, process, notes }) => `${time} ${action} ${process.pid} ${process.startTime ?? ''} ${process.image} ${notes.join(' ')}`),
      this.live.output,
    ].join('\n');
  }

  /** Returns when it was done. */
  inflict(fault: Fault, victim: KnownProcess): number {
    const atMs = monotonicMs();
    signal(victim, SIGNALS[fault]);
    return atMs;
  }

  /** What the service manager does: the same command once more, at once. */
  async restartOwner(): Promise<void> {
    this.live = await LiveHoldfast.start({ after: this.live, imports: [BUSY_ON_SIGNAL] });
  }

  /** Resolves with the moment in which the first start was refused that began after this one. */
  async refusedAfter(sinceMs: number, limitMs: number): Promise<number> {
    const first = (): Sample | undefined => this.storm.refused.find(({ atMs }) => atMs > sinceMs);
    await waitUntil(() => first() !== undefined, limitMs);
    const found = first();
    return found === undefined ? Infinity : found.atMs + found.tookMs;
  }

  /** All history of one kind, over as many pages as it takes. */
  async historyOf(action: HistoryEntry['action']): Promise<HistoryEntry[]> {
    const all: HistoryEntry[] = [];
    for (let more = true; more; ) {
      const before = all.at(-1)?.id;
      const page = await this.live.call('history', { limit: PAGE, action, ...(before === undefined ? {} : { before }) });
      all.push(...page.entries);
      more = page.more;
    }
    return all;
  }

  /** Asked until there are as many as there should be, or time is over. */
  async preventedOnceThereAre(expected: number, limitMs = 10_000): Promise<HistoryEntry[]> {
    const end = performance.now() + limitMs;
    for (;;) {
      const found = await this.historyOf('prevented');
      if (found.length >= expected || performance.now() > end) return found;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** Ends everything, also what a failed test left behind. */
  async remove(): Promise<void> {
    await this.storm.stop();
    await this.live.end();
    for (const known of this.seen) if (lives(known)) signal(known, 'SIGKILL');
    await this.live.remove();
  }
}
