/** The sentinel process: it holds the kernel's permission queue and nothing else of weight. */
import { systemScheduler } from '../engine/pipeline/system-scheduler.ts';
import { oneTimer } from '../platform/linux/descriptor-timer.ts';
import { raiseDescriptorLimit } from '../platform/linux/limits.ts';
import { answerInRealTime } from '../platform/linux/real-time.ts';
import { prepareSideThread } from '../platform/linux/side-reader.ts';
import { BeatWriter, beatFileOf } from './beat-file.ts';
import { readChildOptions } from './child-options.ts';
import { wakeFromOutsideOnly } from './loop-waking.ts';
import { ownerChannel } from './owner-channel.ts';
import { goFirst } from './priority.ts';
import { startSentinel, type SentinelProcess } from './sentinel/sentinel-process.ts';
import { ignoreTerminalSignals } from './terminal-signals.ts';
import { makeFrugal } from './v8-settings.ts';

/** Twice within the time after which silence counts, so that one may be late. */
const BEAT_MS = 240;
/** While starts are answered there is less time between beats, so that a moment without a processor in a storm is not taken for silence. */
const BUSY_BEAT_MS = 120;
/**
 * A beat from the event loop takes two threads in Electron. So after one of those the next are given in place, while this thread waits for
 * questions; then the loop has its turn, for what nothing but the loop tells of. Sooner than the alarm, which would end the waiting.
 */
const BEATS_IN_PLACE = 2;
const BEAT_IN_PLACE_MS = 220;
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
  keepBeating(started.value, new BeatWriter(beatFileOf(options.paths.privateRunDir, 'sentinel')), () => owner.post({ t: 'beat' }));
}

/** `tellOwner`: where a beat could not be written. */
function keepBeating(sentinel: SentinelProcess, file: BeatWriter, tellOwner: () => void): void {
  let beatAt = 0;
  const beat = (): void => {
    beatAt = performance.now();
    alarm.set(BEAT_MS);
    const written = file.beat();
    if (!written) tellOwner();
    if (!sentinel.beat(written)) endNow();
  };
  const beatInPlace = (): void => {
    beat();
    for (let left = BEATS_IN_PLACE; left > 0 && sentinel.attend(BEAT_IN_PLACE_MS); left -= 1) beat();
  };
  const alarm = systemScheduler(oneTimer).alarm(beatInPlace);
  beat();
  sentinel.whenBusy(() => {
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
