/** 64-bit ARM. Instruction words from the A64 manual, system call numbers from the kernel's generic `unistd.h`. */
import { assertNever } from '../../shared/result.ts';
import { ERROR_EXIT_BASE, FRAME_BYTES, Jumps, SIGNAL_EXIT_BASE, slotOffset, type Instruction, type Machine, type Operand, type SystemCall } from './machine-code.ts';

const NUMBERS: Readonly<Record<SystemCall, number>> = {
  dup3: 24,
  openat: 56,
  close: 57,
  pipe2: 59,
  read: 63,
  write: 64,
  exit_group: 94,
  nanosleep: 101,
  getpid: 172,
  clone: 220,
  execve: 221,
  wait4: 260,
};

const SP = 31;
/** x8 carries the number of the system call, x0 its first argument and its result. */
const X0 = 0;
const X1 = 1;
const X8 = 8;
const SVC = 0xd4000001;

export const arm64: Machine = {
  elfMachine: 183,
  assemble(code, dataAddress) {
    const words: number[] = [0xd1000000 | (FRAME_BYTES << 10) | (SP << 5) | SP]; // sub sp, sp, FRAME_BYTES
    const jumps = new Jumps();
    for (const instruction of code) emit(instruction, words, jumps, dataAddress);
    jumps.resolve();
    const bytes = Buffer.alloc(words.length * 4);
    words.forEach((word, index) => bytes.writeUInt32LE(word >>> 0, index * 4));
    return bytes;
  },
};

function emit(instruction: Instruction, words: number[], jumps: Jumps, dataAddress: number): void {
  switch (instruction.op) {
    case 'call':
      instruction.operands.forEach((operand, register) => words.push(...load(register, operand, dataAddress)));
      words.push(...moveValue(X8, NUMBERS[instruction.call]), SVC);
      return;
    case 'label':
      jumps.label(instruction.name, words.length);
      return;
    case 'jump':
      jump(words, jumps, instruction.to, (distance) => 0x14000000 | (distance & 0x3ffffff)); // b
      return;
    case 'jumpIfError':
      jump(words, jumps, instruction.to, (distance) => 0xb7f80000 | ((distance & 0x3fff) << 5) | X0); // tbnz x0, #63
      return;
    case 'jumpIfNonZero':
      jump(words, jumps, instruction.to, (distance) => 0xb5000000 | ((distance & 0x7ffff) << 5) | X0); // cbnz x0
      return;
    case 'store':
      words.push(storeWord(X0, instruction.slot));
      return;
    case 'load':
      words.push(loadWord(X0, instruction.slot));
      return;
    case 'set':
      words.push(...moveValue(X1, instruction.value), storeWord(X1, instruction.slot));
      return;
    case 'exitWithError':
      words.push(0x4b0003e0, addImmediate(X0, X0, ERROR_EXIT_BASE), ...EXIT_X0); // neg w0, w0
      return;
    case 'exitWithStatus':
      words.push(...exitWithStatus(instruction.slot));
      return;
    default:
      assertNever(instruction, 'instruction');
  }
}

const EXIT_X0 = [...moveValue(X8, NUMBERS.exit_group), SVC];

function exitWithStatus(slot: number): number[] {
  return [
    loadWord(X0, slot),
    0x12001801, // and w1, w0, #0x7f
    0x34000000 | (3 << 5) | X1, // cbz w1, three words on
    addImmediate(X0, X1, SIGNAL_EXIT_BASE),
    0x14000000 | 2, // b two words on
    0x53083c00, // ubfx w0, w0, #8, #8
    ...EXIT_X0,
  ];
}

function load(register: number, operand: Operand, dataAddress: number): number[] {
  switch (operand.kind) {
    case 'value':
      return moveValue(register, operand.value);
    case 'data':
      return moveValue(register, dataAddress + operand.offset);
    case 'slot':
      return [loadWord(register, operand.slot)];
    case 'slotAddress':
      return [0x91000000 | (slotOffset(operand.slot) << 10) | (SP << 5) | register]; // add x, sp, #n
  }
}

/** Always four words, whatever the value: movz, then movk for the other quarters. */
function moveValue(register: number, value: number): number[] {
  const bits = BigInt.asUintN(64, BigInt(value));
  return [0, 1, 2, 3].map((quarter) => {
    const part = Number((bits >> BigInt(16 * quarter)) & 0xffffn);
    return (quarter === 0 ? 0xd2800000 : 0xf2800000) | (quarter << 21) | (part << 5) | register;
  });
}

function loadWord(register: number, slot: number): number {
  return 0xb9400000 | ((slotOffset(slot) / 4) << 10) | (SP << 5) | register; // ldr w, [sp, #n]
}

function storeWord(register: number, slot: number): number {
  return 0xb9000000 | ((slotOffset(slot) / 4) << 10) | (SP << 5) | register; // str w, [sp, #n]
}

function addImmediate(to: number, from: number, value: number): number {
  return 0x11000000 | (value << 10) | (from << 5) | to; // add w, w, #value
}

/** Distances count words from the jump itself. */
function jump(words: number[], jumps: Jumps, to: string, word: (distance: number) => number): void {
  const at = words.length;
  words.push(0);
  jumps.jump(to, at, (distance) => {
    words[at] = word(distance);
  });
}
