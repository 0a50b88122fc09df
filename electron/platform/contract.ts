/**
 * What Holdfast needs of an operating system. `platform/linux` implements it with real calls, `platform/portable` as far
 * as an unprivileged process can, `platform/simulated` from a script for unit tests. Types only: nothing here runs.
 *
 * Text from the kernel (paths, arguments) is decoded with `shared/text/surrogate-escape`, so no byte is lost.
 */
import type { Result } from '../../shared/result.ts';

/** Thread or process id. Only together with `startTicks` does it identify a process. */
export type Pid = number;

/** What the kernel keeps about a process without touching its memory; reading it can not block. */
export interface ProcessStat {
  readonly pid: Pid;
  readonly ppid: Pid;
  readonly processGroup: Pid;
  readonly session: Pid;
  /** Clock ticks since boot (field 22 of /proc/pid/stat). Identity of the process together with pid. */
  readonly startTicks: number;
  readonly state: string;
  /** Threads that live. A process whose leader thread ended shows state Z while others go on. */
  readonly threads?: number;
}

/** One interpreter line as the kernel reads it (first 256 bytes of the file). */
export interface ScriptHeader {
  readonly interpreter: string;
  /** The one optional argument Linux passes on, undivided. */
  readonly argument: string | null;
}

/** argv of a start. `complete` is false when it was longer than could be read in time: "too long to judge". */
export interface Arguments {
  readonly values: readonly string[];
  readonly complete: boolean;
}

/** Where an executable lies, from its mount and device. */
export type VolumeKind = 'fixed' | 'removable' | 'network' | 'fuse' | 'memory' | 'image';

/** Facts of an opened file, from its descriptor alone (no path is followed). */
export interface FileFacts {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: number;
  readonly mode: number;
  readonly ownerUid: number;
  /** Inode change time: an unprivileged program can not set it back. Milliseconds since the epoch. */
  readonly changedMs: number;
}

/**
 * Identity of an executable's content that survives renaming, relocating and appended bytes.
 * `buildId` is the GNU or Go build id in hex; `entryHash` is SHA-256 (hex) of up to 16 KiB of file content at the entry point.
 */
export interface ContentIdentity {
  readonly buildId: string | null;
  readonly entryHash: string | null;
}

/** One permission question of the kernel. It must be answered exactly once; `fd` is closed by `answer`. */
export interface PermissionEvent {
  readonly kind: 'exec' | 'open';
  readonly fd: number;
  /** The thread that asks (FAN_REPORT_TID). */
  readonly tid: Pid;
  /** `process.hrtime.bigint()` when the read returned. */
  readonly readAtNs: bigint;
}

/** The kernel's permission queue. One process holds it; closing it lets every waiting start through. */
export interface PermissionGate {
  /**
   * `take` is called for each event on this thread's loop. At most `maxHeld` are taken and not yet answered. `onRest` is called when those that
   * waited are taken, before the loop goes on.
   */
  start(take: (event: PermissionEvent) => void, onFailure: (message: string) => void, onRest?: () => void): void;
  /**
   * Waits for the next question in the kernel, which is cheaper than in the event loop, at most so long; what the loop watches ends it too.
   * A question is taken before this returns. True when nothing came; false also where one can not wait that way, at once.
   */
  attend(ms: number): boolean;
  /** Writes the answer and closes the event's descriptor. Gives the monotonic time (ns) at which the kernel had it. Calling it twice for one event throws. */
  answer(event: PermissionEvent, allow: boolean): bigint;
  /**
   * Every exec on the file system that is mounted at `mountPoint` asks first. With `mountId` (from the table) only when that mount is still
   * the one there: a user may lay a file system of its own over a mount point it owns between the look and the mark.
   */
  markFilesystem(mountPoint: string, mountId?: number): Result<void>;
  unmarkFilesystem(mountPoint: string): Result<void>;
  /** Opening this one file asks first (inode mark; links are not followed). */
  markFileOpen(path: string): Result<void>;
  unmarkFileOpen(path: string): Result<void>;
  readonly held: number;
  /** For want of descriptors no question can be taken, and there is none whose answer would free one: only a new process can help. */
  readonly starved: boolean;
  close(): void;
}

export interface MountEntry {
  /** Names this mount as long as it stands (Linux: first field of /proc/self/mountinfo). */
  readonly id: number;
  readonly mountPoint: string;
  readonly fsType: string;
  /** `major:minor` as in /proc/self/mountinfo. */
  readonly device: string;
  readonly source: string;
  readonly readOnly: boolean;
  readonly volume: VolumeKind;
  /** False for the kernel's own views (proc, sysfs, …), which are no place for programs. */
  readonly holdsPrograms: boolean;
  /** Whether a permission mark may be put on it: never on FUSE, network and automount file systems, nor on kernel ones. */
  readonly markable: boolean;
  /** Why not, in words for doctor and coverage; null when markable. */
  readonly reason: string | null;
}

/** Kernel news of processes (Linux: proc connector). Never blocks; loss is told, not hidden. */
export type ProcessNews =
  | { readonly type: 'fork'; readonly parentPid: Pid; readonly childPid: Pid; readonly atNs: bigint }
  | { readonly type: 'exec'; readonly pid: Pid; readonly atNs: bigint }
  | { readonly type: 'exit'; readonly pid: Pid; readonly atNs: bigint };

export interface ProcessNewsFeed {
  start(onBatch: (news: readonly ProcessNews[]) => void, onLoss: (lost: number | null) => void, onFailure: (message: string) => void): void;
  close(): void;
}

/** A process held so that its id can not be reused under us (Linux: pidfd). */
export interface HeldProcess {
  readonly pid: Pid;
  /** True when the signal was delivered, false when the process is already gone (which is a success). */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Result<boolean>;
  close(): void;
}

/** One line of a process list, for systems and accounts to which the kernel tells no news. */
export interface SeenProcess {
  readonly pid: Pid;
  readonly parentPid: Pid;
  /** Differs between two processes that have had the same id one after the other, as far as the system tells (Linux: start ticks). */
  readonly identity: string;
  /** What it runs, to notice an exec: a path, or only a name; null when not told. */
  readonly program: string | null;
}
