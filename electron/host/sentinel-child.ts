/** The sentinel process: it holds the kernel's permission queue and nothing else of weight. */
import { everyMs } from '../platform/linux/descriptor-timer.ts';
import { raiseDescriptorLimit } from '../platform/linux/limits.ts';
import { answerInRealTime } from '../platform/linux/real-time.ts';
import { prepareSideThread } from '../platform/linux/side-reader.ts';
import { BeatWriter, beatFileOf } from './beat-file.ts';
import { readChildOptions } from './child-options.ts';
import { wakeFromOutsideOnly } from './loop-waking.ts';
import { ownerChannel } from './owner-channel.ts';
import { goFirst } from './priority.ts';
import { startSentinel } from './sentinel/sentinel-process.ts';
import { ignoreTerminalSignals } from './terminal-signals.ts';
import { makeFrugal } from './v8-settings.ts';

/** Twice within the time after which silence counts, so that one may be late. */
const BEAT_MS = 240;
/** While starts are answered there is less time between beats, so that a moment without a processor in a storm is not taken for silence. */
const BUSY_BEAT_MS = 50;
const DESCRIPTORS = 1_024;

function main(): void {
  const owner = ownerChannel(wakeFromOutsideOnly());
  if (owner === null) throw new Error('the sentinel is started by its owner only');
  ignoreTerminalSignals();
  makeFrugal();
  owner.onOwnerGone(endNow);
  owner.onMessage((message) => {
    if ((message as { t?: unknown }).t === 'stop') endNow();
  });
  goFirst();
  // After the line above, which is for all threads there are, and before the side thread is started.
  answerInRealTime();
  prepareSideThread();
  raiseDescriptorLimit(DESCRIPTORS);
  const options = readChildOptions(process.argv.slice(2));
  const started = startSentinel(options, report);
  if (!started.ok) {
    owner.post({ t: 'fatal', code: 'sentinel', message: started.error.message });
    return;
  }
  const file = new BeatWriter(beatFileOf(options.paths.privateRunDir, 'sentinel'));
  let beatAt = 0;
  const beat = (): void => {
    beatAt = performance.now();
    const written = file.beat();
    if (!written) owner.post({ t: 'beat' });
    if (!started.value.beat(written)) endNow();
  };
  beat();
  everyMs(BEAT_MS, beat);
  started.value.whenBusy(() => {
    if (performance.now() - beatAt > BUSY_BEAT_MS) beat();
  });
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
