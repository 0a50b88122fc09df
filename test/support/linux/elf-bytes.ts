/**
 * Tiny ELF programs made by hand, so that tests need no compiler: an assembler of a few instructions would be more than they need, so they are
 * written as bytes with their meaning beside them. x86 only.
 */

export interface ElfParts {
  readonly bits: 32 | 64;
  readonly code: Uint8Array;
  /** Content of a GNU build-id note; none when left out. */
  readonly buildId?: Uint8Array;
}

const BASE = 0x40_0000;
const GNU_BUILD_ID = 3;

/** A static program with one segment that starts at file offset 0; its code begins right after the headers and the note. */
export function elfProgram(parts: ElfParts): Buffer {
  const wide = parts.bits === 64;
  const headerSize = wide ? 64 : 52;
  const entrySize = wide ? 56 : 32;
  const note = parts.buildId === undefined ? Buffer.alloc(0) : buildIdNote(parts.buildId);
  const segments = note.length > 0 ? 2 : 1;
  const noteAt = headerSize + segments * entrySize;
  const codeAt = noteAt + note.length;
  const size = codeAt + parts.code.length;
  const head = Buffer.alloc(headerSize);
  head.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, 1, 1]);
  head.writeUInt16LE(2, 16); // ET_EXEC
  head.writeUInt16LE(wide ? 62 : 3, 18); // EM_X86_64, EM_386
  head.writeUInt32LE(1, 20);
  writeWords(head, 24, wide, [BASE + codeAt, headerSize, 0]);
  const tail = wide ? 48 : 36;
  head.writeUInt16LE(headerSize, tail + 4);
  head.writeUInt16LE(entrySize, tail + 6);
  head.writeUInt16LE(segments, tail + 8);
  const table = [programHeader(wide, 1, 0, size)];
  if (segments === 2) table.push(programHeader(wide, 4, noteAt, note.length));
  return Buffer.concat([head, ...table, note, parts.code]);
}

function programHeader(wide: boolean, type: number, offset: number, size: number): Buffer {
  const header = Buffer.alloc(wide ? 56 : 32);
  header.writeUInt32LE(type, 0);
  header.writeUInt32LE(5, wide ? 4 : 24); // readable, executable
  if (wide) writeWords(header, 8, true, [offset, BASE + offset, BASE + offset, size, size, 0x1000]);
  else {
    writeWords(header, 4, false, [offset, BASE + offset, BASE + offset, size, size]);
    header.writeUInt32LE(0x1000, 28);
  }
  return header;
}

function writeWords(to: Buffer, at: number, wide: boolean, values: readonly number[]): void {
  values.forEach((value, index) => {
    if (wide) to.writeBigUInt64LE(BigInt(value), at + index * 8);
    else to.writeUInt32LE(value, at + index * 4);
  });
}

export function buildIdNote(id: Uint8Array): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(4, 0);
  head.writeUInt32LE(id.length, 4);
  head.writeUInt32LE(GNU_BUILD_ID, 8);
  head.write('GNU\0', 12, 'latin1');
  return Buffer.concat([head, id, Buffer.alloc((4 - (id.length % 4)) % 4)]);
}

/** Runs the program its first argument names with the arguments from there on, by execve(2); ends with errno when that fails. */
export function execProgram64(): Buffer {
  return elfProgram({
    bits: 64,
    code: Uint8Array.from([
      0x48, 0x8b, 0x7c, 0x24, 0x10, // mov rdi, [rsp+16]   argv[1]
      0x48, 0x8d, 0x74, 0x24, 0x10, // lea rsi, [rsp+16]   &argv[1]
      0x31, 0xd2, //                   xor edx, edx        no environment
      0xb8, 0x3b, 0, 0, 0, //          mov eax, 59         execve
      0x0f, 0x05, //                   syscall
      0x89, 0xc7, 0xf7, 0xdf, //       mov edi, eax; neg edi
      0xb8, 0x3c, 0, 0, 0, //          mov eax, 60         exit
      0x0f, 0x05, //                   syscall
    ]),
  });
}

