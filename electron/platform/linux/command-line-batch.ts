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

interface Batch {
  readonly questions: readonly Question[];
  readonly thread: Worker;
  readonly sentMs: number;
}

const waiting: Question[] = [];
let underWay: Batch | null = null;
let thread: Worker | null = null;
/** Threads that were given up. One may come back one day; until then it counts as lost. */
const lost = new Set<Worker>();
let gathering = false;
let watching = false;

/** `take` is called once, later and never within this call. `unreadable`: large, or not to be had; `readCommandLineWithin` may know. */
export function readCommandLineSoon(pid: Pid, take: Take): void {
  if (waiting.length >= MOST_WAITING || lost.size >= MOST_LOST) {
    setImmediate(take, 'unreadable');
    return;
  }
  waiting.push({ pid, take });
  if (!gathering) send();
}

/** What is asked within `work` goes together, at its end; a turn of the loop to gather them would cost as much as reading them. */
export function inOneBatch(work: () => void): void {
  gathering = true;
  try {
    work();
  } finally {
    gathering = false;
    send();
  }
}

/** Threads that wait in the kernel for someone who may never answer. */
export function lostBatchThreads(): number {
  return lost.size;
}

function send(): void {
  if (underWay !== null || waiting.length === 0) return;
  const questions = waiting.splice(0, MOST_IN_BATCH);
  if (lost.size >= MOST_LOST) {
    for (const { take } of questions) setImmediate(take, 'unreadable');
    send();
    return;
  }
  thread ??= startThread();
  underWay = { questions, thread, sentMs: performance.now() };
  thread.postMessage(questions.map(({ pid }) => pid));
  watch(STUCK_AFTER_MS);
}

/** One timer for all batches, set anew only when it has fired: each change of a timer costs a turn of Electron's loop. */
function watch(ms: number): void {
  if (watching) return;
  watching = true;
  fairDeadline(ms, () => {
    watching = false;
    if (underWay === null) return;
    const leftMs = underWay.sentMs + STUCK_AFTER_MS - performance.now();
    if (leftMs > 0) watch(leftMs);
    else giveUp(underWay);
  });
}

function giveUp(batch: Batch): void {
  lost.add(batch.thread);
  thread = null;
  finish(batch, null);
}

/** Null: it ran out of memory, and the next batch gets a new thread. */
function onAnswer(from: Worker, answer: BatchAnswer | null): void {
  if (lost.delete(from)) {
    void from.terminate();
    return;
  }
  if (answer === null && thread === from) thread = null;
  if (underWay?.thread === from) finish(underWay, answer);
}

function finish({ questions }: Batch, answer: BatchAnswer | null): void {
  underWay = null;
  // The thread reads on while this one looks at what it read.
  send();
  let at = 0;
  for (const [index, { take }] of questions.entries()) {
    const length = answer?.lengths[index] ?? UNREADABLE;
    if (answer === null || length < 0) {
      take(length === GONE ? 'gone' : 'unreadable');
      continue;
    }
    take({ values: splitStrings(answer.bytes.subarray(at, at + length)), complete: true });
    at += length;
  }
}

function startThread(): Worker {
  const worker = new Worker(`new (${CommandLineThread.toString()})(require('node:worker_threads').parentPort, ${JSON.stringify({ gone: GONE, unreadable: UNREADABLE })}).serve()`, {
    eval: true,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4, stackSizeMb: 1 },
  });
  worker.on('message', (answer: BatchAnswer) => onAnswer(worker, answer));
  worker.on('error', () => onAnswer(worker, null));
  worker.unref();
  return worker;
}
