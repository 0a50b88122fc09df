/**
 * The full command line of a program start that waits for permission: the kernel has not copied it yet (or shows the old
 * program's), so it is taken from the memory of the thread that calls execve, exactly where the kernel will take it.
 *
 * What is read can be changed by another thread after the answer; the exec event that follows is judged again for that reason.
 */
import type { Arguments, Pid } from '../contract.ts';
import { closeNow, openReadOnly, PAGE_SIZE, readAt } from '../ffi/libc.ts';
import { collectArguments, collectText, type PageWork } from './argument-strings.ts';
import { CALL_LOOKS, EXEC_CALL_FORMS, parseExecCall, type ExecCall } from './exec-call.ts';
import { readIsolated, type ReadWork } from './isolated-read.ts';
import { splitStrings } from './nul-strings.ts';
import { pagePosition } from './page-position.ts';
import { zeroTerminated } from './proc-file.ts';
import { beginBeside, readBeside, readCallBeside, type CallQuestion, type SideQuestion } from './side-reader.ts';

const FORMS = process.arch === 'arm64' ? EXEC_CALL_FORMS.arm64 : EXEC_CALL_FORMS.x64;

const RUNNING = 'r'.charCodeAt(0);
const line = Buffer.alloc(256);

const pillow = new Int32Array(new SharedArrayBuffer(4));
/** How often the patient way looks. */
const LOOK_AGAIN_MS = 1;

/**
 * The call of a thread that waits in an exec permission event. Null when it is gone, is in another call, or did not go to sleep in about a
 * millisecond: only `readExecCallWithin` tells these apart. What the file says comes from the kernel's own memory, not the process's.
 */
export function readExecCall(tid: Pid): ExecCall | null {
  const beside = takeBegun(tid);
  if (beside !== 'elsewhere') return beside;
  const found = lookForCall(tid, CALL_LOOKS.most);
  return found === 'running' ? null : found;
}

/**
 * Reads the call and starts reading its arguments without waiting for them: the next `readExecCall` for this thread, and `readArgumentsNow`
 * for what that gave (this very object), take the answer. Both go by beside what else is read in between. A thread that has not gone to
 * sleep yet is looked at by the side thread.
 */
export function beginExecCall(tid: Pid): void {
  beginBeside(tid, () => {
    begun = begunBy(tid, lookForCall(tid, CALL_LOOKS.atOnce));
    return begun.question;
  });
}

/** The call is known, or the side thread is asked for it. Without a question there are no arguments to read. */
type Begun = { readonly tid: Pid; readonly question: CallQuestion } | { readonly tid: Pid; readonly call: ExecCall | null; readonly question: SideQuestion | null };
type Strings = Buffer | 'elsewhere' | 'gone';

let begun: Begun | null = null;
let readAlong: { readonly call: ExecCall; strings(): Strings } | null = null;

function begunBy(tid: Pid, call: ExecCall | 'running' | null): Begun {
  if (call === 'running') return { tid, question: { tid, what: 'call' } };
  return { tid, call, question: call === null || call.argv === 0n ? null : argumentsQuestion(tid, call) };
}

function takeBegun(tid: Pid): ExecCall | null | 'elsewhere' {
  const known = begun;
  begun = null;
  if (known?.tid !== tid) return 'elsewhere';
  if (!('call' in known)) return takeCall(known.question);
  const { call, question } = known;
  if (call !== null && question !== null) readAlong = { call, strings: () => readBeside(question) };
  return call;
}

function takeCall(question: CallQuestion): ExecCall | null | 'elsewhere' {
  const found = readCallBeside(question);
  if (found === 'elsewhere') return 'elsewhere';
  const call = found === 'gone' ? null : parseExecCall(found.line, FORMS);
  if (call !== null && found !== 'gone') readAlong = { call, strings: () => found.strings };
  return call;
}

/** The same with patience: a thread can be kept off its processor for long. Null when it is gone, in another call, or the deadline is over. */
export async function readExecCallWithin(tid: Pid, deadlineMs: number): Promise<ExecCall | null> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const found = lookForCall(tid, 1);
    if (found !== 'running') return found;
    if (performance.now() >= end) return null;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

