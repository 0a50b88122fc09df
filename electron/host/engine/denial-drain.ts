/**
 * Copies denials from the sentinels' logs into the store, each once and in order, and forgets a log only when everything
 * in it is stored. Runs of `drain` wait for each other.
 */
import fs from 'node:fs';
import type { LoggedDenial } from '../../engine/pipeline/denial-resolver.ts';
import type { Result } from '../../../shared/result.ts';
import { listDenialLogs, readDenialLog } from '../sentinel/denial-log.ts';

export interface DrainPorts {
  readonly folder: string;
  /** Decides and records; resolves when all are in the store. */
  readonly resolve: (sentinelId: string, denials: readonly LoggedDenial[]) => Promise<void>;
  readonly drainedThrough: (sentinelId: string) => number;
  /** Ok only when everything up to there is on disk. */
  readonly markDrained: (sentinelId: string, seq: number) => Result<void>;
  /** Whether the sentinel that writes this log still lives. */
  readonly isHeld: (file: string) => boolean;
  /** Tells the living sentinel that it may empty its log. */
  readonly tell: (sentinelId: string, throughSeq: number) => void;
  readonly log: (line: string) => void;
}

export class DenialDrain {
  private readonly ports: DrainPorts;
  private running: Promise<void> | null = null;
  private again = false;
  private told: { readonly sentinelId: string; readonly throughSeq: number } | null = null;

  constructor(ports: DrainPorts) {
    this.ports = ports;
  }

  /** Resolves when everything logged before the call is stored. */
  async drain(): Promise<void> {
    this.again = true;
    this.running ??= this.run();
    await this.running;
  }

  private async run(): Promise<void> {
    // A run without work must not end before `running` is set: that would be the last run for ever.
    await Promise.resolve();
    try {
      while (this.again) {
        this.again = false;
        await this.drainAll();
      }
    } catch (error) {
      this.ports.log(`denials could not be taken over: ${(error as Error).message}`);
    } finally {
      this.running = null;
    }
  }

  /** A later log of a sentinel only after its earlier ones: what is stored is told by one number. */
  private async drainAll(): Promise<void> {
    const kept = new Set<string>();
    for (const { file, sentinelId } of listDenialLogs(this.ports.folder)) {
      if (!kept.has(sentinelId) && !(await this.drainLog(file, sentinelId))) kept.add(sentinelId);
    }
  }

  /** Once for each number: told every second it would wake the sentinel for nothing. */
  private tell(sentinelId: string, throughSeq: number): void {
    if (this.told?.sentinelId === sentinelId && this.told.throughSeq === throughSeq) return;
    this.told = { sentinelId, throughSeq };
    this.ports.tell(sentinelId, throughSeq);
  }

  /** False when something of it is not in the store. */
  private async drainLog(file: string, sentinelId: string): Promise<boolean> {
    const { ports } = this;
    // Asked before reading: a sentinel that dies in between has written everything it ever will by the next round.
    const alive = ports.isHeld(file);
    const done = ports.drainedThrough(sentinelId);
    const logged = readDenialLog(file).filter(({ record }) => record.seq > done);
    // A living sentinel confirms in a moment: its unconfirmed line is taken then, or when it is dead.
    const open = alive ? logged.findIndex(({ confirmed }) => !confirmed) : -1;
    const ready = open === -1 ? logged : logged.slice(0, open);
    const last = ready.at(-1)?.record.seq;
    if (last !== undefined) {
      await ports.resolve(sentinelId, ready.map(({ record, confirmed }) => ({ ...record, confirmed })));
      const marked = ports.markDrained(sentinelId, last);
      // The log is the only lasting copy until the store has it; the next round tries again.
      if (!marked.ok) {
        ports.log(marked.error.message);
        return false;
      }
    }
    if (alive) this.tell(sentinelId, last ?? done);
    else fs.rmSync(file, { force: true });
    return true;
  }
}
