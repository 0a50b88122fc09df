/**
 * Decides when a child that should beat has missed its time. Pure: `HeartbeatTimer` supplies time and looks when it is told to.
 *
 * It is looked when a silence would be complete and not before, so watching costs two wake-ups a second, not twenty.
 *
 * A watcher that was itself stopped or busy finds an old beat on waking, because timers run before the messages that
 * waited. It must not take its own absence for the child's: after a late look the beats that waited, or one of a child that
 * was stopped together with it, have a moment to come in. One such moment for each silence: on a busy machine every look is late.
 */

const GRACE_MS = 250;
/** A look that comes later than this after its time was held up. */
const LATE_MS = 100;
/** While the first beat is awaited, so that time in which the watcher was not there can be told from time in which it was. */
const FIRST_LOOK_MS = 250;
/** Timers may fire a little early. */
const SLACK_MS = 1;

export class HeartbeatWatch {
  private lastBeat: number | null = null;
  private lastLook: number | null = null;
  private plannedLook: number | null = null;
  private leftToFirstBeat: number | null = null;
  private waitUntil: number | null = null;
  private readonly limitMs: number;

  /** `limitMs`: silence that counts as missed. */
  constructor(limitMs: number) {
    this.limitMs = limitMs;
  }

  /** A child was started. It may take `limitMs` to its first beat, in time in which the watcher itself is there. */
  expectFirst(limitMs: number): void {
    this.leftToFirstBeat = limitMs;
  }

  /** Silence counts from the first beat on: a child that still starts is not silent. */
  beat(nowMs: number): void {
    this.lastBeat = nowMs;
    this.leftToFirstBeat = null;
    this.waitUntil = null;
  }

  /** When to look, in ms from now; null when nothing is expected. */
  nextLook(nowMs: number): number | null {
    const at = this.lookAt(nowMs);
    this.plannedLook = at;
    return at === null ? null : Math.max(at - nowMs, 0);
  }

  /** True when the child has missed its time; watching then stops until the next beat (of the next child). */
  look(nowMs: number): boolean {
    const since = this.lastLook === null ? 0 : nowMs - this.lastLook;
    const late = this.plannedLook !== null && nowMs - this.plannedLook > LATE_MS;
    this.lastLook = nowMs;
    if (this.lastBeat === null) return this.isFirstOverdue(since);
    if (nowMs - this.lastBeat <= this.limitMs) return false;
    if (late) this.waitUntil ??= nowMs + GRACE_MS;
    if (this.waitUntil !== null && nowMs < this.waitUntil) return false;
    this.lastBeat = null;
    this.waitUntil = null;
    return true;
  }

  /** The child is gone or replaced; nothing is expected of it. */
  reset(): void {
    this.lastBeat = null;
    this.leftToFirstBeat = null;
    this.waitUntil = null;
  }

  private lookAt(nowMs: number): number | null {
    if (this.lastBeat === null) return this.leftToFirstBeat === null ? null : nowMs + FIRST_LOOK_MS;
    return this.waitUntil ?? this.lastBeat + this.limitMs + SLACK_MS;
  }

  private isFirstOverdue(sinceMs: number): boolean {
    if (this.leftToFirstBeat === null) return false;
    this.leftToFirstBeat -= Math.min(sinceMs, FIRST_LOOK_MS);
    if (this.leftToFirstBeat > 0) return false;
    this.leftToFirstBeat = null;
    return true;
  }
}
