/** Brings together, for one stop, the facts by which a process is protected. */
import type { ProcessStat } from '../../platform/contract.ts';
import { NOT_READ, type FactReader } from '../../../shared/start/facts.ts';
import type { ProcessTree } from '../core/process-tree.ts';
import type { LiveProcesses } from '../ports.ts';
import { protectedReason } from './protected.ts';
import type { ProtectedPrograms } from './protected-names.ts';
import type { Shield } from './shield.ts';

export interface RefusalPorts {
  readonly live: LiveProcesses;
  readonly tree: Pick<ProcessTree, 'current'>;
  readonly shield: Shield;
  readonly programs: ProtectedPrograms;
}

export class Refusals {
  private readonly ports: RefusalPorts;

  constructor(ports: RefusalPorts) {
    this.ports = ports;
  }

  /** Who stands above Holdfast is looked up once for all processes of a stop. */
  forOneStop(): (stat: ProcessStat) => string | null {
    const { live, shield, programs } = this.ports;
    const shielded = shield.now();
    return (stat) => {
      const image = live.image(stat.pid);
      const facts = (): FactReader => live.facts(stat.pid, { image: image ?? '', argv: null, uid: null, ancestors: [], parentArgv: null });
      return protectedReason(
        {
          pid: stat.pid,
          ppid: stat.ppid,
          image,
          argv: () => this.argvOf(stat),
          uid: () => live.uid(stat.pid),
          parentImage: () => live.image(stat.ppid),
          imageOwnerUid: () => ownerOf(facts()('imageOwnerUid')),
          sharesRoot: () => facts()('sharesRoot') !== false,
        },
        shielded,
        programs,
      );
    };
  }

  private argvOf({ pid, startTicks }: ProcessStat): readonly string[] | null {
    const life = this.ports.tree.current(pid);
    return life?.startTicks === startTicks ? (life.program?.argv ?? null) : null;
  }
}

/** -1 stands for a file that could not be asked. */
function ownerOf(uid: number | null | typeof NOT_READ): number | null {
  return uid === NOT_READ || uid === null || uid < 0 ? null : uid;
}
