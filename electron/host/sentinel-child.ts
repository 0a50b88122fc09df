/** The sentinel process: it holds the kernel's permission queue and nothing else of weight. */
import { raiseDescriptorLimit } from '../platform/linux/limits.ts';
import { prepareSideThread } from '../platform/linux/side-reader.ts';
import { readChildOptions } from './child-options.ts';
import { ownerChannel } from './owner-channel.ts';
import { goFirst } from './priority.ts';
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
  goFirst();
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

/** An orderly exit would wait for reads that never return, and starts would wait with it; the kernel closes everything at once. */
function endNow(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable: SIGKILL is not refused');
}

function report(problem: unknown): void {
  process.stderr.write(`sentinel: ${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}\n`);
}

main();
