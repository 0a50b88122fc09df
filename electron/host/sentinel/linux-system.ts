/** The sentinel's reads of the running Linux: nothing here touches another process's memory or follows a path of its choosing. */
import { readCommandLineWithin } from '../../platform/linux/command-line.ts';
import { beginExecCall, readArgumentsNow, readArgumentsWithin, readExecCall, readExecCallWithin, readFilename } from '../../platform/linux/exec-arguments.ts';
import type { ExecCall } from '../../platform/linux/exec-call.ts';
import { contentIdentity, factsOf, pathOf, readScriptHeader } from '../../platform/linux/files.ts';
import { readCwd, readDescriptorLink, readImage, readOwner, sharesRoot, type ThreadedStat } from '../../platform/linux/proc.ts';
import { userNames } from '../user-names.ts';
import { volumes } from '../volumes.ts';
import { AncestorReader } from './ancestor-reader.ts';
import type { OpenSystem } from './open-inquiry.ts';
import type { ArgumentReader } from './sentinel.ts';
import type { InquirySystem } from './start-inquiry.ts';

export interface SentinelSystem extends InquirySystem, OpenSystem {
  /** Of a process whose ancestors were just read: nothing is read again. */
  takeStat(tid: number): ThreadedStat | null;
  /** Of a thread whose owner was just asked for: nothing is read again. */
  isAlone(tid: number): boolean;
  /** Mounts or accounts changed. */
  refresh(): void;
}

export function inquirySystem(): SentinelSystem {
  const ancestors = new AncestorReader();
  const users = userNames();
  const volume = volumes();
  let last: { readonly tid: number; readonly threads: number } | null = null;
  const uidOf = (tid: number): number | null => {
    const owner = readOwner(tid);
    last = owner === null ? null : { tid, threads: owner.threads };
    return owner?.uid ?? null;
  };
  return {
    filePath: (fd) => pathOf(fd).path,
    fileFacts: factsOf,
    scriptHeader: readScriptHeader,
    contentIdentity,
    ancestors: (tid) => ancestors.of(tid),
    takeStat: (tid) => ancestors.takeStat(tid),
    currentDirectory: readCwd,
    uid: uidOf,
    isAlone: (tid) => {
      const known = last?.tid === tid ? last : readOwner(tid);
      last = null;
      return known?.threads === 1;
    },
    userName: (uid) => users.nameOf(uid),
    sharesRoot: (tid) => sharesRoot(tid) ?? true,
    descriptorLink: readDescriptorLink,
    volume: (image) => volume.of(image),
    runningImage: (pid) => readImage(pid)?.path ?? '',
    nowMs: Date.now,
    refresh: () => {
      volume.refresh();
      users.refresh();
    },
  };
}

export function argumentReader(): ArgumentReader<ExecCall> {
  return {
    call: readExecCall,
    callWithin: readExecCallWithin,
    begin: beginExecCall,
    now: readArgumentsNow,
    within: readArgumentsWithin,
    filename: (tid, call) => {
      const found = readFilename(tid, call);
      return found === 'not-resident' || found === 'gone' ? null : found;
    },
    ofProcessWithin: readCommandLineWithin,
  };
}
