/** Keeps the source of process news running and says how it is. */
import type { ProcessNews, ProcessNewsFeed } from '../../platform/contract.ts';
import type { Result } from '../../../shared/result.ts';
import type { SensorStatus } from '../../../shared/status/status.ts';
import type { Scheduler } from '../core/scheduler.ts';

/** Where the news goes; the start pipeline in the product. */
export interface NewsTarget {
  onNews(batch: readonly ProcessNews[]): void;
  onLoss(lost: number | null): void;
  onNewsDown(reason: string): void;
  onNewsBack(): void;
}

export interface NewsProgress {
  readonly lastNewsMs: number | null;
  readonly lost: number | null;
  readonly lagMs: number;
  readonly starts: number;
  readonly completeStarts: number;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
/** News later than this is told as a trouble of the sensor. */
const LATE_MS = 2_000;

export class ProcessNewsSensor {
  readonly id: string;
  private readonly open: () => Result<ProcessNewsFeed>;
  private readonly target: NewsTarget;
  private readonly scheduler: Scheduler;
  private readonly limitation: string | null;
  private feed: ProcessNewsFeed | null = null;
  private failure: string | null = null;
  private retryMs = FIRST_RETRY_MS;
  private cancelRetry: () => void = () => undefined;
  private closed = false;

  /** `limitation`: what this source can not do, in words (polling); null when it sees everything. */
  constructor(id: string, open: () => Result<ProcessNewsFeed>, target: NewsTarget, scheduler: Scheduler, limitation: string | null) {
    this.id = id;
    this.open = open;
    this.target = target;
    this.scheduler = scheduler;
    this.limitation = limitation;
  }

  start(): void {
    const opened = this.open();
    if (!opened.ok) {
      this.retryLater(opened.error.message);
      return;
    }
    const feed = opened.value;
    this.feed = feed;
    feed.start(
      (batch) => this.target.onNews(batch),
      (lost) => this.target.onLoss(lost),
      (message) => this.onFailure(feed, message),
    );
    // A feed may fail within its start.
    if (this.feed !== feed || this.failure === null) return;
    this.failure = null;
    this.retryMs = FIRST_RETRY_MS;
    this.target.onNewsBack();
  }

  close(): void {
    this.closed = true;
    this.cancelRetry();
    this.feed?.close();
    this.feed = null;
  }

  status(progress: NewsProgress): SensorStatus {
    const late = progress.lagMs > LATE_MS ? `News of process starts is ${Math.round(progress.lagMs / 1_000)} s late.` : null;
    const reason = this.failure ?? late ?? this.limitation;
    return {
      id: this.id,
      state: this.closed ? 'stopped' : this.failure !== null ? 'unavailable' : reason === null ? 'running' : 'degraded',
      lastEventAt: progress.lastNewsMs === null ? null : new Date(progress.lastNewsMs).toISOString(),
      lost: progress.lost,
      lagMs: Math.round(progress.lagMs),
      reason,
      starts: { seen: progress.starts, complete: progress.completeStarts },
    };
  }

  private onFailure(feed: ProcessNewsFeed, message: string): void {
    if (this.feed !== feed || this.closed) return;
    this.feed = null;
    feed.close();
    this.retryLater(message);
  }

  private retryLater(message: string): void {
    if (this.failure === null) this.target.onNewsDown(message);
    this.failure = message;
    this.cancelRetry = this.scheduler.after(this.retryMs, () => this.start());
    this.retryMs = Math.min(LONGEST_RETRY_MS, this.retryMs * 2);
  }
}
