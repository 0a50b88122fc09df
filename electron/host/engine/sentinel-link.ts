/**
 * The engine's dealings with the sentinel: puts policies in force, takes records, watches its heartbeat.
 *
 * The policy lies on disk before it is sent, so that a sentinel that starts at this very moment has it as well.
 */
import fs from 'node:fs';
import type { HeldProcess } from '../../platform/contract.ts';
import type { PolicyPublisher } from '../../engine/control/policy-keeper.ts';
import type { FromSentinel, SentinelStats, StartRecord } from '../../../shared/link/messages.ts';
import type { PolicySnapshot } from '../../../shared/policy/snapshot.ts';
import type { Coverage } from '../../../shared/status/status.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { BeatReader } from '../beat-file.ts';
import { HeartbeatTimer } from '../heartbeat-timer.ts';
import type { WakeClock } from '../wake-clock.ts';
import { LinkClient, type LinkClientOptions } from '../link/link-client.ts';

/** Longer than a restart of the sentinel takes. Without any sentinel the file on disk is what the next one decides by. */
const IN_FORCE_WITHIN_MS = 2_000;

export interface SentinelLinkOptions {
  readonly socketPath: string;
  readonly snapshotFile: string;
  readonly silenceMs: number;
  readonly clock: WakeClock;
  /** Where the sentinel leaves its signs of life. */
  readonly beatFile: string;
  readonly isOurs: LinkClientOptions['isOurs'];
  /** Holds the process so that a reused id is never ended in its place. */
  readonly hold: (pid: number, startTicks: number) => Result<HeldProcess | null>;
  readonly onUp: (startTicks: number) => void;
  readonly onDown: () => void;
  readonly onRecords: (sentinelId: string, records: readonly StartRecord[]) => void;
  readonly onDenied: () => void;
  /** A denial that is in no log: whether the kernel was answered before the sentinel ended. */
  readonly onUnlogged: (sentinelId: string, record: StartRecord, answered: boolean) => void;
  readonly onCoverage: (coverage: readonly Coverage[]) => void;
  readonly onAllowUsed: (allowId: string) => void;
  readonly log: (line: string) => void;
}

interface Waiting {
  readonly generation: number;
  readonly settle: (outcome: Result<void>) => void;
}

export class SentinelLink implements PolicyPublisher {
  private readonly options: SentinelLinkOptions;
  private readonly client: LinkClient;
  private readonly watch: HeartbeatTimer;
  private snapshot: PolicySnapshot | null = null;
  private waiting: Waiting | null = null;
  private process: HeldProcess | null = null;
  private sentinelId: string | null = null;
  private latestStats: SentinelStats | null = null;
  private latestCoverage: readonly Coverage[] = [];
  private unlogged: StartRecord[] = [];

  constructor(options: SentinelLinkOptions) {
    this.options = options;
    const beats = new BeatReader(options.beatFile);
    this.watch = new HeartbeatTimer(options.clock, options.silenceMs, () => beats.last(), () => this.onSilence());
    this.client = new LinkClient({
      socketPath: options.socketPath,
      isOurs: options.isOurs,
      onConnected: () => undefined,
      onLost: () => this.onLost(),
      onMessage: (message) => this.receive(message),
    });
  }

  start(): void {
    this.client.start();
  }

  /** Null while none is connected. */
  get sentinelPid(): number | null {
    return this.process?.pid ?? null;
  }

  get stats(): SentinelStats | null {
    return this.latestStats;
  }

  get coverage(): readonly Coverage[] {
    return this.latestCoverage;
  }

  async publish(snapshot: PolicySnapshot): Promise<Result<void>> {
    const written = this.write(snapshot);
    if (!written.ok) return written;
    const before = this.snapshot;
    this.snapshot = snapshot;
    const outcome = await new Promise<Result<void>>((resolve) => {
      const timer = setTimeout(() => settle(this.sentinelId === null ? ok(undefined) : fail('sentinel-slow', 'The sentinel did not take the new rules in time. The old ones stay in force.')), IN_FORCE_WITHIN_MS);
      const settle = (result: Result<void>): void => {
        clearTimeout(timer);
        this.waiting = null;
        resolve(result);
      };
      this.waiting = { generation: snapshot.generation, settle };
      this.client.send({ t: 'policy', snapshot });
    });
    if (!outcome.ok && before !== null) this.goBack(before);
    return outcome;
  }

