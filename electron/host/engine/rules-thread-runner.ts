/** Has packs worked out by a thread of their own (rules-thread.ts), bounded in time and memory. Whatever becomes of it, the caller hears it in words. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Trial } from '../../engine/packs/prepare-packs.ts';
import type { PackContent } from '../../engine/packs/read-pack.ts';
import { PACKS } from '../../engine/packs/words.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';

export interface ThreadWork {
  readonly contents: readonly PackContent[];
  readonly trial: Trial | null;
  /** Whether the engine has the rights to see every start. */
  readonly privileged: boolean;
}

export interface ThreadBounds {
  readonly longestMs: number;
  readonly megabytes: number;
}

/** Less than a person's command waits for its answer. The largest public rule set takes seconds, and about a quarter of the memory. */
export const THREAD_BOUNDS: ThreadBounds = { longestMs: 110_000, megabytes: 512 };
const YOUNG_MEGABYTES = 32;
const STACK_MEGABYTES = 4;

/** Beside the built program, whether this code stands in an entry or in a part that several entries share. */
export const THREAD_FILE = path.join(import.meta.dirname, '..', 'host', 'rules-thread.js');

/** What `encodePrepared` gives. */
export function runRulesThread(work: ThreadWork, bounds: ThreadBounds = THREAD_BOUNDS, file = THREAD_FILE): Promise<Result<Uint8Array>> {
  return new Promise<Result<Uint8Array>>((resolve) => {
    const worker = startThread(work, bounds, file);
    const timer = setTimeout(() => {
      resolve(fail('rules-thread', PACKS.threadTooLong(bounds.longestMs / 1_000)));
      void worker.terminate();
    }, bounds.longestMs);
    worker.once('message', (bytes: Uint8Array) => resolve(ok(bytes)));
    worker.once('error', (error: NodeJS.ErrnoException) => resolve(fail('rules-thread', reasonOf(error, bounds))));
    worker.once('exit', (code) => {
      clearTimeout(timer);
      resolve(fail('rules-thread', PACKS.threadEnded(`its thread ended with code ${code}`)));
    });
  }).catch((error: unknown) => fail('rules-thread', PACKS.threadEnded(error instanceof Error ? error.message : String(error))));
}

/** Throws when there is no room for another thread. */
function startThread(work: ThreadWork, { megabytes }: ThreadBounds, file: string): Worker {
  const limits = { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: YOUNG_MEGABYTES, stackSizeMb: STACK_MEGABYTES };
  const worker = new Worker(file, { workerData: work, execArgv: [], resourceLimits: limits });
  // An engine that is asked to end does not wait for it.
  worker.unref();
  return worker;
}

function reasonOf(error: NodeJS.ErrnoException, { megabytes }: ThreadBounds): string {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? PACKS.threadTooLarge(megabytes) : PACKS.threadEnded(error.message);
}
