/**
 * News of processes from the kernel (proc connector over netlink): fork, exec and exit, as they happen.
 *
 * Kernel facts (netlink(7), socket(7), linux/cn_proc.h, drivers/connector/cn_proc.c):
 * - Listening needs CAP_NET_ADMIN before Linux 6.6; a receive buffer beyond net.core.rmem_max needs it always (SO_RCVBUFFORCE).
 * - Only processes of the first pid and user namespaces are heard; a request from another one is dropped without an answer, which is
 *   why the answer to the request is waited for (it is there when send(2) returns). The socket must be opened in the first network namespace.
 * - When the buffer is full messages are dropped and one read fails with ENOBUFS; how many were lost shows in the per-processor sequence.
 * - Any local process with rights could send to our port: only messages whose sender is the kernel (port 0) are believed.
 *
 * Loss: `onLoss(null)` at ENOBUFS (something was lost, look at the system now), `onLoss(n)` once the gap is seen. Threads: one, the caller's.
 * A turn of the loop reads at most 1024 messages or 5 ms; the rest comes in the next turn.
 */
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import type { Pid, ProcessNews, ProcessNewsFeed } from '../contract.ts';
import { bindSocket, describeError, getSocketOption, send, setSocketOption, socket } from '../ffi/libc.ts';
import { waitForLoop } from '../ffi/loop.ts';
import { MessageBatch } from '../ffi/message-batch.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { NewsPace } from './news-pace.ts';
import { watchOnce, type OneShotWatch } from './one-shot-watch.ts';
import {
  AF_NETLINK, AT, DATAGRAM_SIZE, NETLINK_CONNECTOR, PROC_EVENT_EXEC, PROC_EVENT_EXIT, PROC_EVENT_FORK, PROC_EVENT_NONE, groupAddress, isProcEvent, listenRequest,
} from './proc-event.ts';
import { listPids, readStat } from './proc.ts';
import { SequenceGaps } from './sequence-gaps.ts';
import { ThreadLedger } from './thread-ledger.ts';

const { errno } = constants;
// asm-generic/socket.h, bits/socket_type.h
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SOCK_NONBLOCK = 0o4000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;

/** About half a minute of 5,000 forks a second without being read: a message takes 768 bytes of it. */
const WANTED_BUFFER = 32 * 1024 * 1024;
const NO_PROCESSOR = 0xffff_ffff;
const BATCH = 64;
const BATCHES_PER_TURN = 16;
const NANOSECONDS_PER_TURN = 5_000_000n;
/** How often processes whose leader ended are looked at, in case a thread's exit was missed; only while there are any. */
const SWEEP_MS = 1_000;

export interface ConnectorFeed extends ProcessNewsFeed {
  /** Bytes the kernel keeps for unread messages. */
  readonly bufferBytes: number;
  /** The socket, whose row in /proc/net/netlink has the kernel's own count of what it dropped. */
  readonly descriptor: number;
}

/** `bufferBytes`: what the kernel is asked to keep for unread messages; it gives less to a process without rights. */
export function openProcessNews(options: { readonly bufferBytes: number } = { bufferBytes: WANTED_BUFFER }): Result<ConnectorFeed> {
  const fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
  if (fd < 0) return openFailure(fd);
  const bound = bindSocket(fd, groupAddress(), 12);
  if (bound < 0) {
    closeSync(fd);
    return openFailure(bound);
  }
  const bufferBytes = sizeBuffer(fd, options.bufferBytes);
  const batch = new MessageBatch(BATCH, DATAGRAM_SIZE);
  const request = listenRequest();
  const sent = send(fd, request, request.length, 0);
  if (sent < 0) {
    closeSync(fd);
    return openFailure(sent);
  }
  // Other messages may stand before the answer, so only silence is a refusal.
  if (batch.receive(fd) <= 0) {
    closeSync(fd);
    return fail('other-namespace', 'The kernel does not report processes to this place: Holdfast must run in the first pid and user namespace, not inside a container.');
  }
  return ok(new NetlinkFeed(fd, batch, bufferBytes));
}

