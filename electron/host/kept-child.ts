/**
 * One child that is kept alive: started, watched by its heartbeat, killed when it is silent, started again.
 * The first restart is immediate (every moment without it is a gap); a child that keeps dying is retried more slowly.
 */
import type { ChildEntry, ChildLauncher, HostChild } from './child-launcher.ts';
import { BeatReader } from './beat-file.ts';
import { HeartbeatTimer } from './heartbeat-timer.ts';
import type { WakeClock } from './wake-clock.ts';
import { childMessageSchema, type ChildMessage, type OwnerMessage } from './messages.ts';

/** A loaded machine starts slowly; a child that never comes up is no use. */
const UP_WITHIN_MS = 20_000;
const HEALTHY_AFTER_MS = 5_000;
/** A child that ends at once for ever must not eat the machine; one that is killed now and then must be back within two seconds. */
const BACKOFF_MS = [0, 0, 100, 250, 500, 500, 500, 500, 1_000, 1_000, 2_000, 5_000];

export interface KeptChildOptions {
  readonly entry: ChildEntry;
  readonly args: readonly string[];
  readonly silenceMs: number;
  /** Where it leaves its signs of life. */
  readonly beatFile: string;
  readonly launcher: ChildLauncher;
  /** Shared by all children: they are looked at together. */
  readonly clock: WakeClock;
  readonly onMessage: (message: ChildMessage) => void;
  /** After each start and each end. */
  readonly onChange: () => void;
  readonly log: (line: string) => void;
}

export class KeptChild {
  private readonly options: KeptChildOptions;
  private readonly watch: HeartbeatTimer;
  private readonly beats: BeatReader;
  private child: HostChild | null = null;
  private starts = 0;
  private quickDeaths = 0;
  private startedAt = 0;
  private ended = false;
  private restartTimer: NodeJS.Timeout | null = null;

  constructor(options: KeptChildOptions) {
    this.options = options;
    this.beats = new BeatReader(options.beatFile);
    this.watch = new HeartbeatTimer(options.clock, options.silenceMs, () => this.beats.last(), () => this.onSilence());
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  get restarts(): number {
    return Math.max(0, this.starts - 1);
  }

  start(): void {
    if (this.ended || this.child !== null) return;
    const child = this.options.launcher.fork(this.options.entry, this.options.args);
    this.child = child;
    this.starts += 1;
    this.startedAt = performance.now();
    this.watch.expectFirst(UP_WITHIN_MS);
    child.onMessage((message) => {
      this.receive(message);
    });
    child.onExit((code) => {
      if (this.child === child) this.onExit(code);
    });
    this.options.onChange();
  }

  post(message: OwnerMessage): void {
    this.child?.post(message);
  }

  /** No further restarts; resolves when the child has ended, at the latest after `waitMs` with SIGKILL. */
  async end(waitMs: number): Promise<void> {
    this.ended = true;
    this.watch.close();
    this.beats.close();
    if (this.restartTimer !== null) clearTimeout(this.restartTimer);
    const child = this.child;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      const killer = setTimeout(() => {
        child.kill();
      }, waitMs);
      child.onExit(() => {
        clearTimeout(killer);
        resolve();
      });
      child.post({ t: 'stop' } satisfies OwnerMessage);
    });
  }

  private receive(message: unknown): void {
    const parsed = childMessageSchema.safeParse(message);
    if (!parsed.success) {
      this.options.log(`${this.options.entry}: a message of unknown form was ignored`);
      return;
    }
    const { t } = parsed.data;
    // A child that tells its state is up; one that falls silent before its first beat would have all the time there is for starting.
    if (t === 'beat' || t === 'state') this.watch.beat();
    if (t !== 'beat') this.options.onMessage(parsed.data);
  }

  private onSilence(): void {
    if (this.child === null) return;
    this.options.log(`${this.options.entry}: no sign of life, ended and started again`);
    this.child.kill();
  }

  private onExit(code: number | null): void {
    this.child = null;
    this.watch.reset();
    if (this.ended) return;
    this.quickDeaths = performance.now() - this.startedAt < HEALTHY_AFTER_MS ? this.quickDeaths + 1 : 0;
    const delay = BACKOFF_MS[Math.min(this.quickDeaths, BACKOFF_MS.length - 1)] ?? 0;
    this.options.log(`${this.options.entry}: ended (${code ?? 'signal'}), starts again${delay > 0 ? ` in ${delay} ms` : ''}`);
    this.options.onChange();
    this.restartTimer = setTimeout(() => {
      this.start();
    }, delay);
  }
}
