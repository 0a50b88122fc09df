/**
 * How long news of processes may lie before it is looked at. Waking up for each fork, exec and exit would cost a busy machine more than looking at them
 * does, and each look finds the processor's caches emptied by the very programs it looks at. On a calm machine news is looked at
 * at once, so that what starts there is looked at while it still runs.
 */
const NS_PER_MS = 1_000_000n;
/** What comes sooner after the last look than this is gathered. */
const THICK_WITHIN_NS = 7n * NS_PER_MS;
const THICK_MS = 8;
/** So much news in a second is work that goes on: a build, a storm. A program starts, runs and ends with three of them. */
const BUSY_NEWS = 120;
const BUSY_MS = 25;
/** A look that found more than this was large enough without gathering, and who takes it may still be at work on it. */
const ENOUGH = 256;
const SECOND_NS = 1_000n * NS_PER_MS;

export class NewsPace {
  private lastNs = 0n;
  private sinceNs = 0n;
  private count = 0;
  private countBefore = 0;
  private lastCount = 0;

  /** So much was read at that time. */
  looked(news: number, nowNs: bigint): void {
    this.turn(nowNs);
    this.count += news;
    this.lastCount = news;
    this.lastNs = nowNs;
  }

  /** There is news: milliseconds until it is to be looked at. */
  gatherMs(nowNs: bigint): number {
    this.turn(nowNs);
    if (this.lastCount > ENOUGH) return 0;
    if (Math.max(this.count, this.countBefore) >= BUSY_NEWS) return BUSY_MS;
    return nowNs - this.lastNs < THICK_WITHIN_NS ? THICK_MS : 0;
  }

  private turn(nowNs: bigint): void {
    const passed = nowNs - this.sinceNs;
    if (passed < SECOND_NS) return;
    this.countBefore = passed < 2n * SECOND_NS ? this.count : 0;
    this.count = 0;
    this.sinceNs = nowNs;
  }
}
