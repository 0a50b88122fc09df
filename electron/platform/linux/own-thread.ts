/**
 * Starts a class as a thread of its own, from its source text, so that no bundle has to know of a further file. All the class uses stands
 * inside it; what it needs from outside comes in as data, and as the calls of `ffi/thread-calls.ts`.
 */
import { Worker } from 'node:worker_threads';
import { KOFFI_FILE, ThreadCalls } from '../ffi/thread-calls.ts';

/**
 * `end`: tells it to end; called at an orderly exit, which waits for the thread, which does not hear of it while it sleeps.
 * `onEnd`: the thread ended by itself (out of memory), or was told to. It may be called twice.
 */
export function startOwnThread<Setup>(kind: new (setup: Setup, calls: ThreadCalls) => { serve(): void }, setup: Setup, maxYoungGenerationSizeMb: number, end: () => void, onEnd: () => void): void {
  const worker = new Worker(`const { setup, koffi } = require('node:worker_threads').workerData; new (${kind.toString()})(setup, new (${ThreadCalls.toString()})(koffi)).serve()`, {
    eval: true,
    workerData: { setup, koffi: KOFFI_FILE },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb, stackSizeMb: 1 },
  });
  const ended = (): void => {
    process.off('exit', end);
    onEnd();
  };
  process.once('exit', end);
  worker.once('error', ended);
  worker.once('exit', ended);
  worker.unref();
}
