/** Watches the beats of one child with a single timer, which is set anew only when it has fired. */
import { monotonicMs } from './beat-file.ts';
import { HeartbeatWatch } from './heartbeat-watch.ts';

export class HeartbeatTimer {
  private readonly watch: HeartbeatWatch;
  private readonly lastBeat: () => number | null;
  private readonly onMissed: () => void;
  private timer: NodeJS.Timeout | null = null;
  /** Beats before this are another child's. */
  private countsFromMs = Infinity;
  private newestMs = 0;

  /** `lastBeat` is asked when a silence would be complete. `onMissed` is called once for each silence of more than `silenceMs`. */
  constructor(silenceMs: number, lastBeat: () => number | null, onMissed: () => void) {
    this.watch = new HeartbeatWatch(silenceMs);
    this.lastBeat = lastBeat;
    this.onMissed = onMissed;
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
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private arm(): void {
    if (this.timer !== null) return;
    const wait = this.watch.nextLook(monotonicMs());
    if (wait !== null) this.timer = setTimeout(() => this.look(), wait);
  }

  private look(): void {
    this.timer = null;
    const beatMs = this.lastBeat();
    if (beatMs !== null && beatMs > this.newestMs && beatMs >= this.countsFromMs) {
      this.newestMs = beatMs;
      this.watch.beat(beatMs);
    }
    if (this.watch.look(monotonicMs())) this.onMissed();
    this.arm();
  }
}
