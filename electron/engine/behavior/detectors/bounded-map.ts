/** A map that forgets: entries older than `maxAgeMs` and, beyond `maxCount`, the oldest. */
export class BoundedMap<V> {
  private readonly entries = new Map<string, { readonly value: V; readonly atMs: number }>();
  private readonly maxCount: number;
  private readonly maxAgeMs: number;

  constructor(maxCount: number, maxAgeMs: number) {
    this.maxCount = maxCount;
    this.maxAgeMs = maxAgeMs;
  }

  get size(): number {
    return this.entries.size;
  }

  set(key: string, value: V, nowMs: number): void {
    this.entries.delete(key);
    this.entries.set(key, { value, atMs: nowMs });
    this.forget(nowMs);
  }

  get(key: string, nowMs: number): V | undefined {
    const entry = this.entries.get(key);
    return entry && this.isFresh(entry.atMs, nowMs) ? entry.value : undefined;
  }

  /** The fresh entries, oldest first. */
  *fresh(nowMs: number): Generator<readonly [string, V]> {
    for (const [key, entry] of this.entries) if (this.isFresh(entry.atMs, nowMs)) yield [key, entry.value];
  }

  /** Entries stand in the order of their time, so the first fresh one ends the search. */
  private forget(nowMs: number): void {
    for (const [key, entry] of this.entries) {
      if (this.entries.size <= this.maxCount && this.isFresh(entry.atMs, nowMs)) return;
      this.entries.delete(key);
    }
  }

  /** A clock that was set back makes an entry neither immortal nor gone at once: it counts as new until its age has passed again. */
  private isFresh(atMs: number, nowMs: number): boolean {
    return Math.abs(nowMs - atMs) <= this.maxAgeMs;
  }
}
