/**
 * What the kernel tells of processes from its own memory (proc(5)): synchronous, allocation-poor, and never blocking on the memory
 * or the files of the process that is looked at. Null means: gone (or, without rights, not ours to see).
 *
 * Only together with `startTicks` does a pid mean one process: read the stat again after other reads to be sure they were of it.
 */
import { readdirSync } from 'node:fs';
import { uptime } from 'node:os';
import type { FileFacts, Pid, ProcessStat } from '../contract.ts';
import { bootClock, CLOCK_TICKS_PER_SECOND } from '../ffi/libc.ts';
import { ownerOfProcPath, statProcPath } from '../ffi/stat.ts';
import { decodeBytes } from '../../../shared/text/surrogate-escape.ts';
import { readProcFile, readProcLink, zeroTerminated } from './proc-file.ts';

export interface ProcessImage {
  readonly path: string;
  /** Unlinked since it was started. Memory files (`/memfd:name`) never had a name and count as deleted. */
  readonly deleted: boolean;
}

/** /proc/pid/stat with the thread count (field 20), which tells whether a process has more than its leader. */
export interface ThreadedStat extends ProcessStat {
  readonly threads: number;
}

export function readStat(pid: Pid): ThreadedStat | null {
  const bytes = readProcFile(`/proc/${pid}/stat`);
  return bytes === null ? null : parseStat(bytes);
}

const CLOSING = ')'.charCodeAt(0);
const SPACE = ' '.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

/** The name in parentheses may hold spaces, parentheses and newlines, so fields are counted from the last `)`. */
export function parseStat(bytes: Uint8Array): ThreadedStat | null {
  const end = bytes.lastIndexOf(CLOSING);
  if (end === -1) return null;
  const pid = numberAt(bytes, 0);
  const state = String.fromCharCode(bytes[end + 2] ?? 0);
  let at = end + 3;
  let ppid = 0;
  let processGroup = 0;
  let session = 0;
  let threads = 0;
  for (let field = 4; field <= 22; field += 1) {
    if (bytes[at] !== SPACE) return null;
    at += 1;
    if (field === 4) ppid = numberAt(bytes, at);
    else if (field === 5) processGroup = numberAt(bytes, at);
    else if (field === 6) session = numberAt(bytes, at);
    else if (field === 20) threads = numberAt(bytes, at);
    else if (field === 22) return { pid, ppid, processGroup, session, startTicks: numberAt(bytes, at), state, threads };
    while (at < bytes.length && bytes[at] !== SPACE) at += 1;
  }
  return null;
}

function numberAt(bytes: Uint8Array, start: number): number {
  let value = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}

/** The program a process runs; null also for kernel threads. */
export function readImage(pid: Pid): ProcessImage | null {
  const path = readLink(`/proc/${pid}/exe`);
  return path === null ? null : undelete(path, `/proc/${pid}/exe`);
}

const DELETED = ' (deleted)';

/**
 * The kernel appends " (deleted)" to the name of an unlinked file, and a file may be called so too; the link count decides. It is read
 * without asking the file's server.
 */
export function undelete(path: string, link: string): ProcessImage {
  if (!path.endsWith(DELETED)) return { path, deleted: false };
  const stat = statProcPath(link, true);
  if (typeof stat !== 'number' && stat.links > 0) return { path, deleted: false };
  return { path: path.slice(0, -DELETED.length), deleted: true };
}

/** Facts of the program file of a process, as far as the kernel has them at hand: never asks a file server. */
export function readImageFacts(pid: Pid): FileFacts | null {
  const stat = statProcPath(`/proc/${pid}/exe`, true);
  return typeof stat === 'number' ? null : stat;
}

/**
 * Effective user id. The folder /proc/<pid> itself always belongs to it, also for processes that may not be dumped, whose files below
 * it belong to root (comment of task_dump_owner in the kernel's fs/proc/base.c); status would tell the same in four times the time.
 */
export function readUid(pid: Pid): number | null {
  const stat = statProcPath(`/proc/${pid}`, false);
  return typeof stat === 'number' ? null : stat.ownerUid;
}

/**
 * The same, and how many threads its process has: the kernel counts each as a link of the folder /proc/<pid>/task (proc_task_getattr in its
 * fs/proc/base.c), which belongs to the effective user id like /proc/<pid>. Cheaper than stat or status.
 */
