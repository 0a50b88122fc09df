/** The engine's view of running processes on Linux: the port of `engine/ports.ts` over the kernel's process files. */
import fs from 'node:fs';
import type { KnownStart, LiveProcesses } from '../../engine/ports.ts';
import type { Arguments, ContentIdentity, FileFacts, VolumeKind } from '../../platform/contract.ts';
import { inOneBatch, readCommandLineSoon } from '../../platform/linux/command-line-batch.ts';
import { readCommandLineWithin } from '../../platform/linux/command-line.ts';
import { contentIdentity, factsOf } from '../../platform/linux/files.ts';
import { programAnswers, volumeOfProcess } from '../../platform/linux/process-volume.ts';
import { holdProcess } from '../../platform/linux/pidfd.ts';
import { bootTimeMs, listPids, readCwd, readDescriptorLink, readImage, readStat, readUid, sharesRoot, ticksToMs } from '../../platform/linux/proc.ts';
import type { FactReader } from '../../../shared/start/facts.ts';
import { ContentCache } from '../sentinel/content-cache.ts';
import { StartInquiry, type InquiryPolicy, type InquirySystem } from '../sentinel/start-inquiry.ts';
import { userNames } from '../user-names.ts';
import { volumes } from '../volumes.ts';

export interface LiveSystem extends LiveProcesses {
  refresh(): void;
}

/** More than reading two clocks can differ: somebody set the wall clock. */
const CLOCK_WAS_SET_MS = 500;
const NO_FILE: FileFacts = { device: 0n, inode: 0n, size: 0, mode: 0, ownerUid: -1, changedMs: 0 };
const NO_CONTENT: ContentIdentity = { buildId: null, entryHash: null };

/** `policy` gives the system tools in force; read at each call because it is replaced as a whole. */
export function liveProcesses(policy: () => InquiryPolicy): LiveSystem {
  const users = userNames();
  const volume = volumes();
  const contents = new ContentCache();
  const boot = steadyBootTime();
  const facts = (pid: number, known: KnownStart): FactReader => {
    const system = runningSystem(known, (uid) => users.nameOf(uid), () => volumeOfProcess(pid, known.image, (path) => volume.of(path)), () => programAnswers(pid));
    const inquiry = new StartInquiry(pid, pid, known.image, system, contents, policy());
    inquiry.give({ argv: known.argv, parentArgv: known.parentArgv });
    return inquiry.read;
  };
  return {
    stat: readStat,
    image: (pid) => readImage(pid)?.path ?? null,
    argvSoon: argumentsSoon,
    inOneBatch,
    argvWithin: async (pid, deadlineMs) => {
      const found = await readCommandLineWithin(pid, deadlineMs);
      return typeof found === 'string' ? null : found;
    },
    uid: readUid,
    userName: (uid) => users.nameOf(uid),
    currentDirectory: readCwd,
    facts,
    hold: holdProcess,
    list: listPids,
    startTimeMs: (startTicks) => boot.ms() + ticksToMs(startTicks),
    refresh: () => {
      users.refresh();
      volume.refresh();
    },
  };
}

/** The same questions as for a waiting start, answered from the process that runs: its file is reached through /proc/<pid>/exe. */
function runningSystem(known: KnownStart, nameOf: (uid: number) => string, volumeOf: () => VolumeKind | null, answers: () => boolean): InquirySystem {
  // A program whose file lies with a server that need not answer is judged without its content.
  const withProgram = <T>(pid: number, use: (fd: number) => T, unknown: T): T => (answers() ? useProgram(pid, use, unknown) : unknown);
  return {
    filePath: () => known.image,
    fileFacts: (pid) => withProgram(pid, factsOf, NO_FILE),
    // The program of a running process is never a script: the kernel runs the interpreter in its place.
    scriptHeader: () => null,
    contentIdentity: (pid) => withProgram(pid, contentIdentity, NO_CONTENT),
    ancestors: () => known.ancestors,
    runningImage: () => known.ancestors[0]?.image ?? '',
    currentDirectory: readCwd,
    uid: (pid) => known.uid ?? readUid(pid),
    userName: nameOf,
    sharesRoot: (pid) => sharesRoot(pid) ?? true,
    descriptorLink: readDescriptorLink,
    volume: volumeOf,
    nowMs: Date.now,
  };
}

function argumentsSoon(pid: number, take: (found: Arguments | null) => void): void {
  readCommandLineSoon(pid, (found) => {
    if (typeof found !== 'string') take(found);
    else take(found === 'gone' ? null : { values: [], complete: false });
  });
}

/** The program of a running process by its own link, which leads to the very file even when its name is gone. */
function useProgram<T>(pid: number, use: (fd: number) => T, gone: T): T {
  let fd: number;
  try {
    fd = fs.openSync(`/proc/${pid}/exe`, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch {
    return gone;
  }
  try {
    return use(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** The kernel's clocks are read a moment apart, so boot would seem to wander by a millisecond, and with it the start time of one process. */
function steadyBootTime(): { ms(): number } {
  let known = bootTimeMs();
  return {
    ms: () => {
      const now = bootTimeMs();
      if (Math.abs(now - known) > CLOCK_WAS_SET_MS) known = now;
      return known;
    },
  };
}
