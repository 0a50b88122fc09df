/**
 * Facts of an opened file from its descriptor alone: no path is followed, so nothing can be swapped under us. Synchronous; for files
 * on file systems that may be marked (local ones), whose reads end.
 */
import { readSync } from 'node:fs';
import type { ContentIdentity, FileFacts, ScriptHeader } from '../contract.ts';
import { describeError, readAt } from '../ffi/libc.ts';
import { statDescriptor } from '../ffi/stat.ts';
import { decodeBytes } from '../../../shared/text/surrogate-escape.ts';
import { elfIdentity, elfInterpreterPath, type ReadAt } from './elf.ts';
import { readOwnLink } from './proc-file.ts';
import { undelete, type ProcessImage } from './proc.ts';

/** Path of an open file as the kernel knows it now, links resolved. */
export function pathOf(fd: number): ProcessImage {
  const found = readOwnLink(fd);
  if (found === null) throw new Error(`descriptor ${fd} has no path: it is not open`);
  return undelete(decodeBytes(found), `/proc/self/fd/${fd}`);
}

export function factsOf(fd: number): FileFacts {
  const stat = statDescriptor(fd);
  if (typeof stat === 'number') throw new Error(`facts of descriptor ${fd} can not be read: ${describeError(stat)}`);
  return stat;
}

/** BINPRM_BUF_SIZE of linux/binfmts.h. */
const HEADER_SIZE = 256;
const header = Buffer.alloc(HEADER_SIZE);

/** The interpreter line, read as the kernel reads it; null when the file is no script the kernel would run. */
export function readScriptHeader(fd: number): ScriptHeader | null {
  header.fill(0);
  if (readAt(fd, header, HEADER_SIZE, 0) < 0) return null;
  return parseScriptHeader(header);
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * fs/binfmt_script.c, load_script, step by step: the line ends at the first newline, unless a NUL byte stands before it; with no such newline the
 * name must end within the 256 bytes, or it might be cut short and the kernel refuses; trailing blanks are dropped; what follows the name
 * is one undivided argument, which can be empty.
 */
export function parseScriptHeader(bytes: Uint8Array): ScriptHeader | null {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return null;
  let end = newlineBeforeNul(bytes);
  if (end === -1) {
    end = HEADER_SIZE - 1;
    const name = firstWhere(bytes, 2, end, (byte) => !isBlank(byte));
    if (name === -1 || firstWhere(bytes, name, end, isTerminator) === -1) return null;
  }
  while (isBlank(bytes[end - 1])) end -= 1;
  const name = firstWhere(bytes, 2, end, (byte) => !isBlank(byte));
  if (name === -1 || name === end) return null;
  const separator = firstWhere(bytes, name, end, isTerminator);
  const interpreter = textBetween(bytes, name, separator === -1 ? end : separator);
  if (interpreter === '') return null;
  const hasMore = separator !== -1 && bytes[separator] !== 0;
  const argument = hasMore ? firstWhere(bytes, separator, end, (byte) => !isBlank(byte)) : -1;
  return { interpreter, argument: argument === -1 ? null : textBetween(bytes, argument, end) };
}

function newlineBeforeNul(bytes: Uint8Array): number {
  const found = firstWhere(bytes, 0, HEADER_SIZE - 1, (byte) => byte === NEWLINE || byte === 0);
  return bytes[found] === NEWLINE ? found : -1;
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

function isTerminator(byte: number): boolean {
  return isBlank(byte) || byte === 0;
}

/** `last` is looked at too, as in the kernel's helpers. */
function firstWhere(bytes: Uint8Array, from: number, last: number, test: (byte: number) => boolean): number {
  for (let at = from; at <= last; at += 1) if (test(bytes[at] ?? 0)) return at;
  return -1;
}

function textBetween(bytes: Uint8Array, from: number, end: number): string {
  const part = bytes.subarray(from, Math.max(from, end));
  const nul = part.indexOf(0);
  return decodeBytes(nul === -1 ? part : part.subarray(0, nul));
}

/** Identity of an executable's content; both null when it is no ELF file. Never throws for what the file holds. */
export function contentIdentity(fd: number): ContentIdentity {
  return elfIdentity(readerOf(fd));
}

/** The dynamic loader an ELF program asks for, null when it has none. */
export function elfInterpreter(fd: number): string | null {
  return elfInterpreterPath(readerOf(fd));
}

function readerOf(fd: number): ReadAt {
  return (position, size) => {
    const buffer = Buffer.alloc(size);
    try {
      return buffer.subarray(0, readSync(fd, buffer, 0, size, position));
    } catch {
      return buffer.subarray(0, 0);
    }
  };
}
