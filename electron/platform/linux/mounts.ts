/** The mounted file systems, and news when that changes. */
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { MountEntry } from '../contract.ts';
import { pollDescriptor } from '../ffi/poll.ts';
import { parseMountTable, reachableMounts } from './mount-table.ts';
import { isKernelView, volumeKind, whyNotMarkable } from './volume-kind.ts';

const TABLE = '/proc/self/mountinfo';

/** Every mount that a path of this process leads to; what lies below another mount is not listed. */
export function readMounts(): MountEntry[] {
  return reachableMounts(parseMountTable(readFileSync(TABLE))).map((row) => {
    const reason = whyNotMarkable(row);
    return {
      mountPoint: row.mountPoint,
      fsType: row.fsType,
      device: row.device,
      source: row.source,
      readOnly: row.options.includes('ro') || row.superOptions.includes('ro'),
      volume: volumeKind(row),
      holdsPrograms: !isKernelView(row.fsType),
      markable: reason === null,
      reason,
    };
  });
}

const FALLBACK_INTERVAL_MS = 250;

/**
 * Calls `onChange` after every change of the mount table. The kernel announces one as an error condition on the open table
 * (proc_pid_mounts(5)), which libuv's poll passes on, so nothing is read in between. Where that can not be set up, the table is compared four times a second.
 */
export function watchMounts(onChange: () => void): { close(): void } {
  const fd = openSync(TABLE, 'r');
  try {
    const watch = pollDescriptor(fd, 'error', () => {
      watch.resume();
      onChange();
    });
    return {
      close: () => {
        watch.close();
        closeSync(fd);
      },
    };
  } catch {
    closeSync(fd);
    return compareMounts(onChange);
  }
}

function compareMounts(onChange: () => void): { close(): void } {
  let before = readFileSync(TABLE);
  const timer = setInterval(() => {
    const now = readFileSync(TABLE);
    if (now.equals(before)) return;
    before = now;
    onChange();
  }, FALLBACK_INTERVAL_MS);
  return { close: () => { clearInterval(timer); } };
}
