/**
 * Counts lost messages from the gaps in the connector's sequence numbers. The kernel counts per processor and sends in that order
 * (drivers/connector/cn_proc.c, send_msg), so the count is exact from the first message of a processor on.
 */
export class SequenceGaps {
  readonly #last = new Map<number, number>();

  /** How many messages of this processor are missing between the last one and this. */
  take(cpu: number, sequence: number): number {
    const last = this.#last.get(cpu);
    this.#last.set(cpu, sequence);
    if (last === undefined) return 0;
    const gap = (sequence - last - 1) >>> 0;
    // A number that lies behind the last one is no loss but a count that began anew.
    return gap < 0x8000_0000 ? gap : 0;
  }
}