function lookForCall(tid: Pid, looks: number): ExecCall | 'running' | null {
  const fd = openReadOnly(zeroTerminated(`/proc/${tid}/syscall`));
  if (fd < 0) return null;
  try {
    for (let look = 1; ; look += 1) {
      const size = readAt(fd, line, line.length, 0);
      if (size < 0) return null; // ESRCH: it ended meanwhile
      if (line[0] !== RUNNING) return parseExecCall(line.toString('latin1', 0, size), FORMS);
      if (look >= looks) return 'running';
      if (look >= CALL_LOOKS.atOnce) Atomics.wait(pillow, 0, 0, CALL_LOOKS.napMs);
    }
  } finally {
    closeNow(fd);
  }
}

/** argv, at once. This thread waits at most a millisecond (see side-reader.ts); `not-resident`: only `readArgumentsWithin` can tell. */
export function readArgumentsNow(tid: Pid, call: ExecCall): Arguments | 'not-resident' | 'gone' {
  if (call.argv === 0n) return { values: [], complete: true };
  const known = readAlong;
  readAlong = null;
  return asArguments(known?.call === call ? known.strings() : readBeside(argumentsQuestion(tid, call)));
}

function asArguments(found: Strings): Arguments | 'not-resident' | 'gone' {
  if (found === 'gone') return 'gone';
  return found === 'elsewhere' ? 'not-resident' : { values: splitStrings(found), complete: true };
}

function argumentsQuestion(tid: Pid, call: ExecCall): SideQuestion {
  return { tid, what: 'array', address: call.argv, size: call.compat32 ? 4 : 8 };
}

/** Path as the caller gave it (relative to its folder or `dirfd`), at once. Null when only `readFilenameWithin` can tell. */
export function readFilename(tid: Pid, call: ExecCall): string | null {
  const found = readBeside({ tid, what: 'text', address: call.filename, size: 0 });
  return typeof found === 'string' ? null : (splitStrings(found)[0] ?? null);
}

/** argv, read away from this thread (see isolated-read.ts). Resolves within the deadline whatever the memory lies on. */
export function readArgumentsWithin(tid: Pid, call: ExecCall, deadlineMs: number): Promise<Arguments | 'late' | 'gone'> {
  return readIsolated(tid, 'mem', deadlineMs, pagesByRead(collectArguments(call.argv, call.compat32 ? 4 : 8, PAGE_SIZE)));
}

/** The same for the path; null when it can not be read by then, or not at all. */
export async function readFilenameWithin(tid: Pid, call: ExecCall, deadlineMs: number): Promise<string | null> {
  const found = await readIsolated(tid, 'mem', deadlineMs, pagesByRead(collectText(call.filename, PAGE_SIZE)));
  return found === null || typeof found === 'string' ? null : found.text;
}

/** How far reading ahead grows on a long argv: 16 pages a read. A first read takes one page only, so that no neighbour is touched needlessly. */
const MOST_PAGES = 16;
/** Chunks kept: the pointers' and the strings', and one to spare. */
const MOST_CHUNKS = 3;

interface Chunk {
  readonly first: number;
  readonly bytes: Uint8Array;
}

/** Serves page requests from larger reads. A chunk may end early where memory ends. */
function* pagesByRead<T>(work: PageWork<T>): ReadWork<T> {
  let chunks: Chunk[] = [];
  let step = work.next();
  while (step.done !== true) {
    const page = step.value;
    let found = pageOf(chunks, page);
    if (found === null) {
      const before = chunks.find((chunk) => chunk.first + chunk.bytes.length / PAGE_SIZE === page);
      const count = before === undefined ? 1 : Math.min(MOST_PAGES, (before.bytes.length / PAGE_SIZE) * 2);
      const bytes = yield { position: pagePosition(page), size: count * PAGE_SIZE };
      if (bytes !== null && bytes.length >= PAGE_SIZE) {
        chunks = [{ first: page, bytes: wholePages(bytes) }, ...chunks.filter((chunk) => chunk !== before)].slice(0, MOST_CHUNKS);
        found = pageOf(chunks, page);
      }
    }
    step = work.next(found);
  }
  return step.value;
}

function pageOf(chunks: readonly Chunk[], page: number): Uint8Array | null {
  for (const chunk of chunks) {
    const start = (page - chunk.first) * PAGE_SIZE;
    if (start >= 0 && start < chunk.bytes.length) return chunk.bytes.subarray(start, start + PAGE_SIZE);
  }
  return null;
}

function wholePages(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length - (bytes.length % PAGE_SIZE));
}
