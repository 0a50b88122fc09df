/**
 * Stops that an engine began and did not live to finish. What was ended is put on record; what is still there, suspended perhaps, is
 * stopped by this engine.
 */
import type { ProcessTree } from '../core/process-tree.ts';
import type { Finding, LiveProcesses, StopJournal } from '../ports.ts';
import { hasEnded } from '../response/stop-members.ts';
import type { StartActor } from './act-on-start.ts';
import type { Findings } from './findings.ts';
import { ENGINE_ENDED } from './words.ts';

export interface UnfinishedPorts {
  readonly journal: StopJournal;
  readonly findings: Findings;
  readonly live: LiveProcesses;
  readonly tree: ProcessTree;
  readonly actor: StartActor;
}

export class UnfinishedStops {
  private readonly ports: UnfinishedPorts;
  private living: readonly Finding[] = [];

  constructor(ports: UnfinishedPorts) {
    this.ports = ports;
  }

  /** Before anything is judged anew: afterwards it could not be told who ended what. */
  recordEnded(): void {
    const { journal, findings } = this.ports;
    const left = journal.left();
    this.living = left.filter((finding) => this.lives(finding));
    for (const finding of left) if (!this.living.includes(finding)) findings.endStop(finding, 'stopped', [...finding.notes, ENGINE_ENDED]);
  }

  /** Once the tree is whole. One that was judged anew meanwhile is not stopped twice. */
  stopLiving(): void {
    const { journal, tree, actor } = this.ports;
    for (const finding of this.living) {
      const { pid, startTicks, image, argv, uid } = finding.process;
      const life = startTicks === null ? null : tree.find(pid, startTicks);
      if (life !== null && this.lives(finding)) {
        const { program } = life;
        const start = { pid, life, program, atNs: program?.atNs ?? 0n, ppid: life.parent?.pid ?? null, startTicks, image, argv, argvComplete: true, gone: false, uid, currentDirectory: null, missedBecause: null };
        actor.act(start, finding.hit, finding.notes);
      }
      journal.end(finding.id);
    }
    this.living = [];
  }

  private lives({ process }: Finding): boolean {
    const stat = this.ports.live.stat(process.pid);
    return stat !== null && stat.startTicks === process.startTicks && !hasEnded(stat) && this.ports.live.image(process.pid) === process.image;
  }
}
