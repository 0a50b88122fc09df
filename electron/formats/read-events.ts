/**
 * Reads event records from a file or a stream, whatever form it has: the bytes decide, not the name. EVTX, JSON of several recorders,
 * either of them packed with gzip.
 */
import { readEvtx } from './evtx/read-evtx.ts';
import { EVTX_MAGIC } from './evtx/file-header.ts';
import { readJson } from './json/read-json.ts';
import { openInput } from './open-input.ts';
import type { ReadItem, ReadProblem } from './record.ts';
import { GZIP_MAGIC, unpack, UnreadableInput } from './unpack.ts';

export type EventSource =
  /** A file that a person named. */
  | { readonly path: string }
  /** Standard input, or bytes in memory. */
  | { readonly stream: AsyncIterable<Uint8Array> };

/** As many bytes as tell one form from another. */
const MAGIC_BYTES = 8;
/** A file can be made of nothing but problems; who reads the list has seen enough by then. Records behind them are still given. */
export const MOST_PROBLEMS = 10_000;
const ZIP_MAGIC = Buffer.from('PK\u0003\u0004', 'latin1');
const UTF16_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/** Never throws for what is wrong with the input: that is told as a problem, with `whole` when nothing could be read. */
export async function* readEvents(source: EventSource): AsyncGenerator<ReadItem, void, undefined> {
  const limit = new ProblemLimit();
  let given = 0;
  let records = 0;
  let isWhole = false;
  try {
    for await (const items of itemsOf(source)) {
      given += items.length;
      for (const item of items) {
        if ('record' in item) records += 1;
        else isWhole ||= item.problem.whole;
        const told = 'record' in item ? item : limit.pass(item);
        if (told !== null) yield told;
      }
    }
  } catch (error) {
    const reason = unreadable(error);
    if (reason === null) throw error;
    isWhole ||= given === 0;
    yield { problem: { offset: 0, reason, whole: given === 0 } };
  }
  if (given > 0 && records === 0 && !isWhole) yield { problem: { offset: 0, reason: 'nothing in it could be read as an event', whole: true } };
}

class ProblemLimit {
  #count = 0;

  /** The problem, one word on all further ones, or null. */
  pass(item: ReadItem & { readonly problem: ReadProblem }): ReadItem | null {
    this.#count += 1;
    if (this.#count <= MOST_PROBLEMS) return item;
    if (this.#count > MOST_PROBLEMS + 1) return null;
    return { problem: { ...item.problem, reason: `there are more than ${MOST_PROBLEMS} problems; this and further ones are not told` } };
  }
}

async function* itemsOf(source: EventSource): AsyncGenerator<readonly ReadItem[], void, undefined> {
  if ('stream' in source) {
    yield* byContent(source.stream, true);
    return;
  }
  const opened = await openInput(source.path);
  if (opened.ok) yield* byContent(opened.value, true);
  else yield whole(opened.error.message);
}

async function* byContent(stream: AsyncIterable<Uint8Array>, mayBePacked: boolean): AsyncGenerator<readonly ReadItem[], void, undefined> {
  const { head, all } = await peek(stream);
  const startsWith = (magic: Buffer): boolean => head.subarray(0, magic.length).equals(magic);
  if (startsWith(GZIP_MAGIC) && mayBePacked) yield* byContent(unpack(all), false);
  else if (startsWith(EVTX_MAGIC)) yield* readEvtx(all);
  else if (startsWith(ZIP_MAGIC)) yield whole('this is a zip archive; unpack it first');
  else if (UTF16_MARKS.some(startsWith)) yield whole('this text is UTF-16; save it as UTF-8 first');
  else if (head.length === 0) yield whole('this is empty');
  else if (looksLikeJson(head)) yield* readJson(all);
  else yield whole('this is neither an event file (EVTX) nor JSON');
}

/** Any text may be JSON lines with a bad first one; bytes that no text has can not. */
function looksLikeJson(head: Buffer): boolean {
  return !head.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
}

/** The first bytes, and a stream that begins with them again. */
async function peek(stream: AsyncIterable<Uint8Array>): Promise<{ head: Buffer; all: AsyncIterable<Uint8Array> }> {
  const pieces = stream[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < MAGIC_BYTES) {
    const next = await pieces.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  return { head: Buffer.concat(first).subarray(0, MAGIC_BYTES), all: joined(first, pieces) };
}

async function* joined(first: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function whole(reason: string): readonly ReadItem[] {
  return [{ problem: { offset: 0, reason, whole: true } }];
}

/** Null when the error says nothing about the input, so that it is a bug. */
function unreadable(error: unknown): string | null {
  if (error instanceof UnreadableInput) return error.message;
  return error instanceof Error && 'syscall' in error ? `this can not be read: ${error.message}` : null;
}
