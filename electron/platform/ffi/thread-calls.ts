/**
 * The few C library calls of threads that are started from their source text (`linux/own-thread.ts`): nothing of `libc.ts` can be used there.
 * Results as in `libc.ts`: the value, or minus errno.
 *
 * Only types may be shared with the rest of the file, and the class uses nothing from outside itself but what it is given.
 */
import { createRequire } from 'node:module';
import type koffiPackage from 'koffi';
import type { Scheduling } from './libc.ts';

/** Where such a thread finds koffi; each thread loads it for itself. */
export const KOFFI_FILE = createRequire(import.meta.url).resolve('koffi');

type Koffi = typeof koffiPackage;

/** Another process's memory goes into `to`: the two `struct iovec` of process_vm_readv(2), kept with it because they hold its address. */
export interface MemoryWindow {
  readonly to: Buffer;
  readonly local: Buffer;
  readonly remote: Buffer;
}

export class ThreadCalls {
  readonly koffi: Koffi;
  readonly nativeOpen: (path: Uint8Array, flags: number) => number;
  readonly nativeReadAt: (fd: number, to: Uint8Array, size: number, at: number) => number;
  readonly nativeClose: (fd: number) => number;
  readonly nativeReadMemory: (pid: number, local: Uint8Array, localCount: number, remote: Uint8Array, remoteCount: number, flags: number) => number;
  readonly nativeFutex: (number: number, word: Int32Array, operation: number, value: number, timeout: null, other: null, last: number) => number;
  readonly nativeSetScheduler: (thread: number, policy: number, parameters: Uint8Array) => number;
  readonly futexNumber = process.arch === 'arm64' ? 98 : 202;

  constructor(koffiFile: string) {
    this.koffi = process.getBuiltinModule('node:module').createRequire(koffiFile)(koffiFile) as Koffi;
    const library = this.koffi.load(null);
    this.nativeOpen = library.func('open', 'int', ['void *', 'int']) as typeof this.nativeOpen;
    this.nativeReadAt = library.func('pread', 'intptr_t', ['int', 'void *', 'size_t', 'int64_t']) as typeof this.nativeReadAt;
    this.nativeClose = library.func('close', 'int', ['int']) as typeof this.nativeClose;
    this.nativeReadMemory = library.func('process_vm_readv', 'intptr_t', ['int', 'void *', 'unsigned long', 'void *', 'unsigned long', 'unsigned long']) as typeof this.nativeReadMemory;
    this.nativeSetScheduler = library.func('sched_setscheduler', 'int', ['int', 'int', 'void *']) as typeof this.nativeSetScheduler;
    this.nativeFutex = library.func('syscall', 'long', ['long', 'void *', 'int', 'int', 'void *', 'void *', 'int']) as typeof this.nativeFutex;
  }

  /** open(2) for reading, close-on-exec. `path` ends with a NUL byte. */
  open(path: Uint8Array): number {
    return this.checked(this.nativeOpen(path, 0o2000000));
  }

  /** pread(2). */
  readAt(fd: number, to: Uint8Array, size: number, at: number): number {
    return this.checked(this.nativeReadAt(fd, to, size, at));
  }

  /** close(2). */
  close(fd: number): void {
    this.nativeClose(fd);
  }

  /** A window that takes `size` bytes at a time. */
  window(size: number): MemoryWindow {
    const to = Buffer.alloc(size);
    const local = Buffer.alloc(16);
    local.writeBigUInt64LE(this.koffi.address(to), 0);
    local.writeUInt32LE(size, 8);
    const remote = Buffer.alloc(16);
    remote.writeUInt32LE(size, 8);
    return { to, local, remote };
  }

  /** process_vm_readv(2): fills the window from `address`, which is a safe integer. */
  readMemory(pid: number, address: number, { local, remote }: MemoryWindow): number {
    remote.writeUInt32LE(address % 2 ** 32, 0);
    remote.writeUInt32LE(Math.floor(address / 2 ** 32), 4);
    return this.checked(this.nativeReadMemory(pid, local, 1, remote, 1, 0));
  }

  /** futex(2), FUTEX_WAIT_PRIVATE: sleeps while the word holds `expected`. Only the word's change and a wake end it: a thread that is to end has to be woken. */
  sleepWhile(word: Int32Array, expected: number): void {
    this.nativeFutex(this.futexNumber, word, 128, expected, null, null, 0);
  }

  /** futex(2), FUTEX_WAKE_PRIVATE. */
  wake(word: Int32Array): void {
    this.nativeFutex(this.futexNumber, word, 129, 1, null, null, 0);
  }

  /** sched_setscheduler(2) of the calling thread. */
  setScheduler({ policy, priority }: Scheduling): number {
    return this.checked(this.nativeSetScheduler(0, policy, new Uint8Array(Int32Array.of(priority).buffer)));
  }

  /** Whether a result is ENOENT (no such process) or ESRCH (it ended while its file was open). */
  saysGone(outcome: number): boolean {
    return outcome === -2 || outcome === -3;
  }

  checked(outcome: number): number {
    return outcome === -1 ? -this.koffi.errno() : outcome;
  }
}
