/**
 * Facts of an opened file from its descriptor alone: no path is followed, so nothing can be swapped under us. Synchronous; for files
 * on file systems that may be marked (local ones), whose reads end.
 */
import { readSync, readlinkSync } from 'node:fs';
import type { ContentIdentity, FileFacts, ScriptHeader } from '../contract.ts';
import { describeError } from '../ffi/libc.ts';
import { statDescriptor } from '../ffi/stat.ts';
import { decodeBytes } from '../../../shared/text/surrogate-escape.ts';
import { elfIdentity, elfInterpreterPath, type ReadAt } from './elf.ts';
import { undelete, type ProcessImage } from './proc.ts';

/** Path of an open file as the kernel knows it now, links resolved. */
export function pathOf(fd: number): ProcessImage {
  const link = `/proc/self/fd/${fd}`;
  return undelete(decodeBytes(readlinkSync(link, 'buffer')), link);
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
  try {
    readSync(fd, header, 0, HEADER_SIZE, 0);
  } catch {
    return null;
  }
  return parseScriptHeader(header);
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * fs/binfmt_script.c, load_script: the line ends at a newline or at the end of the 256 bytes; without a newline the name must end in
 * them, or it might be cut short and the kernel refuses; blanks around are dropped; a NUL byte ends the line; what follows the
 * name is one undivided argument.
 */
export function parseScriptHeader(bytes: Uint8Array): ScriptHeader | null {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return null;
  const buffer = bytes.subarray(0, HEADER_SIZE);
  let end = buffer.subarray(0, HEADER_SIZE - 1).indexOf(NEWLINE);
  if (end === -1) {
    end = HEADER_SIZE - 1;
    const name = skip(buffer, 2, end, isBlank);
    if (name >= end) return null;
    if (skip(buffer, name, end, (byte) => !isBlank(byte) && byte !== 0) >= end) return null;
  }
  while (end > 2 && isBlank(buffer[end - 1] ?? 0)) end -= 1;
  const nameStart = skip(buffer, 2, end, isBlank);
  const nameEnd = skip(buffer, nameStart, end, (byte) => !isBlank(byte) && byte !== 0);
  if (nameEnd === nameStart) return null;
  const interpreter = decodeBytes(buffer.subarray(nameStart, nameEnd));
  if (nameEnd >= end || buffer[nameEnd] === 0) return { interpreter, argument: null };
  const argumentStart = skip(buffer, nameEnd, end, isBlank);
  const argumentEnd = skip(buffer, argumentStart, end, (byte) => byte !== 0);
  if (argumentEnd === argumentStart) return { interpreter, argument: null };
  return { interpreter, argument: decodeBytes(buffer.subarray(argumentStart, argumentEnd)) };
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

function skip(bytes: Uint8Array, from: number, end: number, while_: (byte: number) => boolean): number {
  let at = from;
  while (at < end && while_(bytes[at] ?? 0)) at += 1;
  return at;
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