class NetlinkFeed implements ConnectorFeed {
  readonly bufferBytes: number;
  readonly descriptor: number;
  readonly #batch: MessageBatch;
  readonly #gaps = new SequenceGaps();
  readonly #threads = new ThreadLedger();
  #watch: OneShotWatch | null = null;
  #sweep: NodeJS.Timeout | null = null;
  readonly #pace = new NewsPace();
  #closed = false;
  #onBatch: (news: readonly ProcessNews[]) => void = () => undefined;
  #onLoss: (lost: number | null) => void = () => undefined;
  #onFailure: (message: string) => void = () => undefined;

  constructor(fd: number, batch: MessageBatch, bufferBytes: number) {
    this.descriptor = fd;
    this.#batch = batch;
    this.bufferBytes = bufferBytes;
  }

  start(onBatch: (news: readonly ProcessNews[]) => void, onLoss: (lost: number | null) => void, onFailure: (message: string) => void): void {
    if (this.#watch !== null || this.#closed) throw new Error('the process news were already started or closed');
    this.#onBatch = onBatch;
    this.#onLoss = onLoss;
    this.#onFailure = onFailure;
    this.#countThreads();
    const watch = watchOnce(this.descriptor, () => { this.#readTurn(); });
    if (typeof watch === 'number') onFailure(`The kernel's news of processes can not be waited for: ${describeError(watch)}.`);
    else this.#watch = watch;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#sweep !== null) clearTimeout(this.#sweep);
    this.#watch?.close();
    closeSync(this.descriptor);
  }

  #readTurn(): void {
    const gatherMs = this.#pace.gatherMs(process.hrtime.bigint());
    // Asleep here, not by a timer: each would be a turn of the loop, and waiting for the descriptor in between one for each message.
    if (gatherMs > 0) waitForLoop(gatherMs);
    this.#readBatches();
    if (this.#closed) return;
    this.#watch?.again();
    this.#sweepSoon();
  }

  #readBatches(): void {
    const started = process.hrtime.bigint();
    let read = 0;
    for (let turn = 0; turn < BATCHES_PER_TURN && !this.#closed; turn += 1) {
      const count = this.#batch.receive(this.descriptor);
      if (count < 0) this.#readFailed(count);
      else this.#takeBatch(count);
      read += Math.max(0, count);
      if (count < BATCH || process.hrtime.bigint() - started > NANOSECONDS_PER_TURN) break;
    }
    this.#pace.looked(read, started);
  }

  #takeBatch(count: number): void {
    const news: ProcessNews[] = [];
    let lost = 0;
    for (let index = 0; index < count; index += 1) {
      const at = this.#batch.offset(index);
      if (this.#batch.senderPort(index) !== 0 || !isProcEvent(this.#batch.bytes, at, this.#batch.length(index))) continue;
      lost += this.#takeMessage(at, news);
    }
    // Loss first: what follows may name processes whose fork was lost.
    if (lost > 0) this.#onLoss(lost);
    if (news.length > 0 && !this.#closed) this.#onBatch(news);
  }

  /** Adds what the message tells to `news`; gives the number of messages lost before it. */
  #takeMessage(at: number, news: ProcessNews[]): number {
    const { bytes } = this.#batch;
    const what = bytes.readUInt32LE(at + AT.what);
    const cpu = bytes.readUInt32LE(at + AT.cpu);
    // The answer to someone's request: newer kernels count it like an event, older ones name no processor in it.
    const lost = what === PROC_EVENT_NONE && cpu === NO_PROCESSOR ? 0 : this.#gaps.take(cpu, bytes.readUInt32LE(at + AT.sequence));
    if (what === PROC_EVENT_FORK) this.#takeFork(at, news);
    else if (what === PROC_EVENT_EXEC) this.#takeExec(at, news);
    else if (what === PROC_EVENT_EXIT) this.#takeExit(at, news);
    return lost;
  }

  #takeFork(at: number, news: ProcessNews[]): void {
    const { bytes } = this.#batch;
    const childPid = bytes.readUInt32LE(at + AT.childPid);
    const childTgid = bytes.readUInt32LE(at + AT.childTgid);
    if (childPid !== childTgid) {
      this.#threads.threadStarted(childTgid);
      return;
    }
    const atNs = this.#timestamp(at);
    if (this.#threads.waiting.has(childPid)) {
      // Its id is used again, so the process we still waited for has ended.
      this.#threads.forget(childPid);
      news.push({ type: 'exit', pid: childPid, atNs });
    }
    news.push({ type: 'fork', parentPid: bytes.readUInt32LE(at + AT.parentTgid), childPid, atNs });
  }

  #takeExec(at: number, news: ProcessNews[]): void {
    const pid = this.#batch.bytes.readUInt32LE(at + AT.tgid);
    this.#threads.executed(pid);
    news.push({ type: 'exec', pid, atNs: this.#timestamp(at) });
  }

  #takeExit(at: number, news: ProcessNews[]): void {
    const pid = this.#batch.bytes.readUInt32LE(at + AT.tgid);
    const ended = this.#threads.threadEnded(pid, this.#batch.bytes.readUInt32LE(at + AT.pid));
    if (ended) news.push({ type: 'exit', pid, atNs: this.#timestamp(at) });
  }

  /** CLOCK_MONOTONIC, as `process.hrtime.bigint()`. */
  #timestamp(at: number): bigint {
    return this.#batch.bytes.readBigUInt64LE(at + AT.timestampLow);
  }

  #readFailed(outcome: number): void {
    if (outcome === -errno.EAGAIN || outcome === -errno.EINTR) return;
    if (outcome === -errno.ENOBUFS) {
      this.#onLoss(null);
      this.#countThreads();
      return;
    }
    this.#onFailure(`The kernel's news of processes ended: ${describeError(outcome)}.`);
    this.close();
  }

  #countThreads(): void {
    this.#threads.clear();
    for (const pid of listPids()) {
      const stat = readStat(pid);
      if (stat !== null) this.#threads.prime(pid, stat.threads);
    }
  }

