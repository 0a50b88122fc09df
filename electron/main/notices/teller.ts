/** Takes what the engine wants told, shows it or keeps it for the inbox, and says what became of it. */
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { WindowSettings } from '../../../shared/ipc/table.ts';
import type { Delivered, Notifier } from './notifier.ts';
import { NoticePlanner, type Notice } from './plan.ts';

export interface TellerParts {
  readonly notifier: Notifier;
  readonly settings: () => WindowSettings['notices'];
  readonly nowMs: () => number;
  readonly done: (historyIds: readonly string[], delivered: Delivered) => Promise<unknown>;
  readonly open: (historyId: string) => void;
}

export class Teller {
  private readonly parts: TellerParts;
  private readonly planner = new NoticePlanner();
  /** Being shown; the engine offers an entry until it hears what became of it. */
  private readonly underWay = new Set<string>();

  constructor(parts: TellerParts) {
    this.parts = parts;
  }

  async tell(entries: readonly HistoryEntry[]): Promise<void> {
    const fresh = entries.filter(({ id }) => !this.underWay.has(id));
    for (const { id } of fresh) this.underWay.add(id);
    const plan = this.planner.plan(fresh, this.parts.settings(), this.parts.nowMs());
    await Promise.all([
      this.report(plan.heldBack, { outcome: 'held-back', detail: 'more than six in an hour; it is in the inbox' }),
      this.report(plan.switchedOff, { outcome: 'switched-off', detail: null }),
      ...plan.show.map((notice) => this.show(notice)),
    ]);
    for (const { id } of fresh) this.underWay.delete(id);
  }

  private async show(notice: Notice): Promise<void> {
    const delivered = await this.parts.notifier.show(notice, () => this.parts.open(notice.historyId));
    await this.report(notice.historyIds, delivered);
  }

  private async report(historyIds: readonly string[], delivered: Delivered): Promise<void> {
    if (historyIds.length > 0) await this.parts.done(historyIds, delivered);
  }
}
