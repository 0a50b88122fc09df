/**
 * Starts a class as a thread of its own, from its source text, so that no bundle has to know of a further file. All the class uses stands
 * inside it; what it needs from outside comes in as data.
 */
import { Worker } from 'node:worker_threads';

/** `onEnd`: the thread ended by itself (out of memory), or was ended. It may be called twice. */
export function startOwnThread<Setup>(kind: new (setup: Setup) => { serve(): never }, setup: Setup, maxYoungGenerationSizeMb: number, onEnd: () => void): Worker {
  const worker = new Worker(`new (${kind.toString()})(require('node:worker_threads').workerData).serve()`, {
    eval: true,
    workerData: setup,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb, stackSizeMb: 1 },
  });
  worker.once('error', onEnd);
  worker.once('exit', onEnd);
  worker.unref();
  return worker;
}
