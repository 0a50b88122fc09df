/**
 * The C library calls Holdfast needs on 64-bit Linux (x86-64, arm64), and nothing else.
 *
 * Every function here returns what the kernel would: the value, or minus errno. `errno` is only valid right after a
 * failure, so it is read here, before any other call can run. No named koffi types are registered (`ssize_t` and
 * `pid_t` are unknown to koffi 3.3 and registering a name twice throws), and the library handle and all functions are
 * module constants: they stay reachable for the life of the process, as koffi needs inside an Electron utilityProcess.
 *
 * Calls run on the calling thread. None of them may wait (descriptors are opened non-blocking by their owners), but for `pollNow`, `epollTake` and `futexWait`.
 */
import { getSystemErrorMap } from 'node:util';
import koffi from 'koffi';

// `null` is the running program itself, which links the C library on glibc and musl alike.
const library = koffi.load(null);

type Call = (...values: readonly (number | bigint | Uint8Array | null)[]) => number;

function bind(name: string, result: string, parameters: readonly string[]): Call {
  const native = library.func(name, result, [...parameters]) as Call;
  return (...values) => {
    const outcome = native(...values);
    return outcome === -1 ? -koffi.errno() : outcome;
  };
}

// The two of the hot path skip the rest array of `bind`. read(2), write(2).
const nativeRead = library.func('read', 'intptr_t', ['int', 'void *', 'size_t']) as (fd: number, to: Uint8Array, size: number) => number;
const nativeWrite = library.func('write', 'intptr_t', ['int', 'void *', 'size_t']) as (fd: number, from: Uint8Array, size: number) => number;

/** read(2). Cheaper than `fs.readSync` where EAGAIN is an everyday answer: no exception is made (0.3 µs against 4 µs). */
export function readNow(fd: number, to: Uint8Array, size: number): number {
  const outcome = nativeRead(fd, to, size);
  return outcome === -1 ? -koffi.errno() : outcome;
}

/** write(2). */
export function writeNow(fd: number, from: Uint8Array, size: number): number {
  const outcome = nativeWrite(fd, from, size);
  return outcome === -1 ? -koffi.errno() : outcome;
}

/** fanotify_init(2). */
export const fanotifyInit = bind('fanotify_init', 'int', ['uint32_t', 'uint32_t']) as (flags: number, eventFlags: number) => number;

/** fanotify_mark(2). `path` ends with a NUL byte. */
export const fanotifyMark = bind('fanotify_mark', 'int', ['int', 'uint32_t', 'uint64_t', 'int', 'void *']) as (
  group: number, flags: number, mask: number | bigint, directory: number, path: Uint8Array,
) => number;

// For small reads below /proc: open(2), pread(2), readlink(2), readlinkat(2), close(2).
const nativeOpen = library.func('open', 'int', ['void *', 'int']) as (path: Uint8Array, flags: number) => number;
const nativeReadAt = library.func('pread', 'intptr_t', ['int', 'void *', 'size_t', 'int64_t']) as (fd: number, to: Uint8Array, size: number, at: number) => number;
const nativeReadLink = library.func('readlink', 'intptr_t', ['void *', 'void *', 'size_t']) as (path: Uint8Array, to: Uint8Array, size: number) => number;
const nativeReadLinkAt = library.func('readlinkat', 'intptr_t', ['int', 'void *', 'void *', 'size_t']) as (folder: number, name: Uint8Array, to: Uint8Array, size: number) => number;
const nativeClose = library.func('close', 'int', ['int']) as (fd: number) => number;
const O_CLOEXEC = 0o2000000;

/** `path` ends with a NUL byte. */
export function openReadOnly(path: Uint8Array): number {
  const outcome = nativeOpen(path, O_CLOEXEC);
  return outcome === -1 ? -koffi.errno() : outcome;
}

export function readAt(fd: number, to: Uint8Array, size: number, at: number): number {
  const outcome = nativeReadAt(fd, to, size, at);
  return outcome === -1 ? -koffi.errno() : outcome;
}

/** `path` ends with a NUL byte; the result does not. */
export function readLinkNow(path: Uint8Array, to: Uint8Array, size: number): number {
  const outcome = nativeReadLink(path, to, size);
  return outcome === -1 ? -koffi.errno() : outcome;
}