/** The same as a 32-bit program with 32-bit calls. */
export function execProgram32(): Buffer {
  return elfProgram({
    bits: 32,
    code: Uint8Array.from([
      0x8b, 0x5c, 0x24, 0x08, //   mov ebx, [esp+8]    argv[1]
      0x8d, 0x4c, 0x24, 0x08, //   lea ecx, [esp+8]    &argv[1]
      0x31, 0xd2, //               xor edx, edx
      0xb8, 0x0b, 0, 0, 0, //      mov eax, 11         execve
      0xcd, 0x80, //               int 0x80
      0x89, 0xc3, 0xf7, 0xdb, //   mov ebx, eax; neg ebx
      0xb8, 0x01, 0, 0, 0, //      mov eax, 1          exit
      0xcd, 0x80, //               int 0x80
    ]),
  });
}

/** A 64-bit program that makes the 32-bit call (int 0x80), with path and arguments in its own file: the kernel then takes pointers of 4 bytes. */
export function mixedExecProgram(values: readonly string[]): Buffer {
  const codeAt = BASE + 64 + 56;
  const arrayAt = codeAt + 32;
  const stringsAt = arrayAt + (values.length + 1) * 4;
  const array = Buffer.alloc((values.length + 1) * 4);
  let at = stringsAt;
  values.forEach((value, index) => {
    array.writeUInt32LE(at, index * 4);
    at += Buffer.byteLength(value) + 1;
  });
  const code = [
    ...[0xbb, ...word(stringsAt)], //         mov ebx, the first string
    ...[0xb9, ...word(arrayAt)], //           mov ecx, the array
    ...[0x31, 0xd2], //                       xor edx, edx
    ...[0xb8, 11, 0, 0, 0, 0xcd, 0x80], //    mov eax, 11; int 0x80
    ...[0x89, 0xc7, 0xf7, 0xdf, 0xb8, 60, 0, 0, 0, 0x0f, 0x05, 0x90, 0x90], // exit(errno)
  ];
  return elfProgram({ bits: 64, code: Buffer.concat([Uint8Array.from(code), array, Buffer.from(values.map((value) => `${value}\0`).join(''))]) });
}

/** Ends with this status at once. */
export function exitProgram(status: number): Buffer {
  return elfProgram({ bits: 64, code: Uint8Array.from([0xbf, status & 0xff, 0, 0, 0, 0xb8, 0x3c, 0, 0, 0, 0x0f, 0x05]) });
}

/** Forks `total` children that end at once, one after the other, with a sleep of `pauseMs` after each `burst`. */
export function forkStormProgram(total: number, burst: number, pauseMs: number): Buffer {
  const code = [
    ...[0x41, 0xbc, ...word(total)], //            0  mov r12d, total
    ...[0x41, 0xbd, ...word(burst)], //            6  outer: mov r13d, burst
    ...[0xb8, 57, 0, 0, 0, 0x0f, 0x05], //        12  inner: fork
    ...[0x85, 0xc0, 0x74, 52], //                 19  test eax, eax; jz exit (75)
    ...[0x48, 0xc7, 0xc7, 0xff, 0xff, 0xff, 0xff], // 23  mov rdi, -1
    ...[0x31, 0xf6, 0x31, 0xd2, 0x45, 0x31, 0xd2], // 30  xor esi, edx, r10d
    ...[0xb8, 61, 0, 0, 0, 0x0f, 0x05], //        37  wait4
    ...[0x41, 0xff, 0xcc, 0x74, 26], //           44  dec r12d; jz exit (75)
    ...[0x41, 0xff, 0xcd, 0x75, 0xd6], //         49  dec r13d; jnz inner (12)
    ...[0x48, 0x8d, 0x3d, ...word(23)], //        54  lea rdi, [rip+23] (84)
    ...[0x31, 0xf6], //                           61  xor esi, esi
    ...[0xb8, 35, 0, 0, 0, 0x0f, 0x05], //        63  nanosleep
    ...[0xeb, 0xbe, 0x90, 0x90, 0x90], //         70  jmp outer (6)
    ...[0x31, 0xff, 0xb8, 60, 0, 0, 0, 0x0f, 0x05], // 75  exit: exit(0)
  ];
  return elfProgram({ bits: 64, code: Buffer.concat([Uint8Array.from(code), timespec(pauseMs)]) });
}

