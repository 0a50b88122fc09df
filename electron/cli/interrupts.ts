/** Who has to clean up before this process may end, and what ends it early: a signal, or an output that nobody reads any more. */

export class Interrupts {
  private readonly listeners = new Set<() => void>();
  private readonly endNow: () => void;
  private closed = false;

  /** `endNow` ends the process without any cleaning up. */
  constructor(endNow: () => void) {
    this.endNow = endNow;
  }

  /** The output was closed from outside (`| head`). */
  get outputClosed(): boolean {
    return this.closed;
  }

  add(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Every write after the first that failed says so again. */
  onOutputClosed(): void {
    const first = !this.closed;
    this.closed = true;
    if (!first) return;
    if (this.listeners.size === 0) this.endNow();
    for (const listener of [...this.listeners]) listener();
  }
}
