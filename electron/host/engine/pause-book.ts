/** Puts pauses on record: who began or ended one, why, until when; and sees to it that one that expired is over. */
import { toWallMs, type Times } from '../../engine/core/expiry-clock.ts';
import type { Generation, ProcessTree } from '../../engine/core/process-tree.ts';
import type { PolicyKeeper } from '../../engine/control/policy-keeper.ts';
import { pauseHit } from '../../engine/pipeline/own-rules.ts';
import type { FoundProcess, LiveProcesses, Recorder } from '../../engine/ports.ts';
import { runningPause } from '../../engine/settings/build-snapshot.ts';
import type { Settings } from '../../engine/settings/settings-schema.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import { fail, ok } from '../../../shared/result.ts';

type Pause = NonNullable<Settings['pause']>;
type Event = NonNullable<HistoryEntry['pause']>['event'];

const READ_WITHIN_MS = 500;

export interface PauseBookParts {
  readonly settings: () => Settings;
  readonly keeper: Pick<PolicyKeeper, 'change'>;
  readonly recorder: () => Pick<Recorder, 'record'>;
  readonly times: () => Times;
  readonly bootId: string | null;
  readonly live: Pick<LiveProcesses, 'stat' | 'image' | 'argvWithin'>;
  /** Null before there is one. */
  readonly tree: () => Pick<ProcessTree, 'current' | 'programOf' | 'ancestors'> | null;
  readonly newId: () => string;
}

export class PauseBook {
  private readonly parts: PauseBookParts;
  private expiring = false;

  constructor(parts: PauseBookParts) {
    this.parts = parts;
  }

  /** By the word of the kernel and of the accounts of this system, not of the message. */
  async byPerson(event: 'begun' | 'ended', pause: Pause, { uid, pid, name }: { readonly uid: number; readonly pid: number; readonly name: string }): Promise<void> {
    const found = this.found(pid, uid);
    // It waits for the answer, so it is still there. A tree that is limited to a scope knows it by name only.
    const argv = found.argv ?? (await this.parts.live.argvWithin(pid, READ_WITHIN_MS))?.values ?? null;
    this.record(event, pause, name, { ...found, argv }, this.ancestorsOf(pid));
  }

  /** Call it now and then. What the disk does not take stays as it is, and is tried again at the next call: an expired pause lets nothing through. */
  async endExpired(): Promise<void> {
    if (this.expiring || this.expired(this.parts.settings()) === null) return;
    this.expiring = true;
    const over: Pause[] = [];
    const changed = await this.parts.keeper.change((settings) => {
      const pause = this.expired(settings);
      if (pause === null) return fail('no-pause', 'It was ended meanwhile.');
      over.push(pause);
      return ok({ ...settings, pause: null });
    });
    this.expiring = false;
    if (!changed.ok) return;
    for (const pause of over) this.record('expired', pause, pause.who, this.found(process.pid, process.getuid?.() ?? null), []);
  }

  private expired(settings: Settings): Pause | null {
    return runningPause(settings, this.parts.times(), this.parts.bootId) === null ? settings.pause : null;
  }

  private record(event: Event, { untilMs, reason, bootId }: Pause, who: string, process: FoundProcess, ancestors: readonly FoundProcess[]): void {
    const times = this.parts.times();
    const untilRestart = bootId !== undefined;
    const until = untilRestart ? null : new Date(toWallMs(untilMs, times)).toISOString();
    // What the disk does not take, the recorder keeps and shows.
    this.parts.recorder().record({ id: this.parts.newId(), timeMs: times.wallNowMs, action: 'observed', hit: pauseHit(event), process, ancestors, notes: [], pause: { event, who, reason, until, untilRestart } });
  }

  /** The program that asked may have ended by now; the tree knows it all the same. */
  private found(pid: number, uid: number | null): FoundProcess {
    const tree = this.parts.tree();
    const life = tree?.current(pid) ?? null;
    const program = life === null ? null : (tree?.programOf(life) ?? null);
    return { pid, startTicks: life?.startTicks ?? this.parts.live.stat(pid)?.startTicks ?? null, image: program?.image ?? this.parts.live.image(pid) ?? '', argv: program?.argv ?? null, uid };
  }

  private ancestorsOf(pid: number): FoundProcess[] {
    const tree = this.parts.tree();
    const life = tree?.current(pid) ?? null;
    if (tree === null || life === null) return [];
    return tree.ancestors(life).filter(({ program }) => program.image !== '').map(toFound);
  }
}

function toFound({ pid, startTicks, uid, program }: Generation): FoundProcess {
  return { pid, startTicks, image: program.image, argv: program.argv, uid };
}