/** The same below an open folder. */
export function readLinkAt(folder: number, name: Uint8Array, to: Uint8Array, size: number): number {
  const outcome = nativeReadLinkAt(folder, name, to, size);
  return outcome === -1 ? -koffi.errno() : outcome;
}

/** Of a descriptor that this process opened: there is nothing to report. */
export function closeNow(fd: number): void {
  nativeClose(fd);
}

/** socket(2), bind(2), send(2), getsockopt(2), setsockopt(2). */
export const socket = bind('socket', 'int', ['int', 'int', 'int']) as (domain: number, type: number, protocol: number) => number;
export const bindSocket = bind('bind', 'int', ['int', 'void *', 'uint32_t']) as (fd: number, address: Uint8Array, size: number) => number;
export const send = bind('send', 'intptr_t', ['int', 'void *', 'size_t', 'int']) as (
  fd: number, message: Uint8Array, size: number, flags: number,
) => number;
export const setSocketOption = bind('setsockopt', 'int', ['int', 'int', 'int', 'void *', 'uint32_t']) as (
  fd: number, level: number, option: number, value: Uint8Array, size: number,
) => number;
export const getSocketOption = bind('getsockopt', 'int', ['int', 'int', 'int', 'void *', 'void *']) as (
  fd: number, level: number, option: number, value: Uint8Array, size: Uint8Array,
) => number;

/** recvmmsg(2): `headers` is an array of `struct mmsghdr`, laid out by `ffi/message-batch.ts`. */
export const receiveMany = bind('recvmmsg', 'int', ['int', 'void *', 'uint32_t', 'int', 'void *']) as (
  fd: number, headers: Uint8Array, count: number, flags: number, timeout: null,
) => number;

/** statx(2). `path` ends with a NUL byte. */
export const statx = bind('statx', 'int', ['int', 'void *', 'int', 'uint32_t', 'void *']) as (
  directory: number, path: Uint8Array, flags: number, mask: number, to: Uint8Array,
) => number;

/** prlimit(2) of this process (pid 0): `struct rlimit` is two 64-bit words on 64-bit systems. */
export const resourceLimit = bind('prlimit', 'int', ['int', 'int', 'void *', 'void *']) as (
  pid: number, resource: number, wanted: Uint8Array | null, present: Uint8Array | null,
) => number;

/** How a thread is given a processor: a SCHED_ policy, and a priority within it. */
export interface Scheduling {
  readonly policy: number;
  readonly priority: number;
}

const nativeSetScheduler = bind('sched_setscheduler', 'int', ['int', 'int', 'void *']) as (thread: number, policy: number, parameters: Uint8Array) => number;
const THIS_THREAD = 0;

/** sched_setscheduler(2) of the calling thread. */
export function setScheduler({ policy, priority }: Scheduling): number {
  return nativeSetScheduler(THIS_THREAD, policy, new Uint8Array(Int32Array.of(priority).buffer));
}

/** fcntl(2) with F_DUPFD_CLOEXEC; on x86-64 and arm64 Linux a variadic call passes integers in the same registers. */
const fileControl = bind('fcntl', 'int', ['int', 'int', 'int']) as (fd: number, command: number, argument: number) => number;
const F_DUPFD_CLOEXEC = 1030;

/** A second descriptor for the same file: the lowest free number from `lowest` on. */
export function duplicateFrom(fd: number, lowest: number): number {
  return fileControl(fd, F_DUPFD_CLOEXEC, lowest);
}

/** poll(2) of `count` `struct pollfd`. May wait: at most so many milliseconds. */
export const pollNow = bind('poll', 'int', ['void *', 'unsigned long', 'int']) as (descriptors: Uint8Array, count: number, ms: number) => number;

/** epoll_create1(2), epoll_ctl(2), epoll_wait(2): a `struct epoll_event` begins with its 32 bits of events. */
export const epollCreate = bind('epoll_create1', 'int', ['int']) as (flags: number) => number;
export const epollControl = bind('epoll_ctl', 'int', ['int', 'int', 'int', 'void *']) as (epoll: number, operation: number, fd: number, event: Uint8Array) => number;
export const epollTake = bind('epoll_wait', 'int', ['int', 'void *', 'int', 'int']) as (epoll: number, events: Uint8Array, most: number, ms: number) => number;

