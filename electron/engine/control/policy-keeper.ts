/**
 * The only way a setting changes: the new settings are compiled first, saved, and put in force everywhere before the
 * caller hears "done". A change that fails at any step leaves everything as it was. Changes wait for each other.
 */
import { compilePolicy, type CompiledPolicy } from '../asr/policy.ts';
import type { RuleBook, System } from '../asr/rule-book.ts';
import type { ClockMark, Times } from '../core/expiry-clock.ts';
import { buildSnapshot } from '../settings/build-snapshot.ts';
import type { Settings } from '../settings/settings-schema.ts';
import type { PolicySnapshot } from '../../../shared/policy/snapshot.ts';
import { fail, ok, type Failure, type Result } from '../../../shared/result.ts';

export interface PolicyPublisher {
  /** Resolves ok when the snapshot decides in the sentinel (or there is none to tell), with a failure when it does not. */
  publish(snapshot: PolicySnapshot): Promise<Result<void>>;
}

/** What the device adds to the settings. */
export interface DeviceFacts {
  readonly systemTools: Readonly<Record<string, string>>;
  readonly guardedFiles: readonly string[];
}

export interface PolicyKeeperDeps {
  readonly book: RuleBook;
  readonly system: System;
  readonly settings: { readonly current: Settings; save(next: Settings): Result<void> };
  readonly publisher: PolicyPublisher;
  /** As these settings need them. */
  readonly device: (settings: Settings) => DeviceFacts;
  readonly times: () => Times;
  /** Saved with every change, so that what expires and the time it counts by can not be parted. */
  readonly clockMark: () => ClockMark;
  readonly bootId: string | null;
  /** The policy the engine itself judges by follows the one in force. */
  readonly onPolicy: (policy: CompiledPolicy) => void;
}

export class PolicyKeeper {
  private readonly deps: PolicyKeeperDeps;
  private lastGeneration: number;
  private turn: Promise<unknown> = Promise.resolve();

  /** `firstGeneration` is above that of any policy already on disk, so that an answer never names two policies by one number. */
  constructor(deps: PolicyKeeperDeps, firstGeneration: number) {
    this.deps = deps;
    this.lastGeneration = firstGeneration - 1;
  }

  get generation(): number {
    return this.lastGeneration;
  }

  /** Applies `edit` to the settings in force when its turn comes. Ok with the generation that is then in force. */
  change(edit: (settings: Settings) => Result<Settings>): Promise<Result<number>> {
    return this.inTurn(async () => {
      const before = this.deps.settings.current;
      const next = edit(before);
      if (!next.ok) return next;
      const built = this.build(next.value);
      if (!built.ok) return built;
      const saved = this.deps.settings.save({ ...next.value, clock: this.deps.clockMark() });
      if (!saved.ok) return saved;
      try {
        const inForce = await this.putInForce(built.value);
        return inForce.ok ? inForce : this.takeBack(before, inForce.error);
      } catch (defect) {
        this.takeBack(before, { code: 'defect', message: 'The change met a defect.' });
        throw defect;
      }
    });
  }

  /** What failed is told; when the disk does not take the old settings back, that too, because a restart would bring the new ones. */
  private takeBack(before: Settings, failed: Failure): Result<number> {
    const saved = this.deps.settings.save({ ...before, clock: this.deps.clockMark() });
    if (saved.ok) return { ok: false, error: failed };
    return fail(failed.code, `${failed.message} The change could not be taken back either (${saved.error.message}); until it is, a restart of Holdfast would put it in force.`);
  }

  /** The same settings again, because the device changed (new system tools, new guarded files) or time ended a pause. */
  refresh(): Promise<Result<number>> {
    return this.inTurn(async () => {
      const built = this.build(this.deps.settings.current);
      return built.ok ? this.putInForce(built.value) : built;
    });
  }

  private build(settings: Settings): Result<CompiledPolicy> {
    const { book, system, device, times, bootId } = this.deps;
    const snapshot = buildSnapshot({ book, system, settings, bootId, ...device(settings), ...times(), generation: this.lastGeneration + 1 });
    return compilePolicy(snapshot);
  }

  private async putInForce(policy: CompiledPolicy): Promise<Result<number>> {
    const published = await this.deps.publisher.publish(policy.snapshot);
    // The number is used up also when the sentinel refused: it may have seen it.
    this.lastGeneration = policy.snapshot.generation;
    if (!published.ok) return published;
    this.deps.onPolicy(policy);
    return ok(policy.snapshot.generation);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }
}
