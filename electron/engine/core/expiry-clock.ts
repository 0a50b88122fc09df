/**
 * Time by which expiries are judged. It never goes back: not when the system clock is set back, not over a restart of the
 * engine, not over a restart of the machine. So a pause or an allow of 15 minutes is over after 15 minutes, whoever moves
 * the clock, and one that was over is never in force again.
 *
 * It is the largest of the wall clock, the highest time ever seen, and that time plus what has passed since by the
 * monotonic clock of this boot. Setting the clock forward ends expiries early, which is the safe direction; what is granted
 * afterwards lasts as long as was asked, because it is counted in this time and not in the wall clock's.
 *
 * Known limit: the monotonic clock stands still while the machine sleeps, so a clock set back before a sleep gives the time
 * of that sleep to running expiries.
 */

export interface ClockReading {
  readonly wallMs: number;
  readonly monotonicNs: bigint;
  /** Names this boot. Where the system does not tell, an id of this process: then only its own life is counted. */
  readonly bootId: string;
}

/** What has to survive a restart. */
export interface ClockMark {
  readonly effectiveMs: number;
  readonly monotonicMs: number;
  readonly bootId: string;
}

export interface Times {
  readonly effectiveNowMs: number;
  readonly wallNowMs: number;
}

const NS_PER_MS = 1e6;

export class ExpiryClock {
  private readonly read: () => ClockReading;
  /** Moves only when the wall clock is ahead of it, so that reading often adds no rounding error. */
  private anchor: ClockMark | null;

  constructor(saved: ClockMark | null, read: () => ClockReading) {
    this.anchor = saved;
    this.read = read;
  }

  now(): number {
    return this.times().effectiveNowMs;
  }

  times(): Times {
    const reading = this.read();
    return { effectiveNowMs: this.advance(reading), wallNowMs: reading.wallMs };
  }

  /** The present moment, to be saved now and then and with everything that expires. */
  mark(): ClockMark {
    const reading = this.read();
    return { effectiveMs: this.advance(reading), monotonicMs: toMs(reading.monotonicNs), bootId: reading.bootId };
  }

  /** Takes over a mark from elsewhere when it is ahead. */
  merge(other: ClockMark): void {
    const reading = this.read();
    if (elapse(other, reading) > this.advance(reading)) this.anchor = { effectiveMs: elapse(other, reading), monotonicMs: toMs(reading.monotonicNs), bootId: reading.bootId };
  }

  private advance(reading: ClockReading): number {
    const counted = this.anchor === null ? reading.wallMs : elapse(this.anchor, reading);
    const ahead = reading.wallMs > counted;
    if (this.anchor?.bootId !== reading.bootId || ahead) {
      this.anchor = { effectiveMs: Math.max(counted, reading.wallMs), monotonicMs: toMs(reading.monotonicNs), bootId: reading.bootId };
    }
    return Math.max(counted, reading.wallMs);
  }
}

/** A moment of this time as the wall clock shows it now, for people. */
export function toWallMs(effectiveMs: number, times: Times): number {
  return effectiveMs - times.effectiveNowMs + times.wallNowMs;
}

/** A moment of the wall clock (as a person typed it) in this time. */
export function toEffectiveMs(wallMs: number, times: Times): number {
  return wallMs - times.wallNowMs + times.effectiveNowMs;
}

function elapse(mark: ClockMark, reading: ClockReading): number {
  if (mark.bootId !== reading.bootId) return mark.effectiveMs;
  return mark.effectiveMs + Math.max(0, toMs(reading.monotonicNs) - mark.monotonicMs);
}

function toMs(ns: bigint): number {
  return Number(ns) / NS_PER_MS;
}
