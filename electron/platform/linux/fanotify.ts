/**
 * The kernel's permission queue (fanotify). While an event is unanswered its starter waits, so everything here is bounded
 * and nothing here opens a file, spawns, or waits.
 *
 * Kernel facts, from fanotify(7), fanotify_init(2), fanotify_mark(2) and linux/fanotify.h:
 * - FAN_OPEN_EXEC_PERM (Linux 5.0) asks before a file is run; FAN_REPORT_TID (4.20) names the thread that asks, because an
 *   exec from a thread that is not the leader shows nothing useful under the leader's id.
 * - Reading an event makes its descriptor. When that fails (EMFILE, ENFILE, …) read(2) returns the error and the kernel has
 *   denied that start; so events are read one at a time and never more than `maxHeld` are out.
 * - Closing the group's descriptor lets every waiting start through.
 * - FAN_UNLIMITED_QUEUE: without it the kernel drops questions beyond 16384 and lets those starts through unasked.
 *
 * Threads: everything runs on the thread that called `openPermissionGate`; reading is done from its event loop.
 */
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import type { PermissionEvent, PermissionGate } from '../contract.ts';
import { closeNow, describeError, fanotifyInit, fanotifyMark, pollNow, readNow, writeNow } from '../ffi/libc.ts';
import { loopDescriptor, POLLFD, pollFor } from '../ffi/loop.ts';
import { pollDescriptor, type PollWatch } from '../ffi/poll.ts';
import { DescriptorRoom } from './descriptor-room.ts';
import { mountIdOf } from '../ffi/stat.ts';
import { encodeBytes } from '../../../shared/text/surrogate-escape.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';

// linux/fanotify.h
const FAN_CLOEXEC = 0x1;
const FAN_NONBLOCK = 0x2;
const FAN_CLASS_CONTENT = 0x4;
const FAN_UNLIMITED_QUEUE = 0x10;
const FAN_UNLIMITED_MARKS = 0x20;
const FAN_REPORT_TID = 0x100;
const FAN_MARK_ADD = 0x1;
const FAN_MARK_REMOVE = 0x2;
const FAN_MARK_DONT_FOLLOW = 0x4;
const FAN_MARK_FILESYSTEM = 0x100;
const FAN_OPEN_PERM = 0x10000;
const FAN_OPEN_EXEC_PERM = 0x40000;
const FAN_Q_OVERFLOW = 0x4000;
const FAN_ALLOW = 1;
const FAN_DENY = 2;
const METADATA_VERSION = 3;
// fcntl.h: without O_LARGEFILE the kernel fails (and so denies) the start of a program above 2 GB; its value differs by machine.
const O_LARGEFILE = process.arch === 'arm64' ? 0o400000 : 0o100000;
const O_NOATIME = 0o1000000;
const O_CLOEXEC = 0o2000000;
const O_PATH = 0o10000000;
const AT_FDCWD = -100;

/** struct fanotify_event_metadata: length 0, version 4, metadata length 6, mask 8, descriptor 16, pid 20. */
const EVENT_SIZE = 24;
/** After so many what was taken is handed over (`onRest`), and the loop gets its turn where it has something to do. */
const EVENTS_IN_A_ROW = 32;
const NANOSECONDS_PER_TURN = 5_000_000n;
/**
 * After an answer the next question mostly comes soon: in a storm within a millisecond or two, in a build with its next burst. This thread waits that
 * long in the kernel before it goes back to its event loop: waking through the loop takes two threads in Electron, and who started a program
 * would wait for both. What the loop watches ends the waiting at once. Not while an event is held, whose facts come in through the loop.
 */
