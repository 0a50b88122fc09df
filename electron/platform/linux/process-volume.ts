/** On which kind of volume a running program's file lies, as its own mount namespace has it; asks no file server. */
import { closeSync, readFileSync } from 'node:fs';
import type { Pid, VolumeKind } from '../contract.ts';
import { memoryFile } from '../ffi/libc.ts';
import { mountIdOfProcPath, statDescriptor } from '../ffi/stat.ts';
import { mountAnswers } from './answering-mounts.ts';
import { parseMountTable } from './mount-table.ts';
import { readImageFacts, sharesRoot } from './proc.ts';
import { volumeKind, whyNotMarkable } from './volume-kind.ts';

/** `ours` answers for paths of this process's own namespace. Null when the namespace's mounts can not be read. */
export function volumeOfProcess(pid: Pid, image: string, ours: (path: string) => VolumeKind | null): VolumeKind | null {
  if (sharesRoot(pid) !== false) return ours(image);
  const table = readTable(pid);
  if (table === null) return null;
  const holders = parseMountTable(table).filter(({ mountPoint }) => mountPoint === '/' || image === mountPoint || image.startsWith(`${mountPoint}/`));
  const nearest = holders.reduce((best, row) => (row.mountPoint.length >= (best?.mountPoint.length ?? 0) ? row : best), holders[0]);
  return nearest === undefined ? null : volumeKind(nearest);
}

/**
 * Whether the file system of a running program answers by itself, so that its file can be read without waiting for anybody. By the
 * mount that the file was started from, whatever lies at its path now; unknown counts as no.
 */
export function programAnswers(pid: Pid): boolean {
  const link = `/proc/${pid}/exe`;
  const mount = mountIdOfProcPath(link);
  if (mount === null) return false;
  const ours = answersHere(mount);
  if (ours !== undefined) return ours;
  const row = parseMountTable(readTable(pid) ?? Buffer.alloc(0)).find(({ id }) => id === mount);
  if (row !== undefined) return whyNotMarkable(row) === null;
  // Files that exist in memory only lie on a mount of the kernel's own.
  return readImageFacts(pid)?.device === memoryFileDevice();
}

function answersHere(mount: number): boolean | undefined {
  try {
    return mountAnswers(mount);
  } catch {
    return undefined;
  }
}

const MFD_CLOEXEC = 1;
let knownDevice: bigint | null = null;

function memoryFileDevice(): bigint | null {
  if (knownDevice !== null) return knownDevice;
  const fd = memoryFile(Buffer.from('probe\0'), MFD_CLOEXEC);
  if (fd < 0) return null;
  const stat = statDescriptor(fd);
  closeSync(fd);
  knownDevice = typeof stat === 'number' ? null : stat.device;
  return knownDevice;
}

/** Often longer than a page; written by the kernel from its own memory. */
function readTable(pid: Pid): Buffer | null {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`);
  } catch {
    return null;
  }
}
