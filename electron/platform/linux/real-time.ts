/**
 * Real-time priority (sched(7)) for the two threads every start waits for.
 *
 * Why: at any other priority the kernel gives a thread's processor to whom it wakes. The started program then runs, for up to a slice of
 * the scheduler (1.4 ms on two processors), before the write that let it go returns, and who else waits for an answer waits for that too;
 * a command line that was just read waits in the same way. The two lowest levels are taken, so sound servers and the like stay before us.
 *
 * What keeps it from holding a machine up: the threads sleep but for answers; the kernel ends this process when one of them runs for
 * `LONGEST_RUN_MS` without ever waiting, and leaves other programs a share meanwhile; with a single processor real time is not taken,
 * because those who watch this process could not run beside it. Threads and processes that are started from here do not inherit it.
 */
import { availableParallelism } from 'node:os';
import { setScheduler, type Scheduling } from '../ffi/libc.ts';
import { limitRealTime } from './limits.ts';

// linux/sched.h: first come first served among equals, and not for what is started from here
const SCHED_FIFO = 1;
const SCHED_RESET_ON_FORK = 0x4000_0000;
/** Far beyond what a new rule book takes (a tenth of this on a slow machine): silence is noticed after half a second by who watches. */
const LONGEST_RUN_MS = 2_000;

/** The thread that answers goes before the one that reads for it, which then waits for its next question. */
const ANSWERING: Scheduling = { policy: SCHED_FIFO | SCHED_RESET_ON_FORK, priority: 2 };
const READING: Scheduling = { policy: SCHED_FIFO | SCHED_RESET_ON_FORK, priority: 1 };

let granted = false;

/** For the calling thread, and for side threads that are started from now on. False where it is refused or not safe: all goes on at the priority it had. */
export function answerInRealTime(processors = availableParallelism()): boolean {
  if (processors < 2) return false;
  // The limit first: without it there is no real time.
  granted = limitRealTime(LONGEST_RUN_MS) && setScheduler(ANSWERING) === 0;
  return granted;
}

/** What a thread that reads for the answering one takes for itself; null: nothing. */
export function readingPriority(): Scheduling | null {
  return granted ? READING : null;
}