/** Its first thread ends at once, its second after `ms`; so the process lives on without its leader. */
export function leaderFirstProgram(ms: number): Buffer {
  const code = [
    ...[0xb8, 56, 0, 0, 0], //                  0  clone
    ...[0xbf, 0x00, 0x0f, 0x05, 0x00], //       5  mov edi, VM|FS|FILES|SIGHAND|THREAD|SYSVSEM
    ...[0x31, 0xf6, 0x31, 0xd2], //            10  same stack: neither thread uses it
    ...[0x45, 0x31, 0xd2, 0x45, 0x31, 0xc0], //14
    ...[0x0f, 0x05, 0x85, 0xc0, 0x74, 9], //   20  jz second (35)
    ...[0x31, 0xff, 0xb8, 60, 0, 0, 0, 0x0f, 0x05], // 26  exit(0): this thread only
    ...[0x48, 0x8d, 0x3d, ...word(18)], //     35  second: lea rdi, [rip+18] (60)
    ...[0x31, 0xf6, 0xb8, 35, 0, 0, 0, 0x0f, 0x05], // 42  nanosleep
    ...[0x31, 0xff, 0xb8, 231, 0, 0, 0, 0x0f, 0x05], // 51  exit_group(0)
  ];
  return elfProgram({ bits: 64, code: Buffer.concat([Uint8Array.from(code), timespec(ms)]) });
}

/** Sleeps for `ms`, needs no library. */
export function sleepProgram(ms: number): Buffer {
  const code = [
    ...[0x48, 0x8d, 0x3d, ...word(18)], //               0  lea rdi, [rip+18] (25)
    ...[0x31, 0xf6, 0xb8, 35, 0, 0, 0, 0x0f, 0x05], //   7  nanosleep
    ...[0x31, 0xff, 0xb8, 60, 0, 0, 0, 0x0f, 0x05], //  16  exit(0)
  ];
  return elfProgram({ bits: 64, code: Buffer.concat([Uint8Array.from(code), timespec(ms)]) });
}

/** Writes its arguments, each with its NUL byte, as the kernel laid them out: from argv[0] to the first string of the environment, which must not be empty. */
export function showArgumentsProgram(): Buffer {
  return elfProgram({
    bits: 64,
    code: Uint8Array.from([
      0x48, 0x8b, 0x04, 0x24, //             mov rax, [rsp]           argc
      0x48, 0x8b, 0x74, 0x24, 0x08, //       mov rsi, [rsp+8]         argv[0]
      0x48, 0x8b, 0x54, 0xc4, 0x10, //       mov rdx, [rsp+rax*8+16]  envp[0]
      0x48, 0x29, 0xf2, //                   sub rdx, rsi
      0xbf, 1, 0, 0, 0, 0xb8, 1, 0, 0, 0, 0x0f, 0x05, // write(1, …)
      0x31, 0xff, 0xb8, 60, 0, 0, 0, 0x0f, 0x05, //      exit(0)
    ]),
  });
}

function timespec(ms: number): Buffer {
  const time = Buffer.alloc(16);
  time.writeBigUInt64LE(BigInt(Math.floor(ms / 1000)), 0);
  time.writeBigUInt64LE(BigInt((ms % 1000) * 1_000_000), 8);
  return time;
}

function word(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff];
}
