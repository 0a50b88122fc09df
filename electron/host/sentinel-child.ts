/** The sentinel process: it holds the kernel's permission queue and nothing else of weight. */
import fs from 'node:fs';
import os from 'node:os';
import { raiseDescriptorLimit } from '../platform/linux/limits.ts';
import { prepareSideThread } from '../platform/linux/side-reader.ts';
import { readChildOptions } from './child-options.ts';
import { ownerChannel } from './owner-channel.ts';
import { startSentinel } from './sentinel/sentinel-process.ts';
import { ignoreTerminalSignals } from './terminal-signals.ts';

const BEAT_MS = 100;
const DESCRIPTORS = 1_024;

function main(): void {
  const owner = ownerChannel();
  if (owner === null) throw new Error('the sentinel is started by its owner only');
  ignoreTerminalSignals();
  owner.onOwnerGone(endNow);
  owner.onMessage((message) => {
    if ((message as { t?: unknown }).t === 'stop') endNow();
  });
  preferThisProcess();
  prepareSideThread();
  raiseDescriptorLimit(DESCRIPTORS);
  const started = startSentinel(readChildOptions(process.argv.slice(2)), report);
  if (!started.ok) {
    owner.post({ t: 'fatal', code: 'sentinel', message: started.error.message });
    return;
  }
  const beat = (): void => {
    owner.post({ t: 'beat' });
    if (!started.value.beat()) endNow();
  };
  beat();
  setInterval(beat, BEAT_MS);
}

/**
 * Every start waits for this process: it goes first, and the kernel must not choose it when memory is short. A priority belongs to a
 * thread; the threads that read for the decision may be there already.
 */
function preferThisProcess(): void {
  const first = (): void => fs.readdirSync('/proc/self/task').forEach((thread) => os.setPriority(Number(thread), os.constants.priority.PRIORITY_HIGHEST));
  const last = (): void => fs.writeFileSync('/proc/self/oom_score_adj', '-1000');
  for (const prefer of [first, last]) {
    try {
      prefer();
    } catch {
      // A container may keep these rights from root; protection works without them, only less surely under load.
    }
  }
}

/** An orderly exit would wait for reads that never return, and starts would wait with it; the kernel closes everything at once. */
function endNow(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable: SIGKILL is not refused');
}

function report(problem: unknown): void {
  process.stderr.write(`sentinel: ${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}\n`);
}

main();