  /** The engine has stored everything up to here. */
  tellDrained(sentinelId: string, throughSeq: number): void {
    if (sentinelId === this.sentinelId) this.client.send({ t: 'drained', throughSeq });
  }

  /** The same for what it told over this link. A later sentinel counts anew. */
  tellTaken(sentinelId: string, throughSeq: number): void {
    if (sentinelId === this.sentinelId) this.client.send({ t: 'taken', throughSeq });
  }

  close(): void {
    this.watch.close();
    this.client.close();
  }

  private goBack(before: PolicySnapshot): void {
    this.snapshot = before;
    this.write(before);
    this.client.send({ t: 'policy', snapshot: before });
  }

  private write(snapshot: PolicySnapshot): Result<void> {
    const { snapshotFile } = this.options;
    try {
      fs.writeFileSync(`${snapshotFile}.new`, JSON.stringify(snapshot), { mode: 0o600, flush: true });
      fs.renameSync(`${snapshotFile}.new`, snapshotFile);
      return ok(undefined);
    } catch (error) {
      return fail('policy-not-saved', `The rules could not be saved (${(error as Error).message}): nothing was changed.`);
    }
  }

  private receive(message: FromSentinel): void {
    const { options } = this;
    switch (message.t) {
      case 'hello':
        this.onHello(message);
        break;
      case 'beat':
        this.watch.beat();
        break;
      case 'starts':
        options.onRecords(this.sentinelId ?? '', message.records);
        break;
      case 'denied':
        this.settleUnlogged(message.throughSeq);
        options.onDenied();
        break;
      case 'denied-unlogged':
        this.unlogged.push(message.record);
        break;
      case 'stats':
        this.latestStats = message.stats;
        break;
      case 'coverage':
        this.latestCoverage = message.coverage;
        options.onCoverage(message.coverage);
        break;
      case 'allow-used':
        options.onAllowUsed(message.allowId);
        break;
      case 'policy-in-force':
        if (this.waiting?.generation === message.generation) this.waiting.settle(ok(undefined));
        break;
      case 'policy-refused':
        options.log(`the sentinel refused the rules: ${message.message}`);
        if (this.waiting?.generation === message.generation) this.waiting.settle(fail('policy-refused', message.message));
        break;
    }
  }

  private onHello(hello: Extract<FromSentinel, { t: 'hello' }>): void {
    const held = this.options.hold(hello.pid, hello.startTicks);
    this.process?.close();
    this.process = held.ok ? held.value : null;
    this.sentinelId = hello.sentinelId;
    this.watch.beat();
    this.options.onUp(hello.startTicks);
    if (this.snapshot !== null && hello.generation !== this.snapshot.generation) this.client.send({ t: 'policy', snapshot: this.snapshot });
    else if (this.waiting !== null && this.waiting.generation === hello.generation) this.waiting.settle(ok(undefined));
  }

  private settleUnlogged(answeredThroughSeq: number): void {
    const { unlogged, sentinelId } = this;
    this.unlogged = [];
    for (const record of unlogged) this.options.onUnlogged(sentinelId ?? '', record, record.seq <= answeredThroughSeq);
  }

  private onLost(): void {
    this.settleUnlogged(0);
    this.watch.reset();
    this.process?.close();
    this.process = null;
    this.sentinelId = null;
    this.latestCoverage = this.latestCoverage.map(({ mount }) => ({ mount, prevent: false, reason: 'the sentinel is being started again', cause: 'notNeeded' }));
    this.options.onDown();
  }

  /** The owner watches as well; whoever notices first ends it, and the kernel lets the waiting starts through. */
  private onSilence(): void {
    this.options.log('the sentinel gave no sign of life: ended');
    this.process?.signal('SIGKILL');
  }
}
