/** Decision times in a fixed-size histogram: no allocation per decision, quantiles within 4 %. */

const BUCKETS_PER_DOUBLING = 18;
const DOUBLINGS = 24;

export class LatencyHistogram {
  private readonly counts = new Uint32Array(BUCKETS_PER_DOUBLING * DOUBLINGS);
  private total = 0;

  get count(): number {
    return this.total;
  }

  /** `micros` below 1 counts as 1, above 16 seconds as 16 seconds. */
  add(micros: number): void {
    const bucket = Math.floor(Math.log2(Math.max(1, micros)) * BUCKETS_PER_DOUBLING);
    const index = Math.min(bucket, this.counts.length - 1);
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.total += 1;
  }

  /** Upper edge, in microseconds, of the bucket that holds the quantile; null when nothing was added. */
  quantile(fraction: number): number | null {
    if (this.total === 0) return null;
    const rank = Math.ceil(this.total * fraction);
    let seen = 0;
    for (let index = 0; index < this.counts.length; index += 1) {
      seen += this.counts[index] ?? 0;
      if (seen >= rank) return Math.round(2 ** ((index + 1) / BUCKETS_PER_DOUBLING));
    }
    return null;
  }
}
