/**
 * Command lines of many running programs, read by a thread of their own: what this thread would wait for, it never waits
 * for, and what is asked while a batch is under way goes with the next one, so that a storm costs few messages.
 *
 * A program can have its memory map locked for ever (see side-reader.ts). The reading thread is then lost until that ends: its batch is
 * answered `unreadable`, and another thread takes over. After a few of them everything is `unreadable`; the caller then
 * reads through `isolated-read.ts`, which is fair among users. End a process with a lost thread with SIGKILL.
 */
import { Worker } from 'node:worker_threads';
import type { Arguments, Pid } from '../contract.ts';
import { CommandLineThread, GONE, UNREADABLE, type BatchAnswer } from './command-line-thread.ts';
import { fairDeadline } from './fair-deadline.ts';
import { splitStrings } from './nul-strings.ts';

export type BatchedLine = Arguments | 'unreadable' | 'gone';
type Take = (found: BatchedLine) => void;

interface Question {
  readonly pid: Pid;
  readonly take: Take;
}

const MOST_WAITING = 16_384;
const MOST_IN_BATCH = 512;
/** A thread of a loaded machine may not get its turn for long; taking that for stuck would add another to the load. */
const STUCK_AFTER_MS = 500;
const MOST_LOST = 4;

const waiting: Question[] = [];
let underWay: readonly Question[] | null = null;
let thread: Worker | null = null;
let lost = 0;
let flushing = false;

/** `take` is called once, later and never within this call. `unreadable`: large, or not to be had; `readCommandLineWithin` may know. */
export function readCommandLineSoon(pid: Pid, take: Take): void {
  if (waiting.length >= MOST_WAITING) {
    setImmediate(take, 'unreadable');
    return;
  }
  waiting.push({ pid, take });
  flushSoon();
}

/** Threads that wait in the kernel for someone who may never answer. */
export function lostBatchThreads(): number {
  return lost;
}

function flushSoon(): void {
  if (flushing || underWay !== null || waiting.length === 0) return;
  flushing = true;
  setImmediate(flush);
}

function flush(): void {
  flushing = false;
  const batch = waiting.splice(0, MOST_IN_BATCH);
  if (lost >= MOST_LOST) {
    for (const { take } of batch) take('unreadable');
    flushSoon();
    return;
  }
  thread ??= startThread();
  send(thread, batch);
}

function send(to: Worker, batch: readonly Question[]): void {
  underWay = batch;
  to.postMessage(batch.map(({ pid }) => pid));
  const callOff = fairDeadline(STUCK_AFTER_MS, () => giveUp(to, batch));
  const end = (): void => {
    callOff();
    to.off('message', receive);
    to.off('error', fail);
  };
  const receive = (answer: BatchAnswer): void => {
    end();
    finish(batch, answer);
  };
  // Out of memory: the next batch gets a new thread.
  const fail = (): void => {
    end();
    if (thread === to) thread = null;
    finish(batch, null);
  };
  to.on('message', receive);
  to.on('error', fail);
}

function finish(batch: readonly Question[], answer: BatchAnswer | null): void {
  if (underWay !== batch) return;
  underWay = null;
  flushSoon();
  let at = 0;
  for (const [index, { take }] of batch.entries()) {
    const length = answer?.lengths[index] ?? UNREADABLE;
    if (answer === null || length < 0) {
      take(length === GONE ? 'gone' : 'unreadable');
      continue;
    }
    take({ values: splitStrings(answer.bytes.subarray(at, at + length)), complete: true });
    at += length;
  }
}

/** The thread may come back one day; until then it counts as lost. */
function giveUp(from: Worker, batch: readonly Question[]): void {
  lost += 1;
  if (thread === from) thread = null;
  const back = (): void => {
    lost -= 1;
    void from.terminate();
  };
  from.removeAllListeners('message');
  from.removeAllListeners('error');
  from.once('message', back);
  from.once('error', back);
  finish(batch, null);
}

function startThread(): Worker {
  const worker = new Worker(`new (${CommandLineThread.toString()})(require('node:worker_threads').parentPort, ${JSON.stringify({ gone: GONE, unreadable: UNREADABLE })}).serve()`, {
    eval: true,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4, stackSizeMb: 1 },
  });
  worker.unref();
  return worker;
}
