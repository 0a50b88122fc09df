/**
 * Command lines of many running programs, read by a thread of their own: what would hold this thread up for longer than a millisecond, it
 * does not wait for, and what is asked within one batch of news is read together, so that a storm wakes that thread seldom.
 *
 * A program can have its memory map locked for ever (see side-reader.ts). The reading thread is then lost until that ends: its batch is
 * answered `unreadable`, and another thread takes over. After a few of them everything is `unreadable`; the caller then
 * reads through `isolated-read.ts`, which is fair among users. End a process with a lost thread with SIGKILL.
 */
import type { Arguments, Pid } from '../contract.ts';
import { CommandLineReader, MOST_IN_BATCH, type RawLine } from './command-line-reader.ts';
import { splitStrings } from './nul-strings.ts';

export type BatchedLine = Arguments | 'unreadable' | 'gone';
type Take = (found: BatchedLine) => void;

interface Question {
  readonly pid: Pid;
  readonly take: Take;
}

interface Batch {
  readonly questions: readonly Question[];
  readonly reader: CommandLineReader;
}

const MOST_WAITING = 16_384;
/** A line takes some ten microseconds. */
const LONGEST_WAIT_MS = 1;
const LOOK_EVERY_MS = 5;
/** Half a second: a thread of a loaded machine may not get its turn for long. Looks are counted, because this thread may be held up as well. */
const STUCK_AFTER_LOOKS = 100;
const MOST_LOST = 4;

const waiting: Question[] = [];
let underWay: Batch | null = null;
let reader: CommandLineReader | null = null;
/** Given up. One may come back one day; until then it counts as lost. */
const lost = new Set<CommandLineReader>();
let gathering = false;
let asksSoon = false;

/** `take` is called once, later and never within this call. `unreadable`: large, or not to be had; `readCommandLineWithin` may know. */
export function readCommandLineSoon(pid: Pid, take: Take): void {
  if (waiting.length >= MOST_WAITING) {
    setImmediate(take, 'unreadable');
    return;
  }
  waiting.push({ pid, take });
  if (!gathering) askSoon();
}

/** What is asked within `work` goes together, and mostly is answered when this returns. */
export function inOneBatch(work: () => void): void {
  gathering = true;
  try {
    work();
  } finally {
    gathering = false;
    ask();
  }
}

/** Threads that wait in the kernel for someone who may never answer. */
export function lostBatchThreads(): number {
  for (const each of lost) if (each.isAnswered()) forget(each);
  return lost.size;
}

function askSoon(): void {
  if (asksSoon || underWay !== null || waiting.length === 0) return;
  asksSoon = true;
  setImmediate(() => {
    asksSoon = false;
    ask();
  });
}

function ask(): void {
  if (underWay !== null || waiting.length === 0) return;
  if (lostBatchThreads() >= MOST_LOST) {
    for (const { take } of waiting.splice(0)) setImmediate(take, 'unreadable');
    return;
  }
  const questions = waiting.splice(0, MOST_IN_BATCH);
  reader ??= startReader();
  underWay = { questions, reader };
  reader.ask(questions.map(({ pid }) => pid));
  if (reader.isAnswered(LONGEST_WAIT_MS)) finish(questions, reader.take());
  else lookAgain(underWay, 1);
}

function lookAgain(batch: Batch, looks: number): void {
  setTimeout(() => {
    if (underWay !== batch) return;
    if (batch.reader.isAnswered()) finish(batch.questions, batch.reader.take());
    else if (looks === STUCK_AFTER_LOOKS) giveUp(batch);
    else lookAgain(batch, looks + 1);
  }, LOOK_EVERY_MS);
}

function giveUp({ questions, reader: stuck }: Batch): void {
  lost.add(stuck);
  reader = null;
  finish(questions, questions.map(() => 'unreadable'));
}

/** What was not answered because it did not fit goes first next time. */
function finish(questions: readonly Question[], answers: readonly RawLine[]): void {
  underWay = null;
  waiting.unshift(...questions.slice(answers.length));
  // In a turn of its own, so that a storm does not keep the loop from everything else.
  askSoon();
  for (const [index, line] of answers.entries()) questions[index]?.take(typeof line === 'string' ? line : { values: splitStrings(line), complete: true });
}

function startReader(): CommandLineReader {
  const started = new CommandLineReader(() => {
    lost.delete(started);
    if (reader === started) reader = null;
    // The next batch gets a new one.
    if (underWay?.reader === started) finish(underWay.questions, underWay.questions.map(() => 'unreadable'));
  });
  return started;
}

function forget(back: CommandLineReader): void {
  lost.delete(back);
  back.close();
}
