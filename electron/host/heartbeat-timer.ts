/** Watches the beats of one child: looks when a silence would be complete, and when this process is awake anyway. */
import { monotonicMs } from './beat-file.ts';
import { HeartbeatWatch } from './heartbeat-watch.ts';
import type { Slot, WakeClock } from './wake-clock.ts';

export class HeartbeatTimer {
  private readonly watch: HeartbeatWatch;
  private readonly lastBeat: () => number | null;
  private readonly onMissed: () => void;
  private readonly slot: Slot;
  /** Beats before this are another child's. */
  private countsFromMs = Infinity;
  private newestMs = 0;

  /** `lastBeat` is asked at each look. `onMissed` is called once for each silence of more than `silenceMs`. */
  constructor(clock: WakeClock, silenceMs: number, lastBeat: () => number | null, onMissed: () => void) {
    this.watch = new HeartbeatWatch(silenceMs);
    this.lastBeat = lastBeat;
    this.onMissed = onMissed;
    this.slot = clock.slot(() => this.look());
  }

  /** A child was started; it may take so long to its first beat. */
  expectFirst(limitMs: number): void {
    this.countsFromMs = monotonicMs();
    this.watch.expectFirst(limitMs);
    this.arm();
  }

  /** A sign of life that came another way. */
  beat(): void {
    this.countsFromMs = Math.min(this.countsFromMs, monotonicMs());
    this.watch.beat(monotonicMs());
    this.arm();
  }

  /** The child is gone or replaced. */
  reset(): void {
    this.countsFromMs = Infinity;
    this.watch.reset();
  }

  close(): void {
    this.reset();
    this.slot.clear();
  }

  private arm(): void {
    if (this.slot.isSet) return;
    const wait = this.watch.nextLook(monotonicMs());
    if (wait !== null) this.slot.set(0, wait);
  }

  private look(): void {
    const beatMs = this.lastBeat();
    if (beatMs !== null && beatMs > this.newestMs && beatMs >= this.countsFromMs) {
      this.newestMs = beatMs;
      this.watch.beat(beatMs);
    }
    if (this.watch.look(monotonicMs())) this.onMissed();
    this.arm();
  }
}