const NANOSECONDS_PER_LINGERING_TURN = 500_000_000n;
/** After so long a silence what was taken is handed over (`onRest`). Where the loop can not be waited for, lingering ends here. */
const REST_AFTER_MS = 12;
/** How soon it is looked again whether there is room for descriptors, and after the kernel could not make one. */
const SHORTAGE_PAUSE_MS = 20;
/** For one event: its own descriptor, those of what reads its arguments (see side-reader.ts, isolated-read.ts), and some for the rest of the process. */
const DESCRIPTORS_WANTED = 8;
/** With nothing to answer and no room, nobody here will make any. */
const STARVED_AFTER_MS = 300;

/** Opens the queue. Needs CAP_SYS_ADMIN; nothing is asked until something is marked. */
export function openPermissionGate(options: { readonly maxHeld: number }): Result<PermissionGate> {
  const flags = FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK | FAN_REPORT_TID | FAN_UNLIMITED_QUEUE | FAN_UNLIMITED_MARKS;
  const group = fanotifyInit(flags, O_LARGEFILE | O_NOATIME | O_CLOEXEC);
  if (group < 0) return initFailure(group);
  return ok(new FanotifyGate(group, options.maxHeld));
}

class FanotifyGate implements PermissionGate {
  readonly #group: number;
  readonly #maxHeld: number;
  /** By descriptor, and how many there are. A Map that holds one entry at a time is made anew for each. */
  readonly #held: (PermissionEvent | undefined)[] = [];
  #heldCount = 0;
  readonly #event = Buffer.alloc(EVENT_SIZE);
  readonly #response = Buffer.alloc(8);
  readonly #loop = loopDescriptor();
  /** The group, and the loop of this thread. */
  readonly #pollFor: Buffer;
  #watch: PollWatch | null = null;
  #take: (event: PermissionEvent) => void = () => undefined;
  #onFailure: (message: string) => void = () => undefined;
  #onRest: () => void = () => undefined;
  #pauseTimer: NodeJS.Timeout | null = null;
  #closed = false;
  #starvedSince: number | null = null;
  readonly #room: DescriptorRoom;
  /** There was room in this turn. While nothing is held, each descriptor is closed before the next is made, so there still is. */
  #roomFound = false;

  constructor(group: number, maxHeld: number) {
    this.#group = group;
    this.#maxHeld = maxHeld;
    this.#pollFor = pollFor([group, this.#loop ?? POLLFD.nothing]);
    this.#room = new DescriptorRoom(group, DESCRIPTORS_WANTED);
  }

  get starved(): boolean {
    return this.#starvedSince !== null && performance.now() - this.#starvedSince > STARVED_AFTER_MS;
  }

  get held(): number {
    return this.#heldCount;
  }

