/**
 * Decides when a child that should beat has missed its time. Pure: the owner supplies time and calls `tick` regularly.
 *
 * A watcher that was itself stopped or busy finds an old beat on waking, because timers run before the messages that
 * waited. It must not take its own absence for the child's: a late tick starts the count anew.
 */

export class HeartbeatWatch {
  private lastBeat: number | null = null;
  private lastTick: number | null = null;
  private readonly limitMs: number;
  private readonly tickMs: number;

  /** `limitMs`: silence that counts as missed. `tickMs`: how often `tick` will be called. */
  constructor(limitMs: number, tickMs: number) {
    this.limitMs = limitMs;
    this.tickMs = tickMs;
  }

  /** Watching begins with the first beat: a child that still starts is not late. */
  beat(nowMs: number): void {
    this.lastBeat = nowMs;
  }

  /** True when the child has missed its time; watching then stops until the next beat (of the next child). */
  tick(nowMs: number): boolean {
    const ownDelay = this.lastTick === null ? 0 : nowMs - this.lastTick - this.tickMs;
    this.lastTick = nowMs;
    if (this.lastBeat === null) return false;
    if (ownDelay > this.tickMs * 2) {
      this.lastBeat = nowMs;
      return false;
    }
    if (nowMs - this.lastBeat <= this.limitMs) return false;
    this.lastBeat = null;
    return true;
  }

  /** The child is gone or replaced; nothing is expected of it. */
  reset(): void {
    this.lastBeat = null;
  }
}
