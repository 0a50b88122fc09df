/** Looks up, at the moment of an act, which processes stand above Holdfast and above a running rehearsal. */
import type { LiveProcesses } from '../ports.ts';
import type { Shielded } from './protected.ts';

const MOST_GENERATIONS = 64;

interface Rehearsing {
  readonly pid: number;
  readonly startTicks: number;
}

export class Shield {
  private readonly live: Pick<LiveProcesses, 'stat'>;
  private own: ReadonlySet<number> = new Set();
  private readonly rehearsals = new Map<string, Rehearsing>();

  constructor(live: Pick<LiveProcesses, 'stat'>) {
    this.live = live;
  }

  /** All processes of this Holdfast: owner, engine, sentinel, watchers. */
  setOwn(pids: readonly number[]): void {
    this.own = new Set(pids);
  }

  /** False when the process is gone. `token` ends it. */
  addRehearsal(token: string, pid: number): boolean {
    const stat = this.live.stat(pid);
    if (stat === null) return false;
    this.rehearsals.set(token, { pid, startTicks: stat.startTicks });
    return true;
  }

  endRehearsal(token: string): void {
    this.rehearsals.delete(token);
  }

  now(): Shielded {
    const ownAncestors = new Set<number>();
    for (const pid of this.own) this.addAncestors(pid, ownAncestors);
    const rehearsing = new Set<number>();
    for (const [token, { pid, startTicks }] of this.rehearsals) {
      if (this.live.stat(pid)?.startTicks !== startTicks) {
        this.rehearsals.delete(token);
        continue;
      }
      rehearsing.add(pid);
      this.addAncestors(pid, rehearsing);
    }
    return { own: this.own, ownAncestors, rehearsing };
  }

  private addAncestors(pid: number, into: Set<number>): void {
    let at = this.live.stat(pid)?.ppid ?? 0;
    for (let generation = 0; at > 0 && generation < MOST_GENERATIONS && !into.has(at); generation += 1) {
      into.add(at);
      at = this.live.stat(at)?.ppid ?? 0;
    }
  }
}
