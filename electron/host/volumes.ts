/** On which kind of volume a path lies, from the mounts of this machine. */
import type { VolumeKind } from '../platform/contract.ts';
import { readMounts } from '../platform/linux/mounts.ts';

export interface Volumes {
  of(path: string): VolumeKind | null;
  refresh(): void;
}

export function volumes(): Volumes {
  let byLength = sorted();
  return {
    of: (path) => byLength.find(({ mountPoint }) => mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`))?.volume ?? null,
    refresh: () => {
      byLength = sorted();
    },
  };
}

function sorted(): { readonly mountPoint: string; readonly volume: VolumeKind }[] {
  return readMounts()
    .map(({ mountPoint, volume }) => ({ mountPoint, volume }))
    .sort((a, b) => b.mountPoint.length - a.mountPoint.length);
}
