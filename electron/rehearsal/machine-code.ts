/**
 * The few instructions a stand-in program needs, the same for every processor: system calls, their errors, a little
 * memory on the stack. `machine-x64` and `machine-arm64` turn them into bytes.
 */

export const SYSTEM_CALLS = ['read', 'write', 'openat', 'close', 'pipe2', 'dup3', 'clone', 'getpid', 'execve', 'wait4', 'nanosleep', 'exit_group'] as const;
export type SystemCall = (typeof SYSTEM_CALLS)[number];

/** `data` is an offset in the program's data; slots are 32-bit cells on the stack, `slot` their value, `slotAddress` their place. */
export type Operand =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'data'; readonly offset: number }
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'slotAddress'; readonly slot: number };

/** "It" is the result of the last system call, or what was loaded since. */
export type Instruction =
  | { readonly op: 'call'; readonly call: SystemCall; readonly operands: readonly Operand[] }
  | { readonly op: 'label'; readonly name: string }
  | { readonly op: 'jump'; readonly to: string }
  | { readonly op: 'jumpIfError'; readonly to: string }
  | { readonly op: 'jumpIfNonZero'; readonly to: string }
  | { readonly op: 'store'; readonly slot: number }
  | { readonly op: 'load'; readonly slot: number }
  | { readonly op: 'set'; readonly slot: number; readonly value: number }
  /** Ends with `ERROR_EXIT_BASE` plus the errno that it is. */
  | { readonly op: 'exitWithError' }
  /** Ends as the child whose wait status lies in the slot: its own code, or `SIGNAL_EXIT_BASE` plus the signal. */
  | { readonly op: 'exitWithStatus'; readonly slot: number };

export interface Machine {
  /** `e_machine` of the ELF header. */
  readonly elfMachine: number;
  /** Bytes of the code. Their number does not depend on `dataAddress`, so that it can be asked before the address is known. */
  assemble(code: readonly Instruction[], dataAddress: number): Buffer;
}

export const SLOT_COUNT = 30;
export const FRAME_BYTES = 128;
export const SIGNAL_EXIT_BASE = 64;
/** Above every code of a well-behaved child and every signal; the highest errno (133) still fits a byte. */
export const ERROR_EXIT_BASE = 100;

/** Distances of jumps become known when all labels are: the machine reserves the bytes and fills them in here. */
export class Jumps {
  private readonly labels = new Map<string, number>();
  private readonly sites: { readonly at: number; readonly to: string; readonly fill: (distance: number) => void }[] = [];

  label(name: string, at: number): void {
    this.labels.set(name, at);
  }

  /** `fill` is given the distance from `at` to the label. */
  jump(to: string, at: number, fill: (distance: number) => void): void {
    this.sites.push({ at, to, fill });
  }

  resolve(): void {
    for (const { at, to, fill } of this.sites) {
      const target = this.labels.get(to);
      if (target === undefined) throw new Error(`no label ${to}`);
      fill(target - at);
    }
  }
}

export function slotOffset(slot: number): number {
  if (slot < 0 || slot >= SLOT_COUNT) throw new Error(`slot ${slot} is outside the frame`);
  return slot * 4;
}
