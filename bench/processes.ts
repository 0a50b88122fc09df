/** What processes cost, from the kernel's own books. */
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc/<pid>/stat; USER_HZ is 100 on every Linux that Electron runs on. */
const TICK_SECONDS = 0.01;

/** The process and all that descend from it. */
export function familyOf(leader: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = fieldsOf(Number(name))?.[1];
    if (parent !== undefined) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(name)]);
  }
  const family: number[] = [];
  for (let next = [leader]; next.length > 0; next = next.flatMap((pid) => children.get(pid) ?? [])) family.push(...next);
  return family;
}

/** Processor time of living processes with all their threads, in seconds. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = fieldsOf(pid);
    return sum + (Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0)) * TICK_SECONDS;
  }, 0);
}

/**
 * The same in nanoseconds, for little of it: of the threads that live. Ticks of 10 ms, at four processes, are a sixth of what an idle minute
 * costs. Documentation/scheduler/sched-stats.rst: time on the processor comes first.
 */
export function threadSeconds(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]) / 1e9, 0);
  } catch {
    return 0; // it ended meanwhile
  }
}

/** Proportional set size in MB: shared pages count for each in part. */
export function pssOf(pid: number): number {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0; // it ended meanwhile
  }
}

/** What kind of process Chromium calls it; the one that started the others is the owner. */
export function kindOf(pid: number): string {
  try {
    return /--type=([a-z-]+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'latin1'))?.[1] ?? 'owner';
  } catch {
    return 'ended';
  }
}

/** Processes and threads that the whole machine started since it booted: the engine hears of each of them. */
export function forksOfMachine(): number {
  return Number(/^processes (\d+)/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1] ?? 0);
}

/** The fields of /proc/<pid>/stat from the state on. */
function fieldsOf(pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ');
  } catch {
    return null;
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
