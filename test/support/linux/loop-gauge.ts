/** Measures the longest time the loop of this process stood still. */
const TICK_MS = 1;

export class LoopGauge {
  private longestMs = 0;
  private last = performance.now();
  private readonly timer = setInterval(() => this.tick(), TICK_MS);

  /** Ends the measurement. */
  stop(): number {
    this.tick();
    clearInterval(this.timer);
    return this.longestMs;
  }

  private tick(): void {
    const now = performance.now();
    this.longestMs = Math.max(this.longestMs, now - this.last - TICK_MS);
    this.last = now;
  }
}
