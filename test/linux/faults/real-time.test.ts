/** The two threads that every start waits for run in real time, nothing else does, and they can not hold a machine up. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { answerInRealTime } from '../../../electron/platform/linux/real-time.ts';
import { knownProcess, lives, signal, type KnownProcess } from '../../support/linux/known-process.ts';
import { isProtecting, startOf, startProtected, type Protected } from '../../support/linux/protected-holdfast.ts';
import { waitUntil } from '../../support/linux/wait-until.ts';
import { describeNeeds } from '../../support/requirement.ts';

const BUSY_ON_SIGNAL = path.join(import.meta.dirname, '../../support/linux/busy-on-signal.mjs');
// linux/sched.h
const SCHED_OTHER = 0;
const SCHED_FIFO = 1;
/** It would be busy for five seconds; the kernel is told two. */
const ENDED_WITHIN_MS = 4_000;

interface ThreadScheduling {
  readonly thread: number;
  readonly policy: number;
  readonly priority: number;
}

/** proc_pid_stat(5): fields 40 (rt_priority) and 41 (policy). */
function schedulingOf(folder: string): ThreadScheduling[] {
  return readdirSync(folder).map((thread) => {
    const fields = readFileSync(`${folder}/${thread}/stat`, 'latin1').replace(/^.*\) /, '').split(' ');
    return { thread: Number(thread), priority: Number(fields[37]), policy: Number(fields[38]) };
  });
}

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts', 'real-time'], 'real time', () => {
  let held: Protected | null = null;
  let stopped: KnownProcess[] = [];

  afterEach(async () => {
    for (const known of stopped) signal(known, 'SIGCONT');
    await held?.live.remove();
    [held, stopped] = [null, []];
  });

  it('is for the thread that answers and the one that reads for it, at the lowest levels, within a limit of the kernel', async () => {
    held = await startProtected();
    const { sentinel: { pid }, engine } = await held.live.status();
    const threads = schedulingOf(`/proc/${pid ?? -1}/task`);
    const inRealTime = threads.filter(({ policy }) => policy !== SCHED_OTHER);
    expect(inRealTime.map(({ policy, priority }) => [policy, priority])).toEqual([[SCHED_FIFO, 2], [SCHED_FIFO, 1]]);
    expect(inRealTime[0]?.thread).toBe(pid);
    expect(threads.length).toBeGreaterThan(4);
    expect(readFileSync(`/proc/${pid ?? -1}/limits`, 'latin1')).toMatch(/^Max realtime timeout +2000000 +2000000 +us/m);
    for (const other of [engine.pid, held.live.owner.pid]) {
      expect(schedulingOf(`/proc/${other ?? -1}/task`).filter(({ policy }) => policy !== SCHED_OTHER)).toEqual([]);
    }
  });

  it('ends by itself when a sentinel never rests and all who would notice are stopped', async () => {
    held = await startProtected({ imports: [BUSY_ON_SIGNAL] });
    const { live, programs } = held;
    const status = await live.status();
    const sentinel = knownProcess(status.sentinel.pid ?? -1);
    stopped = [status.engine.pid, live.owner.pid].map((pid) => knownProcess(pid ?? -1));
    for (const known of stopped) signal(known, 'SIGSTOP');
    signal(sentinel, 'SIGUSR2');
    await waitUntil(() => !lives(sentinel), ENDED_WITHIN_MS);
    expect(lives(sentinel)).toBe(false);
    for (const known of stopped) signal(known, 'SIGCONT');
    await live.until((now) => isProtecting(now) && now.sentinel.pid !== sentinel.pid);
    expect(await startOf(programs.forbidden)).toBe('EPERM');
  }, 60_000);

  it('is not taken where there is one processor only: nobody could end it there', () => {
    expect(answerInRealTime(1)).toBe(false);
    const own = schedulingOf('/proc/self/task');
    expect(own.filter(({ policy }) => policy !== SCHED_OTHER)).toEqual([]);
  });
});