  #sweepSoon(): void {
    if (this.#threads.waiting.size === 0) return;
    this.#sweep ??= setTimeout(() => {
      this.#sweep = null;
      this.#sweepWaiting();
      this.#sweepSoon();
    }, SWEEP_MS).unref();
  }

  #sweepWaiting(): void {
    if (this.#closed) return;
    const gone: Pid[] = [...this.#threads.waiting].filter((pid) => readStat(pid) === null);
    if (gone.length === 0) return;
    const atNs = process.hrtime.bigint();
    for (const pid of gone) this.#threads.forget(pid);
    this.#onBatch(gone.map((pid) => ({ type: 'exit', pid, atNs })));
  }
}

/** The kernel doubles what is asked for; what it really keeps is read back. */
function sizeBuffer(fd: number, wanted: number): number {
  const value = Buffer.alloc(4);
  const size = Buffer.alloc(4);
  value.writeUInt32LE(wanted);
  if (setSocketOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, value, 4) < 0) setSocketOption(fd, SOL_SOCKET, SO_RCVBUF, value, 4);
  size.writeUInt32LE(4);
  getSocketOption(fd, SOL_SOCKET, SO_RCVBUF, value, size);
  return value.readUInt32LE();
}

function openFailure(outcome: number): Result<never> {
  if (outcome === -errno.EPERM || outcome === -errno.EACCES) {
    return fail('permission-denied', 'News of processes from the kernel need administrator rights here (CAP_NET_ADMIN): start the engine as root.');
  }
  if (outcome === -errno.EPROTONOSUPPORT || outcome === -errno.ECONNREFUSED) {
    return fail('unsupported-kernel', `The process events connector is missing: it needs a kernel with CONFIG_PROC_EVENTS, and the machine's own network namespace (${describeError(outcome)}).`);
  }
  return fail('connector-failed', `News of processes from the kernel are not to be had: ${describeError(outcome)}.`);
}
