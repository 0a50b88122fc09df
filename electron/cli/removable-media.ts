/** Sticks and other media that can be taken out, as they are mounted now and this account may write on them. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { parseMountTable, reachableMounts } from '../platform/linux/mount-table.ts';
import { volumeKind, whyNotMarkable } from '../platform/linux/volume-kind.ts';

const TABLE = '/proc/self/mountinfo';

export function removableMedia(table = TABLE, mayWrite = isWritable): string[] {
  return reachableMounts(parseMountTable(readFileSync(table)))
    .filter((row) => volumeKind(row) === 'removable' && whyNotMarkable(row) === null)
    .map((row) => row.mountPoint)
    .filter(mayWrite);
}

function isWritable(mountPoint: string): boolean {
  try {
    accessSync(mountPoint, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
