/** What changes the policy in force, or what is kept of it, without anybody asking: allows that have served, the device, the clock. */
import type { PolicyKeeper } from '../../engine/control/policy-keeper.ts';
import type { ExpiryClock } from '../../engine/core/expiry-clock.ts';
import { countUse } from '../../engine/edr/allow-uses.ts';
import type { OpenedStore } from '../../engine/edr/open-store.ts';
import type { OpenedSettings } from '../../engine/settings/settings-file.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { DeviceWatch } from './device-facts.ts';
import type { LiveSystem } from './live-processes.ts';

export interface UpkeepParts {
  readonly settings: OpenedSettings['settings'];
  readonly keeper: PolicyKeeper;
  readonly expiry: ExpiryClock;
  readonly device: DeviceWatch;
  readonly live: LiveSystem;
  /** Null until it is open. */
  readonly store: () => OpenedStore['store'] | null;
  /** A failure is told and nothing else: the next round tries again. */
  readonly report: (outcome: Result<unknown>) => void;
}

export class PolicyUpkeep {
  private readonly parts: UpkeepParts;

  constructor(parts: UpkeepParts) {
    this.parts = parts;
  }

  /** It counts; one for one time has served. */
  spendAllow(id: string): void {
    const { settings, keeper, store, report } = this.parts;
    const allow = settings.current.allows.find((one) => one.id === id);
    store()?.view((sqlite) => countUse(sqlite, id, Date.now()));
    if (allow?.ends !== 'once') return;
    void keeper.change((now) => ok({ ...now, allows: now.allows.filter((one) => one.id !== id) })).then(report);
  }

  /** Only while something expires: else there is nothing a clock that was set back could revive. */
  saveClock(): void {
    const { settings, expiry, report } = this.parts;
    if (settings.current.pause === null && settings.current.allows.length === 0) return;
    report(settings.save({ ...settings.current, clock: expiry.mark() }));
  }

  async refreshTools(): Promise<void> {
    const { live, device } = this.parts;
    live.refresh();
    if (await device.refreshTools()) await this.refresh();
  }

  async refresh(): Promise<void> {
    this.parts.report(await this.parts.keeper.refresh());
  }
}