/** timerfd_create(2), timerfd_settime(2): `wanted` is a `struct itimerspec`. */
export const timerCreate = bind('timerfd_create', 'int', ['int', 'int']) as (clock: number, flags: number) => number;
export const timerSet = bind('timerfd_settime', 'int', ['int', 'int', 'void *', 'void *']) as (fd: number, flags: number, wanted: Uint8Array, before: null) => number;

const nativeClock = library.func('clock_gettime', 'int', ['int', 'void *']) as (clock: number, to: Uint8Array) => number;
const clockTime = Buffer.alloc(16);
// linux/time.h
const CLOCK_BOOTTIME = 7;

/** clock_gettime(2) of CLOCK_BOOTTIME, in nanoseconds. Node's `os.uptime` opens a file for it. */
export function bootClock(): bigint {
  nativeClock(CLOCK_BOOTTIME, clockTime);
  return clockTime.readBigInt64LE(0) * 1_000_000_000n + clockTime.readBigInt64LE(8);
}

/** memfd_create(2). */
export const memoryFile = bind('memfd_create', 'int', ['void *', 'uint32_t']) as (name: Uint8Array, flags: number) => number;
/** flock(2). */
export const fileLock = bind('flock', 'int', ['int', 'int']) as (fd: number, operation: number) => number;

const systemConfiguration = bind('sysconf', 'long', ['int']) as (name: number) => number;
// bits/confname.h, the same for glibc and musl.
const SC_CLK_TCK = 2;
const SC_PAGESIZE = 30;

/** sysconf(3): 100 on every architecture Holdfast runs on, but the kernel's word counts. */
export const CLOCK_TICKS_PER_SECOND = systemConfiguration(SC_CLK_TCK);
export const PAGE_SIZE = systemConfiguration(SC_PAGESIZE);

// syscall(2) with fixed parameters: on x86-64 and arm64 Linux a variadic call passes integers in the same registers.
const systemCall = bind('syscall', 'long', ['long', 'long', 'long', 'long', 'long']) as (
  number: number, a: number, b: number, c: number, d: number,
) => number;
// asm-generic/unistd.h; numbers from 424 on are the same on every architecture. The C library of older systems has no wrapper.
const SYS_PIDFD_SEND_SIGNAL = 424;
const SYS_PIDFD_OPEN = 434;

/** pidfd_open(2), since Linux 5.3. The descriptor is close-on-exec. */
export function pidfdOpen(pid: number): number {
  return systemCall(SYS_PIDFD_OPEN, pid, 0, 0, 0);
}

/** pidfd_send_signal(2), since Linux 5.1. */
export function pidfdSendSignal(pidfd: number, signal: number): number {
  return systemCall(SYS_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
}

// futex(2). The words lie in memory that threads of this process share.
const nativeFutex = library.func('syscall', 'long', ['long', 'void *', 'int', 'int', 'void *', 'void *', 'int']) as (
  number: number, word: Int32Array, operation: number, value: number, timeout: Uint8Array | null, other: null, last: number,
) => number;
const SYS_FUTEX = process.arch === 'arm64' ? 98 : 202;
// linux/futex.h, with FUTEX_PRIVATE_FLAG
const FUTEX_WAIT_PRIVATE = 128;
const FUTEX_WAKE_PRIVATE = 129;
const futexTimeout = Buffer.alloc(16);

/** Sleeps while `word` holds `expected`, at most so many milliseconds below a second; 0 when it was woken, else minus errno. */
export function futexWait(word: Int32Array, expected: number, ms: number): number {
  futexTimeout.writeUInt32LE(Math.trunc(ms * 1e6), 8);
  const outcome = nativeFutex(SYS_FUTEX, word, FUTEX_WAIT_PRIVATE, expected, futexTimeout, null, 0);
  return outcome === -1 ? -koffi.errno() : outcome;
}

/** Wakes one thread that sleeps for `word`. */
export function futexWake(word: Int32Array): void {
  nativeFutex(SYS_FUTEX, word, FUTEX_WAKE_PRIVATE, 1, null, null, 0);
}

/** Where the bytes of `buffer` lie, for structures that point to other buffers. The caller keeps both reachable. */
export function addressOf(buffer: Uint8Array): bigint {
  return koffi.address(buffer);
}

/** `EPERM (operation not permitted)` for a negative result of a function of this file. */
export function describeError(negativeErrno: number): string {
  const entry = getSystemErrorMap().get(negativeErrno);
  return entry === undefined ? `errno ${-negativeErrno}` : `${entry[0]} (${entry[1]})`;
}
