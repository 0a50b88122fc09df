/**
 * The clock that expiries are judged by: it never goes back, so a system clock that is set back gives no allow and no
 * pause more time, and setting it forward and back again revives nothing.
 *
 * It follows the wall clock; when that falls behind, it goes on by the time that has really passed:
 * - within one boot by the monotonic clock;
 * - from one boot to the next by the wall clock's own progress, if there was any. When the clock was set back while the
 *   device was off, the time off can not be known and is not counted: expiries stand still for it and go on from there.
 *
 * What a wrong jump into the future does: the clock follows at once and stays ahead when the jump is corrected. Expiries
 * that lay in between have ended: early, never late. Nothing else suffers, because what is granted from then on is counted
 * from this clock too (`fromWallMs`), and shown to people by their own clock (`toWallMs`).
 */

export interface ClockMark {
  /** The latest time this clock has shown, ms. */
  readonly highWaterMs: number;
  /** Wall clock, boot and monotonic time of that moment. */
  readonly wallMs: number;
  readonly bootId: string | null;
  readonly monotonicMs: number;
}

export interface ClockReading {
  readonly wallMs: number;
  /** Only grows within one boot. Best is a clock that counts sleep too; with one that does not, sleep is counted by the wall clock alone. */
  readonly monotonicNs: bigint;
  /** Null when the system does not tell it; a saved mark is then taken to be of another boot. */
  readonly bootId: string | null;
}

const NS_PER_MS = 1e6;

/** Where a device that has never saved a mark begins. */
export const NO_MARK: ClockMark = { highWaterMs: 0, wallMs: 0, bootId: null, monotonicMs: 0 };

export class ExpiryClock {
  private readonly read: () => ClockReading;
  private last: ClockMark;
  /** A mark of this very object is of this boot, also where the boot has no name. */
  private ownMark = false;

  constructor(saved: ClockMark, read: () => ClockReading) {
    this.last = saved;
    this.read = read;
  }

  now(): number {
    return this.times().effectiveNowMs;
  }

  times(): Times {
    const { last } = this;
    const { wallMs, bootId, monotonicNs } = this.read();
    const monotonicMs = Number(monotonicNs) / NS_PER_MS;
    const sameBoot = this.ownMark || (bootId !== null && bootId === last.bootId);
    const passed = sameBoot ? monotonicMs - last.monotonicMs : wallMs - last.wallMs;
    const highWaterMs = Math.max(wallMs, last.highWaterMs + Math.max(0, passed));
    this.last = { highWaterMs, wallMs, bootId, monotonicMs };
    this.ownMark = true;
    return { effectiveNowMs: highWaterMs, wallNowMs: wallMs };
  }

  /** To be saved now and then and at the end; what passes after the last save is caught up from the clocks. */
  mark(): ClockMark {
    this.times();
    return this.last;
  }
}

/** The same moment on this clock and on the wall. */
export interface Times {
  readonly effectiveNowMs: number;
  readonly wallNowMs: number;
}

/** When the wall clock, as it stands, will show that the expiry has come. */
export function toWallMs(expiryMs: number, now: Times): number {
  return Math.floor(expiryMs - now.effectiveNowMs + now.wallNowMs);
}

/** A date that a person has chosen by the wall clock, as an expiry. */
export function fromWallMs(wallMs: number, now: Times): number {
  return Math.floor(wallMs - now.wallNowMs + now.effectiveNowMs);
}