  start(take: (event: PermissionEvent) => void, onFailure: (message: string) => void, onRest: () => void = () => undefined): void {
    if (this.#watch !== null || this.#closed) throw new Error('the permission gate was already started or closed');
    this.#take = take;
    this.#onFailure = onFailure;
    this.#onRest = onRest;
    this.#watch = pollDescriptor(this.#group, 'readable', () => { this.#readTurn(); });
  }

  attend(ms: number): boolean {
    if (this.#watch === null || this.#closed || this.#heldCount > 0 || this.#pauseTimer !== null || this.#loop === null) return false;
    const found = this.#wait(ms);
    if (found === 'question') this.#readTurn();
    return found === 'nothing';
  }

  answer(event: PermissionEvent, allow: boolean): bigint {
    if (this.#closed) return process.hrtime.bigint(); // closing has answered everything
    if (this.#held[event.fd] !== event) throw new Error(`permission event on descriptor ${event.fd} was answered twice`);
    this.#held[event.fd] = undefined;
    this.#heldCount -= 1;
    this.#response.writeInt32LE(event.fd, 0);
    this.#response.writeUInt32LE(allow ? FAN_ALLOW : FAN_DENY, 4);
    const written = writeNow(this.#group, this.#response, 8);
    const atNs = process.hrtime.bigint();
    closeNow(event.fd);
    // ENOENT: the starter was killed while it waited; nobody is left to be answered.
    if (written < 0 && written !== -constants.errno.ENOENT) this.#onFailure(`An answer could not be given to the kernel: ${describeError(written)}.`);
    if (this.#pauseTimer === null) this.#watch?.resume();
    return atNs;
  }

  markFilesystem(mountPoint: string, mountId?: number): Result<void> {
    let place: number;
    try {
      // Only names the place: neither asks nor waits for who serves the file system (open(2), O_PATH).
      place = openSync(Buffer.from(encodeBytes(mountPoint)), O_PATH | O_CLOEXEC);
    } catch (error) {
      return fail('mark-failed', `${mountPoint} can not be watched: ${error instanceof Error ? error.message : String(error)}.`);
    }
    try {
      const found = mountId === undefined ? null : mountIdOf(place);
      if (found !== null && found !== mountId) return fail('mount-changed', `${mountPoint} can not be watched: something else was mounted there meanwhile.`);
      return this.#mark(FAN_MARK_ADD | FAN_MARK_FILESYSTEM, FAN_OPEN_EXEC_PERM, `/proc/self/fd/${place}`, mountPoint);
    } finally {
      closeSync(place);
    }
  }

  unmarkFilesystem(mountPoint: string): Result<void> {
    return this.#mark(FAN_MARK_REMOVE | FAN_MARK_FILESYSTEM, FAN_OPEN_EXEC_PERM, mountPoint);
  }

  markFileOpen(path: string): Result<void> {
    return this.#mark(FAN_MARK_ADD | FAN_MARK_DONT_FOLLOW, FAN_OPEN_PERM, path);
  }

  unmarkFileOpen(path: string): Result<void> {
    return this.#mark(FAN_MARK_REMOVE | FAN_MARK_DONT_FOLLOW, FAN_OPEN_PERM, path);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#pauseTimer !== null) clearTimeout(this.#pauseTimer);
    this.#watch?.close();
    closeSync(this.#group);
    for (const event of this.#held) if (event !== undefined) closeSync(event.fd);
    this.#held.length = 0;
    this.#heldCount = 0;
  }

  #readTurn(): void {
    try {
      this.#readEvents();
    } finally {
      this.#onRest();
    }
  }

  #readEvents(): void {
    this.#roomFound = false;
    const started = process.hrtime.bigint();
    let end = started + NANOSECONDS_PER_TURN;
    for (let count = 1; this.#readOne(); count += 1) {
      // The poll is level-triggered: the rest comes in the next turn.
      if (process.hrtime.bigint() > end) return;
      if (count % EVENTS_IN_A_ROW === 0) {
        if (this.#isLoopWanted()) return;
        this.#onRest();
      }
      if (this.#heldCount > 0) continue;
      end = started + NANOSECONDS_PER_LINGERING_TURN;
      if (!this.#linger(end)) return;
    }
  }

  /** True when there is a question; false when there is something else to do for the loop, or nothing until `endNs`. */
  #linger(endNs: bigint): boolean {
    const first = this.#wait(REST_AFTER_MS);
    if (first !== 'nothing' || this.#loop === null) return first === 'question';
    this.#onRest();
    const leftMs = Math.floor(Number(endNs - process.hrtime.bigint()) / 1e6);
    return leftMs > 0 && this.#wait(leftMs) === 'question';
  }

  #wait(ms: number): 'question' | 'loop' | 'nothing' {
    if (pollNow(this.#pollFor, this.#pollFor.length / POLLFD.size, ms) <= 0) return 'nothing';
    return this.#pollFor.readInt16LE(POLLFD.happened) === 0 ? 'loop' : 'question';
  }

  /** By the last `#wait`; always where that can not tell, and while an event is held, whose facts come in through the loop. */
  #isLoopWanted(): boolean {
    return this.#loop === null || this.#heldCount > 0 || this.#pollFor.readInt16LE(POLLFD.size + POLLFD.happened) !== 0;
  }

  /** False when there is nothing to read, or it can not be read now. */
  #readOne(): boolean {
    if (this.#closed) return false;
    if (this.#heldCount >= this.#maxHeld) {
      this.#watch?.pause();
      return false;
    }
    if (!this.#hasRoom()) return false;
    const size = readNow(this.#group, this.#event, EVENT_SIZE);
    if (size !== EVENT_SIZE) {
      this.#readFailed(size);
      return false;
    }
    this.#accept(process.hrtime.bigint());
    return true;
  }

  /** Where there is none, the questions wait: for an answer that frees some, or for a moment. */
  #hasRoom(): boolean {
    this.#roomFound = (this.#roomFound && this.#heldCount === 0) || this.#room.isThere();
    if (this.#roomFound) {
      this.#starvedSince = null;
      return true;
    }
    if (this.#heldCount > 0) this.#watch?.pause();
    else {
      this.#starvedSince ??= performance.now();
      this.#pauseForShortage();
    }
    return false;
  }

  #accept(readAtNs: bigint): void {
    const event = this.#event;
    if (event[4] !== METADATA_VERSION) {
      this.close();
      this.#onFailure(`This kernel speaks version ${event[4] ?? 0} of the fanotify protocol, Holdfast speaks ${METADATA_VERSION}: starts are no longer asked about.`);
      return;
    }
    const mask = event.readUInt32LE(8);
    const fd = event.readInt32LE(16);
    if (fd < 0) {
      const why = (mask & FAN_Q_OVERFLOW) !== 0 ? 'Its queue overflowed' : 'A question came without a file';
      this.#onFailure(`The kernel did not ask about every start. ${why}.`);
      return;
    }
    const taken: PermissionEvent = { kind: (mask & FAN_OPEN_EXEC_PERM) !== 0 ? 'exec' : 'open', fd, tid: event.readInt32LE(20), readAtNs };
    this.#held[fd] = taken;
    this.#heldCount += 1;
    this.#take(taken);
  }

  #readFailed(size: number): void {
    if (size === -constants.errno.EAGAIN || size === -constants.errno.EINTR) return;
    if (size === -constants.errno.EMFILE || size === -constants.errno.ENFILE) this.#pauseForShortage();
    this.#onFailure(`The kernel denied one start because Holdfast could not take its question: ${size < 0 ? describeError(size) : `${size} bytes`}.`);
    if (size === -constants.errno.EBADF || size === 0) this.close();
  }

  #pauseForShortage(): void {
    this.#watch?.pause();
    this.#pauseTimer = setTimeout(() => {
      this.#pauseTimer = null;
      if (this.#heldCount < this.#maxHeld) this.#watch?.resume();
    }, SHORTAGE_PAUSE_MS);
  }

  #mark(flags: number, mask: number, path: string, calledFor = path): Result<void> {
    const outcome = fanotifyMark(this.#group, flags, mask, AT_FDCWD, Buffer.concat([encodeBytes(path), Buffer.alloc(1)]));
    if (outcome === 0) return ok(undefined);
    return fail('mark-failed', `${calledFor} can not be watched: ${describeError(outcome)}.`);
  }
}

function initFailure(outcome: number): Result<never> {
  if (outcome === -constants.errno.EPERM) {
    return fail('permission-denied', 'Asking before a program starts needs administrator rights (CAP_SYS_ADMIN): start the engine as root.');
  }
  if (outcome === -constants.errno.EMFILE) {
    return fail('too-many-groups', 'This account uses all of its fanotify groups (see /proc/sys/fs/fanotify/max_user_groups): stop another monitor or raise the limit.');
  }
  if (outcome === -constants.errno.EINVAL || outcome === -constants.errno.ENOSYS) {
    return fail('unsupported-kernel', `This kernel can not ask before a program starts (Linux 5.0 with CONFIG_FANOTIFY_ACCESS_PERMISSIONS is needed): ${describeError(outcome)}.`);
  }
  return fail('fanotify-failed', `The kernel's permission queue could not be opened: ${describeError(outcome)}.`);
}
