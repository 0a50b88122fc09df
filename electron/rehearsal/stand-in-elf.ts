/**
 * Writes a small static Linux program from bytes, so that a rehearsal can start a real process under any name without a
 * compiler and without a copy of anybody's program. Each one carries salt, so its content has never been seen before.
 */
import type { Instruction, Machine } from './machine-code.ts';
import { arm64 } from './machine-arm64.ts';
import { x64 } from './machine-x64.ts';

export interface Program {
  readonly code: readonly Instruction[];
  readonly data: ProgramData;
}

const BASE_ADDRESS = 0x400000;
const ELF_HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const CODE_OFFSET = ELF_HEADER_BYTES + 2 * PROGRAM_HEADER_BYTES;
/** The largest page size in use; smaller ones divide it. */
const PAGE_ALIGNMENT = 0x10000;

/** The machine code of a processor as `process.arch` names it; null when there is none for it. */
export function machineFor(arch: string): Machine | null {
  return arch === 'x64' ? x64 : arch === 'arm64' ? arm64 : null;
}

/** Strings and lists of pointers to them, addressed by offset. */
export class ProgramData {
  private readonly parts: ((dataAddress: number) => Buffer)[] = [];
  private length = 0;

  bytes(content: Uint8Array): number {
    return this.add(content.length, () => Buffer.from(content));
  }

  string(text: string): number {
    return this.bytes(Buffer.from(`${text}\0`));
  }

  /** A list as `execve` takes it: pointers, then a null pointer. */
  strings(texts: readonly string[]): number {
    const offsets = texts.map((text) => this.string(text));
    return this.add((offsets.length + 1) * 8, (dataAddress) => {
      const list = Buffer.alloc((offsets.length + 1) * 8);
      offsets.forEach((offset, index) => list.writeBigUInt64LE(BigInt(dataAddress + offset), index * 8));
      return list;
    });
  }

  /** `struct timespec`. */
  duration(milliseconds: number): number {
    const timespec = Buffer.alloc(16);
    timespec.writeBigInt64LE(BigInt(Math.floor(milliseconds / 1000)), 0);
    timespec.writeBigInt64LE(BigInt(milliseconds % 1000) * 1_000_000n, 8);
    return this.bytes(timespec);
  }

  content(dataAddress: number): Buffer {
    return Buffer.concat(this.parts.map((part) => part(dataAddress)));
  }

  private add(size: number, part: (dataAddress: number) => Buffer): number {
    const offset = this.length;
    const padded = align(size, 8);
    this.parts.push((dataAddress) => Buffer.concat([part(dataAddress), Buffer.alloc(padded - size)]));
    this.length += padded;
    return offset;
  }
}

export function writeElf(program: Program, machine: Machine, salt: Uint8Array): Buffer {
  const codeBytes = machine.assemble(program.code, 0).length;
  const dataOffset = align(CODE_OFFSET + codeBytes, 8);
  const dataAddress = BASE_ADDRESS + dataOffset;
  const code = machine.assemble(program.code, dataAddress);
  const padding = Buffer.alloc(dataOffset - CODE_OFFSET - code.length);
  const body = Buffer.concat([code, padding, program.data.content(dataAddress), salt]);
  const size = CODE_OFFSET + body.length;
  return Buffer.concat([elfHeader(machine.elfMachine), loadHeader(size), stackHeader(), body]);
}

function elfHeader(elfMachine: number): Buffer {
  const header = Buffer.alloc(ELF_HEADER_BYTES);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]); // magic, 64-bit, little-endian, version
  header.writeUInt16LE(2, 16); // ET_EXEC
  header.writeUInt16LE(elfMachine, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BigInt(BASE_ADDRESS + CODE_OFFSET), 24); // entry
  header.writeBigUInt64LE(BigInt(ELF_HEADER_BYTES), 32); // program headers
  header.writeUInt16LE(ELF_HEADER_BYTES, 52);
  header.writeUInt16LE(PROGRAM_HEADER_BYTES, 54);
  header.writeUInt16LE(2, 56);
  return header;
}

/** The whole file, readable and executable; what a program writes lies on its stack. */
function loadHeader(size: number): Buffer {
  const header = Buffer.alloc(PROGRAM_HEADER_BYTES);
  header.writeUInt32LE(1, 0); // PT_LOAD
  header.writeUInt32LE(5, 4); // read, execute
  header.writeBigUInt64LE(BigInt(BASE_ADDRESS), 16);
  header.writeBigUInt64LE(BigInt(BASE_ADDRESS), 24);
  header.writeBigUInt64LE(BigInt(size), 32);
  header.writeBigUInt64LE(BigInt(size), 40);
  header.writeBigUInt64LE(BigInt(PAGE_ALIGNMENT), 48);
  return header;
}

/** PT_GNU_STACK: a stack that is not executable. */
function stackHeader(): Buffer {
  const header = Buffer.alloc(PROGRAM_HEADER_BYTES);
  header.writeUInt32LE(0x6474e551, 0);
  header.writeUInt32LE(6, 4); // read, write
  header.writeBigUInt64LE(16n, 48);
  return header;
}

function align(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}
