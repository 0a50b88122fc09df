/** The engine process: takes the data folder, starts the engine, tells the owner how it is. */
import path from 'node:path';
import { systemScheduler } from '../engine/pipeline/system-scheduler.ts';
import { oneTimer } from '../platform/linux/descriptor-timer.ts';
import { takeFileLock } from '../platform/linux/file-lock.ts';
import type { Status } from '../../shared/status/status.ts';
import { BeatWriter, beatFileOf } from './beat-file.ts';
import { readChildOptions } from './child-options.ts';
import type { EngineProcess } from './engine/engine-process.ts';
import { startEngine } from './engine/start-engine.ts';
import { wakeFromOutsideOnly } from './loop-waking.ts';
import { ownerMessageSchema, type ChildMessage } from './messages.ts';
import { ownerChannel, type OwnerChannel } from './owner-channel.ts';
import { goEarly } from './priority.ts';
import { ensureFolder } from './private-folder.ts';
import { ignoreTerminalSignals } from './terminal-signals.ts';
import { compileLittle, makeFrugal } from './v8-settings.ts';
import { VERSION } from './version.ts';
import { WakeClock } from './wake-clock.ts';

/** Sooner when this process is awake anyway, mostly to look at the sentinel. */
const BEAT_MS = 500;
const SOONEST_BEAT_MS = 250;
const STATE_EVERY_MS = 900;
/** An engine that is being ended keeps its lock for a moment. */
const LOCK_TRIES = 30;
const LOCK_PAUSE_MS = 100;

async function main(): Promise<void> {
  const owner = ownerChannel(wakeFromOutsideOnly());
  if (owner === null) throw new Error('the engine is started by its owner only');
  ignoreTerminalSignals();
  makeFrugal();
  compileLittle();
  goEarly();
  owner.onOwnerGone(() => process.exit(0));
  const post = (message: ChildMessage): void => owner.post(message);
  const host = readChildOptions(process.argv.slice(2));
  const uid = process.getuid?.() ?? 0;
  const made = ensureFolder(host.paths.dataDir, 0o700, uid);
  if (!made.ok) return post({ t: 'fatal', ...made.error });
  if (!(await takeFolder(path.join(host.paths.dataDir, 'engine.lock')))) {
    return post({ t: 'fatal', code: 'already-running', message: `Another Holdfast already uses ${host.paths.dataDir}. Stop it (holdfast stop) or choose another folder with --data-dir.` });
  }
  const early = holdMessages(owner);
  // From here on the folder is ours: a sentinel of this instance may exist.
  post({ t: 'ready' });
  const scheduler = systemScheduler(oneTimer);
  const clock = new WakeClock((run) => scheduler.alarm(run));
  const starting = startEngine({ host, uid, version: VERSION, clock, scheduler, log, onStopRequested: () => setImmediate(() => post({ t: 'stop-requested' })) });
  // Not before the long first part of the start is over: on a loaded machine that would pass for silence.
  const onBeat = keepBeating(host.paths.privateRunDir, clock, post);
  const started = await starting;
  if (!started.ok) return post({ t: 'fatal', ...started.error });
  early.serve(started.value);
  tellState(started.value, post, onBeat);
}

async function takeFolder(lock: string): Promise<boolean> {
  for (let attempt = 0; attempt < LOCK_TRIES; attempt += 1) {
    const taken = takeFileLock(lock);
    if (taken.ok) return true;
    if (taken.error.code !== 'busy') log(taken.error.message);
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
  }
  return false;
}

/** The owner speaks before the engine is up: its words are kept, but for the last one. */
function holdMessages(owner: OwnerChannel): { serve(engine: EngineProcess): void } {
  const kept: unknown[] = [];
  let take = (message: unknown): void => {
    if ((message as { t?: unknown }).t === 'stop') process.exit(0);
    kept.push(message);
  };
  owner.onMessage((message) => take(message));
  return {
    serve: (engine) => {
      take = (message) => receive(engine, message);
      kept.forEach(take);
    },
  };
}

function receive(engine: EngineProcess, message: unknown): void {
  const parsed = ownerMessageSchema.safeParse(message);
  if (!parsed.success) return log('a message of unknown form from the owner was ignored');
  if (parsed.data.t === 'family') engine.setFamily(parsed.data);
  if (parsed.data.t === 'stop') void engine.stop().finally(() => process.exit(0));
}

/** The run folder is made while the engine starts; until there is a file, the owner is told. */
function keepBeating(privateRunDir: string, clock: WakeClock, post: (message: ChildMessage) => void): (listener: () => void) => void {
  let file: BeatWriter | null = null;
  const written = (): boolean => {
    try {
      file ??= new BeatWriter(beatFileOf(privateRunDir, 'engine'));
      return file.beat();
    } catch {
      return false;
    }
  };
  let listener: () => void = () => undefined;
  let toldMs = 0;
  const slot = clock.slot(() => {
    if (!written()) post({ t: 'beat' });
    slot.set(SOONEST_BEAT_MS, BEAT_MS);
    if (performance.now() - toldMs < STATE_EVERY_MS) return;
    toldMs = performance.now();
    listener();
  });
  slot.set(SOONEST_BEAT_MS, BEAT_MS);
  return (wanted) => {
    listener = wanted;
  };
}

function tellState(engine: EngineProcess, post: (message: ChildMessage) => void, onBeat: (listener: () => void) => void): void {
  let last = '';
  const tell = (): void => {
    const { state, reasons, pausedUntil }: Status = engine.status();
    const now = JSON.stringify({ state, reasons, pausedUntil });
    if (now === last) return;
    last = now;
    engine.stateChanged();
    post({ t: 'state', state, reasons, pausedUntil });
  };
  tell();
  onBeat(tell);
}

function log(line: string): void {
  process.stderr.write(`engine: ${line}\n`);
}

await main();
