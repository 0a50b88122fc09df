/** What the engine does once a second and less often: marks, retries, a second look at what the device adds to the policy. */

import type { WakeClock } from '../wake-clock.ts';

export interface Chores {
  /** Leaves word of how far everything is dealt with. */
  readonly leaveMark: () => void;
  readonly retryStore: () => void;
  /** Takes over denials that could not be taken over when they were told of. */
  readonly drain: () => void;
  /** A pause whose end has come is taken out of the settings and put on record. */
  readonly endPause: () => void;
  /** Expiry clock minus wall clock, ms. */
  readonly clockOffsetMs: () => number;
  readonly refreshPolicy: () => void;
  /** True when others exist than before. */
  readonly guardedFilesChanged: () => boolean;
  readonly refreshTools: () => void;
  readonly saveClock: () => void;
  /** One step; true when there is more to remove. */
  readonly prune: () => boolean;
}

const TICK_MS = 1_000;
/** So much later when nothing else is to be done before. */
const LATEST_TICK_MS = 1_250;
/** An older mark only means that a little more is judged again after a gap. */
const MARK_EVERY = 2;
/** Both are done at once when there is a reason; this is for what failed then. */
const RETRY_EVERY = 3;
const GUARDED_FILES_EVERY = 5;
const MINUTE = 60;

export class Housekeeping {
  private readonly chores: Chores;
  private ticks = 0;
  private pruning = false;
  private offsetMs: number;

  constructor(chores: Chores) {
    this.chores = chores;
    this.offsetMs = chores.clockOffsetMs();
  }

  start(clock: WakeClock): void {
    const slot = clock.slot(() => {
      slot.set(TICK_MS, LATEST_TICK_MS);
      this.tick();
    });
    slot.set(TICK_MS, LATEST_TICK_MS);
    this.chores.refreshTools();
  }

  private tick(): void {
    const { chores } = this;
    this.ticks += 1;
    if (this.ticks % MARK_EVERY === 0) chores.leaveMark();
    if (this.clockWasSet()) chores.refreshPolicy();
    if (this.ticks % RETRY_EVERY === 0) {
      chores.retryStore();
      chores.drain();
      chores.endPause();
    }
    if (this.ticks % GUARDED_FILES_EVERY === 0 && chores.guardedFilesChanged()) chores.refreshPolicy();
    if (this.ticks % MINUTE === 0) {
      chores.refreshTools();
      chores.saveClock();
    }
    if (this.pruning || this.ticks % MINUTE === 0) this.pruning = chores.prune();
  }

  /** The policy's expiries are wall-clock times of the moment it was made; a clock that was set since makes them wrong. */
  private clockWasSet(): boolean {
    const offset = this.chores.clockOffsetMs();
    const moved = Math.abs(offset - this.offsetMs) > TICK_MS;
    if (moved) this.offsetMs = offset;
    return moved;
  }
}
