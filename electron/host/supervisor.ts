/**
 * The owner of engine and sentinel: starts both, watches both, restarts them, tells each about the other, prints the state.
 * It runs in the Electron main process or under plain Node; which one is the launcher's business.
 *
 * The sentinel belongs to the owner and not to the engine, so that it goes on deciding when the engine dies.
 */
import { beatFileOf } from './beat-file.ts';
import type { ChildEntry, ChildLauncher } from './child-launcher.ts';
import { KeptChild } from './kept-child.ts';
import type { ChildMessage, OwnWindow } from './messages.ts';
import { toArguments, type HostOptions } from './options.ts';
import { WakeClock } from './wake-clock.ts';
import { describeState, nextSteps, STOPPED } from './words.ts';

/** A sentinel that is silent this long may be holding starts: DESIGN §2. */
export const SENTINEL_SILENCE_MS = 500;
/** The engine holds nobody, but what it does after a start must not wait. */
export const ENGINE_SILENCE_MS = 1_000;
const STOP_WAIT_MS = 3_000;
/** Trying again would end the same way; whoever started us must not. */
const CAN_NOT_RUN = 2;

export interface RunningHost {
  /** Ends both children; resolves when they are gone. */
  stop(): Promise<void>;
  /** Resolves when Holdfast ends by itself: somebody with rights stopped it, or it can not run here. */
  readonly ended: Promise<{ readonly exitCode: number }>;
}

/** What the owner knows of itself. */
export interface HostFacts {
  /** Whether this process may hold kernel permission descriptors (root on Linux). */
  readonly privileged: boolean;
  /** The window this process shows; null when it shows none. */
  readonly window: OwnWindow | null;
}

export function startHost(options: HostOptions, launcher: ChildLauncher, facts: HostFacts, print: (line: string) => void): RunningHost {
  const host = new Host(options, launcher, facts, print);
  host.start();
  return host;
}

class Host implements RunningHost {
  readonly ended: Promise<{ readonly exitCode: number }>;
  private resolveEnded: (value: { exitCode: number }) => void = () => undefined;
  private readonly engine: KeptChild;
  private readonly sentinel: KeptChild | null;
  private lastState = '';
  private sentinelFailure: string | null = null;
  private stopped: Promise<void> | null = null;
  private readonly clock = new WakeClock();
  private readonly print: (line: string) => void;
  private readonly options: HostOptions;
  private readonly window: OwnWindow | null;

  constructor(options: HostOptions, launcher: ChildLauncher, facts: HostFacts, print: (line: string) => void) {
    this.options = options;
    this.print = print;
    this.window = facts.window;
    this.ended = new Promise((resolve) => {
      this.resolveEnded = resolve;
    });
    const args = [...toArguments(options), '--resources', options.resourcesDir];
    const beatFile = (entry: ChildEntry): string => beatFileOf(options.paths.privateRunDir, entry);
    const shared = { args, launcher, clock: this.clock, log: print, onChange: (): void => this.tellFamily() };
    this.engine = new KeptChild({ ...shared, entry: 'engine', beatFile: beatFile('engine'), silenceMs: ENGINE_SILENCE_MS, onMessage: (message) => this.onEngine(message) });
    this.sentinel = facts.privileged
      ? new KeptChild({ ...shared, entry: 'sentinel', beatFile: beatFile('sentinel'), silenceMs: SENTINEL_SILENCE_MS, onMessage: (message) => this.onSentinel(message) })
      : null;
  }

  start(): void {
    this.engine.start();
  }

  stop(): Promise<void> {
    this.stopped ??= this.endAll();
    return this.stopped;
  }

  private async endAll(): Promise<void> {
    await this.sentinel?.end(STOP_WAIT_MS);
    await this.engine.end(STOP_WAIT_MS);
    this.clock.close();
    this.print(STOPPED);
  }

  private onEngine(message: ChildMessage): void {
    // The data folder is ours: only now may a sentinel of this instance exist.
    if (message.t === 'ready') this.sentinel?.start();
    if (message.t === 'state' && this.stopped === null) this.showState(message);
    if (message.t === 'stop-requested') void this.finish(0);
    if (message.t === 'fatal') {
      this.print(message.message);
      void this.finish(CAN_NOT_RUN);
    }
  }

  private onSentinel(message: ChildMessage): void {
    if (message.t !== 'fatal') return;
    this.print(message.message);
    this.sentinelFailure = message.message;
    this.tellFamily();
  }

  private async finish(exitCode: number): Promise<void> {
    await this.stop();
    this.resolveEnded({ exitCode });
  }

  private showState(message: Extract<ChildMessage, { t: 'state' }>): void {
    const lines = describeState(message);
    const text = lines.join('\n');
    if (text === this.lastState) return;
    this.lastState = text;
    for (const line of lines) this.print(line);
    for (const line of nextSteps(message.state, this.options)) this.print(line);
  }

  private tellFamily(): void {
    this.engine.post({
      t: 'family',
      ownerPid: process.pid,
      sentinelPid: this.sentinel?.pid ?? null,
      engineRestarts: this.engine.restarts,
      sentinelRestarts: this.sentinel?.restarts ?? 0,
      sentinelFailure: this.sentinelFailure,
      window: this.window,
    });
  }
}
