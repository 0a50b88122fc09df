/** x86-64. Register and instruction numbers from Intel's manual, system call numbers from the kernel's `syscall_64.tbl`. */
import { assertNever } from '../../shared/result.ts';
import { ERROR_EXIT_BASE, FRAME_BYTES, Jumps, SIGNAL_EXIT_BASE, slotOffset, type Instruction, type Machine, type Operand, type SystemCall } from './machine-code.ts';

const NUMBERS: Readonly<Record<SystemCall, number>> = {
  read: 0,
  write: 1,
  close: 3,
  nanosleep: 35,
  getpid: 39,
  clone: 56,
  execve: 59,
  wait4: 61,
  exit_group: 231,
  openat: 257,
  dup3: 292,
  pipe2: 293,
};

/** rdi, rsi, rdx, r10, r8, r9: where the kernel looks for arguments. */
const ARGUMENT_REGISTERS = [7, 6, 2, 10, 8, 9] as const;
const RAX = 0;

export const x64: Machine = {
  elfMachine: 62,
  assemble(code, dataAddress) {
    const bytes: number[] = [0x48, 0x81, 0xec, ...le32(FRAME_BYTES)]; // sub rsp, FRAME_BYTES
    const jumps = new Jumps();
    for (const instruction of code) emit(instruction, bytes, jumps, dataAddress);
    jumps.resolve();
    return Buffer.from(bytes);
  },
};

function emit(instruction: Instruction, bytes: number[], jumps: Jumps, dataAddress: number): void {
  switch (instruction.op) {
    case 'call':
      instruction.operands.forEach((operand, index) => bytes.push(...load(argumentRegister(index), operand, dataAddress)));
      bytes.push(...load(RAX, { kind: 'value', value: NUMBERS[instruction.call] }, dataAddress), 0x0f, 0x05);
      return;
    case 'label':
      jumps.label(instruction.name, bytes.length);
      return;
    case 'jump':
      jump([0xe9], instruction.to, bytes, jumps);
      return;
    case 'jumpIfError':
      bytes.push(0x48, 0x85, 0xc0); // test rax, rax
      jump([0x0f, 0x88], instruction.to, bytes, jumps); // js
      return;
    case 'jumpIfNonZero':
      bytes.push(0x48, 0x85, 0xc0);
      jump([0x0f, 0x85], instruction.to, bytes, jumps); // jnz
      return;
    case 'store':
      bytes.push(0x89, 0x44, 0x24, slotOffset(instruction.slot)); // mov [rsp+n], eax
      return;
    case 'load':
      bytes.push(0x8b, 0x44, 0x24, slotOffset(instruction.slot)); // mov eax, [rsp+n]
      return;
    case 'set':
      bytes.push(0xc7, 0x44, 0x24, slotOffset(instruction.slot), ...le32(instruction.value)); // mov dword [rsp+n], value
      return;
    case 'exitWithError':
      bytes.push(0xf7, 0xd8, 0x05, ...le32(ERROR_EXIT_BASE), ...EXIT_EAX); // neg eax; add eax, base
      return;
    case 'exitWithStatus':
      bytes.push(...exitWithStatus(instruction.slot));
      return;
    default:
      assertNever(instruction, 'instruction');
  }
}

const EXIT_EAX = [0x89, 0xc7, 0xb8, ...le32(NUMBERS.exit_group), 0x0f, 0x05]; // mov edi, eax; mov eax, exit_group; syscall

function exitWithStatus(slot: number): number[] {
  const signalled = [0x8d, 0x41, SIGNAL_EXIT_BASE, 0xeb, 0x08]; // lea eax, [rcx+base]; jmp over the next two
  return [
    ...[0x8b, 0x44, 0x24, slotOffset(slot)], // mov eax, [rsp+n]
    ...[0x89, 0xc1, 0x83, 0xe1, 0x7f], // mov ecx, eax; and ecx, 0x7f
    ...[0x74, signalled.length], // jz to the next line but one
    ...signalled,
    ...[0xc1, 0xe8, 0x08, 0x25, ...le32(0xff)], // shr eax, 8; and eax, 0xff
    ...EXIT_EAX,
  ];
}

function load(register: number, operand: Operand, dataAddress: number): number[] {
  const low = register & 7;
  const high = register >> 3;
  switch (operand.kind) {
    case 'value':
      return [0x48 | high, 0xb8 | low, ...le64(operand.value)]; // mov r64, imm64
    case 'data':
      return [0x48 | high, 0xb8 | low, ...le64(dataAddress + operand.offset)];
    case 'slot':
      return [0x40 | (high << 2), 0x8b, 0x44 | (low << 3), 0x24, slotOffset(operand.slot)]; // mov r32, [rsp+n]
    case 'slotAddress':
      return [0x48 | (high << 2), 0x8d, 0x44 | (low << 3), 0x24, slotOffset(operand.slot)]; // lea r64, [rsp+n]
  }
}

function jump(opcode: readonly number[], to: string, bytes: number[], jumps: Jumps): void {
  bytes.push(...opcode, 0, 0, 0, 0);
  const end = bytes.length;
  jumps.jump(to, end, (distance) => {
    bytes.splice(end - 4, 4, ...le32(distance));
  });
}

function argumentRegister(index: number): number {
  const register = ARGUMENT_REGISTERS[index];
  if (register === undefined) throw new Error('a system call has at most six arguments');
  return register;
}

function le32(value: number): number[] {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value | 0);
  return [...buffer];
}

function le64(value: number): number[] {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64LE(BigInt(value));
  return [...buffer];
}
