/**
 * Which program call a waiting thread has made, from /proc/<tid>/syscall (proc(5)): the number and the six arguments, as the
 * kernel took them. The kernel writes this from its own memory, so reading it does not touch the process's memory.
 *
 * A 32-bit call on a 64-bit kernel uses the 32-bit table. A thread that waits in an exec permission event has made some
 * exec call, so number 11 there is the 32-bit execve: the 64-bit call of that number (munmap) can not wait there.
 */

/** An execve(2) or execveat(2) that waits for permission. Addresses are those of the calling process. */
export interface ExecCall {
  readonly filename: bigint;
  readonly argv: bigint;
  /** True when pointers in its memory are 4 bytes wide (32-bit and x32 calls). */
  readonly compat32: boolean;
  /** Folder descriptor of execveat, null for execve. */
  readonly dirfd: number | null;
  /** Flags of execveat (AT_EMPTY_PATH 0x1000, AT_SYMLINK_NOFOLLOW 0x100), 0 for execve. */
  readonly flags: number;
}

/** What one call number means. */
export interface CallForm {
  readonly at: boolean;
  readonly compat32: boolean;
}

const EXECVE: CallForm = { at: false, compat32: false };
const EXECVEAT: CallForm = { at: true, compat32: false };
const EXECVE_32: CallForm = { at: false, compat32: true };
const EXECVEAT_32: CallForm = { at: true, compat32: true };

// arch/x86/entry/syscalls/syscall_64.tbl and syscall_32.tbl. x32 calls carry bit 30 (asm/unistd.h, __X32_SYSCALL_BIT).
const X64: ReadonlyMap<number, CallForm> = new Map([
  [59, EXECVE], [322, EXECVEAT], [11, EXECVE_32], [358, EXECVEAT_32],
  [0x4000_0000 + 520, EXECVE_32], [0x4000_0000 + 545, EXECVEAT_32],
]);
// asm-generic/unistd.h for arm64, arch/arm/tools/syscall.tbl for 32-bit calls there.
const ARM64: ReadonlyMap<number, CallForm> = new Map([[221, EXECVE], [281, EXECVEAT], [11, EXECVE_32], [387, EXECVEAT_32]]);

/** The exec calls of each machine, by number. */
export const EXEC_CALL_FORMS = { x64: X64, arm64: ARM64 } as const;

/**
 * The question can be read before the asking thread has gone to sleep; until then its file says "running". When it shares a processor with
 * us it can not even go to sleep before we do. So after a few looks whoever reads it sleeps a little between further ones, about a millisecond in all.
 */
export const CALL_LOOKS = { atOnce: 3, most: 13, napMs: 0.05 } as const;

/** Number, six arguments, stack and instruction pointer. */
const FIELDS = 9;

/** Parses `59 0x7ffe… 0x5581… …`; null when it is no exec call ("-1 sp pc" when blocked outside of any call). */
export function parseExecCall(line: string, forms: ReadonlyMap<number, CallForm>): ExecCall | null {
  const starts = fieldStarts(line);
  if (starts.length < FIELDS) return null;
  // Cut out one by one: most of the line is of no use here.
  const field = (at: number): string => line.slice(starts[at], (starts[at + 1] ?? line.length + 1) - 1);
  const form = forms.get(Number(field(0)));
  if (form === undefined) return null;
  const first = form.at ? 2 : 1;
  const address = form.compat32 ? lowerHalf : BigInt;
  return {
    filename: address(field(first)),
    argv: address(field(first + 1)),
    compat32: form.compat32,
    dirfd: form.at ? Number(BigInt.asIntN(32, BigInt(field(1)))) : null,
    flags: form.at ? Number(BigInt.asUintN(32, BigInt(field(first + 3)))) : 0,
  };
}

function fieldStarts(line: string): number[] {
  const starts = [0];
  for (let blank = line.indexOf(' '); blank !== -1; blank = line.indexOf(' ', blank + 1)) starts.push(blank + 1);
  return starts;
}

function lowerHalf(field: string): bigint {
  return BigInt.asUintN(32, BigInt(field));
}
