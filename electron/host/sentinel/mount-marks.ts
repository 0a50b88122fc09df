/**
 * Keeps a permission mark on every file system the policy covers, and says which are covered and which are not.
 *
 * A mark on a file system stops every start on it while the reader is stopped, so with a scope only file systems mounted
 * at or below it are marked, and never the one that holds `/` (also when it is bind-mounted below the scope).
 */
import type { MountEntry, PermissionGate } from '../../platform/contract.ts';
import type { Coverage } from '../../../shared/status/status.ts';

export interface MountSource {
  readMounts(): readonly MountEntry[];
}

export class MountMarks {
  /** Mount point to device, so that another file system at the same place is marked anew. */
  private readonly marked = new Map<string, string>();
  private readonly gate: Pick<PermissionGate, 'markFilesystem' | 'unmarkFilesystem'>;
  private readonly mounts: MountSource;
  private readonly scope: readonly string[];

  constructor(gate: Pick<PermissionGate, 'markFilesystem' | 'unmarkFilesystem'>, mounts: MountSource, scope: readonly string[]) {
    this.gate = gate;
    this.mounts = mounts;
    this.scope = scope;
  }

  /** Makes the marks equal to what is mounted now. `wanted` false takes all marks away: no rule tests starts. */
  refresh(wanted: boolean): Coverage[] {
    const entries = this.mounts.readMounts();
    const rootDevice = entries.find((entry) => entry.mountPoint === '/')?.device;
    const covered = entries.filter((entry) => entry.holdsPrograms && this.inScope(entry, rootDevice));
    this.forgetGone(covered, wanted);
    return covered.map((entry) => this.cover(entry, wanted));
  }

  private inScope(entry: MountEntry, rootDevice: string | undefined): boolean {
    if (this.scope.length === 0) return true;
    if (entry.device === rootDevice) return false;
    return this.scope.some((folder) => entry.mountPoint === folder || entry.mountPoint.startsWith(`${folder}/`));
  }

  private forgetGone(covered: readonly MountEntry[], wanted: boolean): void {
    const present = new Map(covered.map((entry) => [entry.mountPoint, entry.device]));
    for (const [mountPoint, device] of this.marked) {
      if (wanted && present.get(mountPoint) === device) continue;
      // The kernel drops the marks of an unmounted file system itself; a failure here means just that.
      if (present.get(mountPoint) === device) this.gate.unmarkFilesystem(mountPoint);
      this.marked.delete(mountPoint);
    }
  }

  private cover(entry: MountEntry, wanted: boolean): Coverage {
    if (!entry.markable) return { mount: entry.mountPoint, prevent: false, reason: entry.reason, cause: 'notPossible' };
    if (!wanted) return { mount: entry.mountPoint, prevent: false, reason: 'no rule that tests starts is switched on', cause: 'notNeeded' };
    if (this.marked.has(entry.mountPoint)) return { mount: entry.mountPoint, prevent: true, reason: null, cause: 'covered' };
    const result = this.gate.markFilesystem(entry.mountPoint, entry.id);
    if (!result.ok) return { mount: entry.mountPoint, prevent: false, reason: result.error.message, cause: 'failed' };
    this.marked.set(entry.mountPoint, entry.device);
    return { mount: entry.mountPoint, prevent: true, reason: null, cause: 'covered' };
  }
}
