/** On which kind of volume a running program's file lies, as its own mount namespace has it; asks no file server. */
import { readFileSync } from 'node:fs';
import type { Pid, VolumeKind } from '../contract.ts';
import { parseMountTable } from './mount-table.ts';
import { sharesRoot } from './proc.ts';
import { volumeKind } from './volume-kind.ts';

/** `ours` answers for paths of this process's own namespace. Null when the namespace's mounts can not be read. */
export function volumeOfProcess(pid: Pid, image: string, ours: (path: string) => VolumeKind | null): VolumeKind | null {
  if (sharesRoot(pid) !== false) return ours(image);
  const table = readTable(pid);
  if (table === null) return null;
  const holders = parseMountTable(table).filter(({ mountPoint }) => mountPoint === '/' || image === mountPoint || image.startsWith(`${mountPoint}/`));
  const nearest = holders.reduce((best, row) => (row.mountPoint.length >= (best?.mountPoint.length ?? 0) ? row : best), holders[0]);
  return nearest === undefined ? null : volumeKind(nearest);
}

/** Often longer than a page; written by the kernel from its own memory. */
function readTable(pid: Pid): Buffer | null {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`);
  } catch {
    return null;
  }
}
