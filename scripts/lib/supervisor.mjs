/**
 * Starts the main process and stays its owner: a clean stop when asked, a new one when it crashes, and an end to it when
 * this process is gone in whatever way (its owner's pipe closes then).
 */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** Said by the main process: starting again would end the same way (bad arguments, another engine in this data folder). */
export const EXIT_DO_NOT_RESTART = 2;
const LONGEST_PAUSE_MS = 5_000;
/** A run this long was not part of a series of crashes. */
const STEADY_MS = 30_000;
const STOP_PATIENCE_MS = 10_000;

/**
 * @param {number} crashes in a row
 * @returns {number} milliseconds before the next start
 */
export function pauseAfter(crashes) {
  return crashes <= 1 ? 0 : Math.min(LONGEST_PAUSE_MS, 100 * 2 ** (crashes - 2));
}

export class Supervisor {
  #stopping = false;
  /** @type {import('node:child_process').ChildProcess | null} */
  #child = null;

  /**
   * @param {string} command
   * @param {readonly string[]} args
   * @param {(line: string) => void} tell
   * @param {number} [stopPatienceMs]
   */
  constructor(command, args, tell, stopPatienceMs = STOP_PATIENCE_MS) {
    this.command = command;
    this.args = args;
    this.tell = tell;
    this.stopPatienceMs = stopPatienceMs;
  }

  /** @returns {Promise<number>} the exit code to pass on, once it ended for good */
  async run() {
    let crashes = 0;
    while (!this.#stopping) {
      const from = performance.now();
      const { code, signal } = await this.#runOnce();
      if (code === 0 || code === EXIT_DO_NOT_RESTART || this.#stopping) return code ?? 1;
      crashes = performance.now() - from > STEADY_MS ? 1 : crashes + 1;
      const pause = pauseAfter(crashes);
      const how = signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`;
      const often = crashes > 1 ? ` (${String(crashes)} times in a row)` : '';
      this.tell(`the main process ${how}${often}; starting it again ${pause === 0 ? 'now' : `in ${String(pause / 1000)} s`}`);
      await delay(pause);
    }
    return 1;
  }

  /** Closing the pipe is the request; whoever does not hear it in time is ended. */
  stop() {
    if (this.#stopping) return;
    this.#stopping = true;
    const child = this.#child;
    if (child === null) return;
    child.stdin?.end();
    setTimeout(() => {
      if (this.#child !== child) return;
      this.tell('it did not stop when asked; ending it');
      endGroup(child.pid);
    }, this.stopPatienceMs).unref();
  }

  /** @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} */
  #runOnce() {
    const env = { ...process.env };
    // Left behind by editors and agent terminals, either would turn Electron into something else.
    delete env['ELECTRON_RUN_AS_NODE'];
    delete env['NODE_OPTIONS'];
    // A session of its own: Ctrl-Z or Ctrl-C in this terminal reaches this process alone, which decides what it means.
    const child = spawn(this.command, [...this.args], { env, stdio: ['pipe', 'inherit', 'inherit'], detached: true, windowsHide: true });
    this.#child = child;
    // The pipe breaks when the child dies first; its exit is what tells us.
    child.stdin?.on('error', () => undefined);
    return new Promise((resolve) => {
      child.once('error', (error) => {
        this.#child = null;
        this.tell(`${this.command} could not be started: ${error.message}`);
        resolve({ code: 127, signal: null });
      });
      child.once('exit', (code, signal) => {
        this.#child = null;
        if (code !== 0) endGroup(child.pid);
        resolve({ code, signal });
      });
    });
  }
}

/**
 * Ends what a main process that died badly left in its session, a stopped helper among it. Nothing but Holdfast's own
 * processes is ever in that group.
 * @param {number | undefined} leader
 */
function endGroup(leader) {
  if (leader === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL');
  } catch {
    // Nobody was left.
  }
}
