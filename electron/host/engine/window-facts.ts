/** What the calls of the window need of the engine process beside history and rules. */
import os from 'node:os';
import type { Authority } from '../../engine/control/authority.ts';
import type { ControlDeps } from '../../engine/control/deps.ts';
import { ChangeSignal } from '../../engine/control/change-signal.ts';
import type { Scheduler } from '../../engine/core/scheduler.ts';
import { LiveRing } from '../../engine/pipeline/live-ring.ts';
import { Polkit } from '../../platform/linux/polkit.ts';
import { resourceUse } from '../../platform/linux/proc.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { StartRecord } from '../../../shared/link/messages.ts';
import { monotonicMs } from '../beat-file.ts';
import type { Family } from './status-board.ts';

export type WindowDeps = Pick<ControlDeps, 'changes' | 'live' | 'authority' | 'family' | 'useOf' | 'monotonicMs' | 'hostFacts'>;

export class WindowFacts {
  readonly changes: ChangeSignal;
  readonly live = new LiveRing();
  private readonly authority: Authority = new Polkit();
  private readonly version: string;

  constructor(scheduler: Scheduler, version: string) {
    this.changes = new ChangeSignal(scheduler);
    this.version = version;
  }

  deps(family: () => Family): WindowDeps {
    const { changes, live, authority, version } = this;
    return {
      changes, live, authority, monotonicMs,
      family: () => familyOf(family()),
      useOf: resourceUse,
      hostFacts: () => ({ version, system: os.platform(), release: os.release(), arch: os.arch(), node: process.versions.node, runtime: 'type' in process ? 'electron' : 'node' }),
    };
  }

  /** What became of starts that the sentinel judged. */
  onRecords(records: readonly StartRecord[]): void {
    for (const record of records) {
      this.live.add({
        timeMs: record.timeMs,
        kind: record.kind === 'open' ? 'opening' : 'process-start',
        pid: record.pid ?? record.tid,
        image: record.image,
        commandLine: record.argv?.join(' ') ?? '',
        uid: record.uid ?? null,
        parentImage: null,
        outcome: record.allowId === undefined ? 'clear' : 'allowed',
        rule: null,
      });
    }
  }

  onEntry({ lastTime, process: about, ancestors, action, rule }: HistoryEntry, uid: number | null): void {
    const outcome = action === 'suspended' || action === 'remediated' ? 'stopped' : action;
    this.live.add({ timeMs: Date.parse(lastTime), kind: 'finding', pid: about.pid, image: about.image, commandLine: about.commandLine, uid, parentImage: ancestors[0]?.image ?? null, outcome, rule: rule.name });
    this.changes.raise();
  }
}

function familyOf({ ownerPid, sentinelPid }: Family): { readonly name: string; readonly pid: number }[] {
  const known = [{ name: 'engine', pid: process.pid }, { name: 'owner', pid: ownerPid }];
  return sentinelPid === null ? known : [...known, { name: 'sentinel', pid: sentinelPid }];
}
