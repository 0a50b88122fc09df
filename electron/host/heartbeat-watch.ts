/**
 * Decides when a child that should beat has missed its time. Pure: the owner supplies time and calls `tick` regularly.
 *
 * A watcher that was itself stopped or busy finds an old beat on waking, because timers run before the messages that
 * waited. It must not take its own absence for the child's: after a late tick the beats that waited, or one of a child that
 * was stopped together with it, have a moment to come in. One such moment for each silence: on a busy machine every tick is late.
 */

const GRACE_MS = 250;

export class HeartbeatWatch {
  private lastBeat: number | null = null;
  private lastTick: number | null = null;
  private ticksToFirstBeat: number | null = null;
  private waitUntil: number | null = null;
  private readonly limitMs: number;
  private readonly tickMs: number;

  /** `limitMs`: silence that counts as missed. `tickMs`: how often `tick` will be called. */
  constructor(limitMs: number, tickMs: number) {
    this.limitMs = limitMs;
    this.tickMs = tickMs;
  }

  /** A child was started. It may take `limitMs` to its first beat, in time in which the watcher itself is there. */
  expectFirst(limitMs: number): void {
    this.ticksToFirstBeat = Math.ceil(limitMs / this.tickMs);
  }

  /** Silence counts from the first beat on: a child that still starts is not silent. */
  beat(nowMs: number): void {
    this.lastBeat = nowMs;
    this.ticksToFirstBeat = null;
    this.waitUntil = null;
  }

  /** True when the child has missed its time; watching then stops until the next beat (of the next child). */
  tick(nowMs: number): boolean {
    const ownDelay = this.lastTick === null ? 0 : nowMs - this.lastTick - this.tickMs;
    this.lastTick = nowMs;
    if (this.lastBeat === null) return this.isFirstOverdue();
    if (nowMs - this.lastBeat <= this.limitMs) return false;
    if (ownDelay > this.tickMs * 2) this.waitUntil ??= nowMs + GRACE_MS;
    if (this.waitUntil !== null && nowMs < this.waitUntil) return false;
    this.lastBeat = null;
    this.waitUntil = null;
    return true;
  }

  /** The child is gone or replaced; nothing is expected of it. */
  reset(): void {
    this.lastBeat = null;
    this.ticksToFirstBeat = null;
    this.waitUntil = null;
  }

  private isFirstOverdue(): boolean {
    if (this.ticksToFirstBeat === null) return false;
    this.ticksToFirstBeat -= 1;
    if (this.ticksToFirstBeat > 0) return false;
    this.ticksToFirstBeat = null;
    return true;
  }
}
