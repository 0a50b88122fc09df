/** The `holdfast` command: hands this process's surroundings to `run` and ends with its exit code. */
import os from 'node:os';
import { VERSION } from '../host/version.ts';
import { Interrupts } from './interrupts.ts';
import type { CliIo } from './io.ts';
import { run } from './program.ts';
import { OUTPUT } from './words.ts';

/** 128 + SIGPIPE, as shells have it: whoever read our output has gone. */
const EXIT_PIPE_CLOSED = 141;
/** After each of these there is nothing to wait for. */
const ENDS = ['drain', 'error', 'close'] as const;
/** As for anything else that went wrong. */
const EXIT_NOT_WRITTEN = 1;
let outputExit = EXIT_PIPE_CLOSED;
const interrupts = new Interrupts(() => process.exit(outputExit));

function processIo(): CliIo {
  return {
    out: (text) => {
      if (!interrupts.outputClosed) process.stdout.write(text);
    },
    err: (text) => {
      if (!interrupts.outputClosed) process.stderr.write(text);
    },
    isTty: process.stdout.isTTY,
    columns: process.stdout.isTTY ? process.stdout.columns : null,
    env: process.env,
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    homeDir: os.homedir(),
    platform: process.platform,
    arch: process.arch,
    nowMs: Date.now,
    onInterrupt,
    drained,
    standardInput: () => process.stdin,
  };
}

/** Nothing is waited for once nobody reads any more. */
function drained(): Promise<void> {
  const { stdout } = process;
  if (interrupts.outputClosed || !stdout.writableNeedDrain) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ENDS) stdout.off(event, done);
      resolve();
    };
    for (const event of ENDS) stdout.on(event, done);
  });
}

/** While somebody listens, a signal asks instead of ending this process; a second one ends it after all. */
function onInterrupt(listener: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = (): void => {
    for (const signal of signals) process.off(signal, heard);
    forget();
  };
  const heard = (): void => {
    stop();
    listener();
  };
  for (const signal of signals) process.on(signal, heard);
  const forget = interrupts.add(heard);
  return stop;
}

for (const stream of [process.stdout, process.stderr]) {
  // `holdfast history | head` closes our output; that is an end, not a fault. What has to be cleaned up is cleaned up first.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (stream === process.stdout && error.code !== 'EPIPE') {
      outputExit = EXIT_NOT_WRITTEN;
      process.stderr.write(`${OUTPUT.notWritten(error.message)}\n`);
    }
    interrupts.onOutputClosed();
  });
}
const exitCode = await run(process.argv.slice(2), processIo(), VERSION);
process.exitCode = interrupts.outputClosed ? outputExit : exitCode;
// A helper process of Electron does not end by itself when there is nothing left to do.
if ('parentPort' in process) process.stdout.write('', () => process.exit());
