/** The process list from /proc, which every account may read; the program of other accounts' processes is only told by name. */
import type { SeenProcess } from '../contract.ts';
import { decodeBytes } from '../../../shared/text/surrogate-escape.ts';
import { readProcFile } from './proc-file.ts';
import { listPids, parseStat, readImage } from './proc.ts';

export function listSeenProcesses(): SeenProcess[] {
  const seen: SeenProcess[] = [];
  for (const pid of listPids()) {
    const bytes = readProcFile(`/proc/${pid}/stat`);
    const stat = bytes === null ? null : parseStat(bytes);
    if (bytes === null || stat === null) continue;
    // The name before the next read: its buffer is the same.
    const name = decodeBytes(bytes.subarray(bytes.indexOf('(') + 1, bytes.lastIndexOf(')')));
    seen.push({ pid, parentPid: stat.ppid, identity: String(stat.startTicks), program: readImage(pid)?.path ?? name });
  }
  return seen;
}
