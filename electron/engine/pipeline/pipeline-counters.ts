/** What status shows of the pipeline: how far behind it is, what was lost, and how complete what it knows of starts is. */
import type { Clock } from '../ports.ts';
import type { SeenStart } from './seen-start.ts';

export interface PipelineStatus {
  /** Time of the latest news that was handled, ms since the epoch; null before the first. */
  readonly lastNewsMs: number | null;
  /** News known to be lost; null when some was lost and the kernel did not tell how much. */
  readonly lost: number | null;
  /** Age of the oldest news not yet handled, else how late the latest was. */
  readonly lagMs: number;
  readonly maxLagMs: number;
  readonly newsUp: boolean;
  readonly starts: number;
  /** Starts of which image, all arguments, parent and user are known. */
  readonly completeStarts: number;
  readonly queued: number;
  readonly waiting: number;
  /** Starts judged after they ran. */
  readonly judged: number;
  readonly stopped: number;
  readonly resyncs: number;
  /** Records of the sentinel that came faster than they could be taken in. */
  readonly lostRecords: number;
  readonly treeSize: number;
  readonly treeBytes: number;
}

export interface Gauges extends Pick<PipelineStatus, 'queued' | 'waiting' | 'judged' | 'stopped' | 'resyncs' | 'lostRecords' | 'treeSize' | 'treeBytes'> {
  readonly oldestNs: bigint | null;
}

export class PipelineCounters {
  newsUp = true;
  private readonly clock: Clock;
  private lastNs: bigint | null = null;
  private lastLagNs = 0n;
  private maxLagNs = 0n;
  private lost = 0;
  private lostUnknown = false;
  private wholeFromMs = Number.POSITIVE_INFINITY;
  private starts = 0;
  private complete = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** One piece of news was taken up. Returns the wall time. */
  handled(atNs: bigint): number {
    const lag = this.clock.monotonicNs() - atNs;
    this.lastNs = atNs;
    this.lastLagNs = lag;
    if (lag > this.maxLagNs) this.maxLagNs = lag;
    return this.clock.nowMs();
  }

  lose(lost: number | null): void {
    this.wholeFromMs = Number.POSITIVE_INFINITY;
    if (lost === null) this.lostUnknown = true;
    else this.lost += lost;
  }

  /** From now on every start is seen. */
  newsIsWhole(): void {
    if (this.wholeFromMs === Number.POSITIVE_INFINITY) this.wholeFromMs = this.clock.nowMs();
  }

  wholeSince(timeMs: number): boolean {
    return this.newsUp && timeMs >= this.wholeFromMs;
  }

  finish(start: SeenStart): void {
    this.starts += 1;
    const parentKnown = start.ppid !== null || start.life.parent !== null;
    if (start.image !== null && start.argv !== null && start.argvComplete && parentKnown && start.uid !== null) this.complete += 1;
  }

  /** Wall time of the latest news; of this moment before the first. */
  get lastNewsMs(): number {
    return this.lastNs === null ? this.clock.nowMs() : this.wallOf(this.lastNs);
  }

  wallOf(atNs: bigint): number {
    return this.clock.nowMs() - Number(this.clock.monotonicNs() - atNs) / 1e6;
  }

  status({ oldestNs, ...gauges }: Gauges): PipelineStatus {
    const lag = oldestNs === null ? this.lastLagNs : this.clock.monotonicNs() - oldestNs;
    return {
      lastNewsMs: this.lastNs === null ? null : this.wallOf(this.lastNs),
      lost: this.lostUnknown ? null : this.lost,
      lagMs: Number(lag) / 1e6,
      maxLagMs: Number(this.maxLagNs) / 1e6,
      newsUp: this.newsUp,
      starts: this.starts,
      completeStarts: this.complete,
      ...gauges,
    };
  }
}
