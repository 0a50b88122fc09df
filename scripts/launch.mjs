/**
 * Starts the main process and stays its owner: a clean stop when asked, a new one when it crashes, and an end to it when
 * this process is gone in whatever way (its owner's pipe closes then).
 */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { paths } from './lib/paths.mjs';
import { say } from './lib/say.mjs';

/** Of our own: starting again would end the same way (bad arguments, another engine in this data folder). */
export const EXIT_DO_NOT_RESTART = 2;
const LONGEST_PAUSE_MS = 5_000;
/** A run this long was not part of a series of crashes. */
const STEADY_MS = 30_000;
const STOP_PATIENCE_MS = 10_000;

/**
 * @param {import('./set-up.mjs').Runtime} runtime
 * @param {readonly string[]} appArguments
 * @param {NodeJS.ProcessEnv} env
 * @param {number | undefined} uid
 * @returns {{ command: string, args: string[] }}
 */
export function commandFor(runtime, appArguments, env, uid) {
  if (runtime.kind === 'node') return { command: process.execPath, args: [paths.nodeEntry, '--owned', ...appArguments] };
  // Chromium's own chatter (no system bus, no GPU) would bury what Holdfast has to say.
  const switches = ['--log-level=3'];
  const headless = process.platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY'];
  // Chromium refuses its sandbox to root. Without a window there is no renderer, so nothing untrusted runs outside one.
  if (uid === 0) switches.push('--no-sandbox');
  if (headless) switches.push('--ozone-platform=headless', '--in-process-gpu');
  // The zygote prepares sandboxed renderers; there will be none.
  if (headless && uid === 0) switches.push('--no-zygote');
  // What follows `--` is ours; Chromium takes no switch from there.
  return { command: runtime.executable, args: [...switches, paths.mainEntry, '--', '--owned', ...appArguments] };
}

/**
 * @param {number} crashes in a row
 * @returns {number} milliseconds before the next start
 */
export function pauseAfter(crashes) {
  return crashes <= 1 ? 0 : Math.min(LONGEST_PAUSE_MS, 100 * 2 ** (crashes - 2));
}

/**
 * @param {import('./set-up.mjs').Runtime} runtime
 * @param {readonly string[]} appArguments
 * @returns {Promise<number>} the exit code for this process
 */
export async function launch(runtime, appArguments) {
  const { command, args } = commandFor(runtime, appArguments, process.env, process.getuid?.());
  const owner = new Owner(command, args);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      owner.stop();
    });
  }
  let crashes = 0;
  for (;;) {
    const from = performance.now();
    const { code, signal } = await owner.runOnce();
    if (code === 0 || code === EXIT_DO_NOT_RESTART || owner.stopping) return code ?? 1;
    crashes = performance.now() - from > STEADY_MS ? 1 : crashes + 1;
    const pause = pauseAfter(crashes);
    const how = signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`;
    const often = crashes > 1 ? ` (${String(crashes)} times in a row)` : '';
    say(`the main process ${how}${often}; starting it again ${pause === 0 ? 'now' : `in ${String(pause / 1000)} s`}`);
    await delay(pause);
    if (owner.stopping) return 1;
  }
}

class Owner {
  stopping = false;
  /** @type {import('node:child_process').ChildProcess | null} */
  #child = null;

  /**
   * @param {string} command
   * @param {readonly string[]} args
   */
  constructor(command, args) {
    this.command = command;
    this.args = args;
  }

  /** @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} */
  runOnce() {
    const env = { ...process.env };
    // Left behind by editors and agent terminals, either would turn Electron into something else.
    delete env['ELECTRON_RUN_AS_NODE'];
    delete env['NODE_OPTIONS'];
    // A session of its own: Ctrl-Z or Ctrl-C in this terminal reaches this process alone, which decides what it means.
    const child = spawn(this.command, [...this.args], { env, stdio: ['pipe', 'inherit', 'inherit'], detached: true });
    this.#child = child;
    // The pipe breaks when the child dies first; its exit is what tells us.
    child.stdin?.on('error', () => undefined);
    return new Promise((resolve) => {
      child.once('error', (error) => {
        say(`${this.command} could not be started: ${error.message}`);
        resolve({ code: 127, signal: null });
      });
      child.once('exit', (code, signal) => {
        this.#child = null;
        if (code !== 0) endRest(child.pid);
        resolve({ code, signal });
      });
    });
  }

  /** Closing the pipe is the request; whoever does not hear it in time is ended. */
  stop() {
    if (this.stopping) return;
    this.stopping = true;
    const child = this.#child;
    if (child === null) return;
    child.stdin?.end();
    setTimeout(() => {
      if (child.exitCode === null && child.signalCode === null) {
        say('it did not stop when asked; ending it');
        endRest(child.pid);
      }
    }, STOP_PATIENCE_MS).unref();
  }
}

/**
 * Ends what a main process that died badly left in its session, a stopped helper among it. Nothing but Holdfast's own
 * processes is ever in that group.
 * @param {number | undefined} leader
 */
function endRest(leader) {
  if (leader === undefined || process.platform === 'win32') return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody was left.
  }
}