export function readOwner(tid: Pid): { readonly uid: number; readonly threads: number } | null {
  const stat = ownerOfProcPath(zeroTerminated(`/proc/${tid}/task`));
  return typeof stat === 'number' ? null : { uid: stat.uid, threads: stat.links - LINKS_OF_A_FOLDER };
}

const LINKS_OF_A_FOLDER = 2;

/** The process a thread belongs to. */
export function readTgid(tid: Pid): Pid | null {
  const bytes = readProcFile(`/proc/${tid}/status`);
  const match = bytes === null ? null : /^Tgid:\t(\d+)$/m.exec(bytes.toString('latin1'));
  return match === null ? null : Number(match[1]);
}

/** Working folder; the kernel's " (deleted)" is left in place, as such a folder has no other name. */
export function readCwd(pid: Pid): string | null {
  return readLink(`/proc/${pid}/cwd`);
}

/** Root folder as seen from ours. */
export function readRoot(pid: Pid): string | null {
  return readLink(`/proc/${pid}/root`);
}

/** What a descriptor leads to: a path, `pipe:[123]`, `socket:[123]`, `anon_inode:…`. */
export function readDescriptorLink(pid: Pid, fd: number): string | null {
  return readLink(`/proc/${pid}/fd/${fd}`);
}

let ownNamespace: string | null = null;

/** False inside a container or chroot: another mount namespace or another root folder than ours. Null when the process is gone. */
export function sharesRoot(pid: Pid): boolean | null {
  ownNamespace ??= readLink('/proc/self/ns/mnt');
  const namespace = readLink(`/proc/${pid}/ns/mnt`);
  if (namespace === null) return null;
  if (namespace !== ownNamespace) return false;
  const theirs = statProcPath(`/proc/${pid}/root`, true);
  const ours = statProcPath('/proc/self/root', true);
  if (typeof theirs === 'number' || typeof ours === 'number') return null;
  return theirs.device === ours.device && theirs.inode === ours.inode;
}

/** All processes (not threads). */
export function listPids(): Pid[] {
  const pids: Pid[] = [];
  for (const name of readdirSync('/proc')) {
    const first = name.charCodeAt(0) - ZERO;
    if (first >= 1 && first <= 9) pids.push(Number(name));
  }
  return pids;
}

/** Wall-clock time of boot by the present clock, in milliseconds; to 10 ms, as /proc/uptime. */
export function bootTimeMs(): number {
  return Date.now() - uptime() * 1000;
}

/** Nanoseconds since boot. Counts the time the machine slept as well, which `process.hrtime` does not. */
export function uptimeNs(): bigint {
  return bootClock();
}

/** A new one for every boot (random(4)); what is bound to one boot is compared with it. Null where /proc is restricted. */
export function readBootId(): string | null {
  return readProcFile('/proc/sys/kernel/random/boot_id')?.toString('latin1').trim() ?? null;
}

/** Milliseconds since boot of a `startTicks`. */
export function ticksToMs(ticks: number): number {
  return (ticks * 1000) / CLOCK_TICKS_PER_SECOND;
}

/** Processor time so far and memory (proportional where the kernel tells it, else resident) of a process; null when it is gone. */
export function resourceUse(pid: Pid): { readonly cpuMs: number; readonly memoryBytes: number } | null {
  const stat = readProcFile(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // utime and stime are fields 14 and 15 (proc_pid_stat(5)); the name before them may hold blanks and brackets.
  const fields = stat.toString('latin1').slice(stat.lastIndexOf(')'.charCodeAt(0)) + 2).split(' ');
  const rollup = readProcFile(`/proc/${pid}/smaps_rollup`)?.toString('latin1') ?? '';
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? /^VmRSS:\s+(\d+) kB$/m.exec(readProcFile(`/proc/${pid}/status`)?.toString('latin1') ?? '')?.[1];
  return { cpuMs: ticksToMs(Number(fields[11]) + Number(fields[12])), memoryBytes: Number(kilobytes ?? 0) * 1024 };
}

function readLink(path: string): string | null {
  const found = readProcLink(path);
  return found === null ? null : decodeBytes(found);
}
