/**
 * The event loop of the main thread as something to wait for: libuv's own descriptor (uv_backend_fd, docs.libuv.org) is readable when anything the loop
 * watches is. Node and Electron export libuv's calls to the modules they load.
 *
 * It tells of descriptors only: not of timers of Node's, and not of what Chromium has for its main thread. So who waits for it waits for a bounded time.
 */
import { isMainThread } from 'node:worker_threads';
import koffi from 'koffi';
import { pollNow } from './libc.ts';

/** Null in other threads, and where this runtime does not export the calls. */
export function loopDescriptor(): number | null {
  if (!isMainThread) return null;
  try {
    const library = koffi.load(null);
    const defaultLoop = library.func('uv_default_loop', 'void *', []) as () => unknown;
    const backend = library.func('uv_backend_fd', 'int', ['void *']) as (loop: unknown) => number;
    const fd = backend(defaultLoop());
    return fd < 0 ? null : fd;
  } catch {
    return null;
  }
}

/** poll.h: `struct pollfd` is the descriptor, 16 bits of what is waited for, 16 bits of what happened. A negative descriptor is passed over. */
export const POLLFD = { size: 8, events: 4, happened: 6, nothing: -1, readable: 1, urgent: 2 } as const;

let own: Buffer | null = null;

/** Waits in the kernel until the loop has something to do, at most so long. Where the loop can not be waited for: not at all. */
export function waitForLoop(ms: number): void {
  own ??= pollFor([loopDescriptor() ?? POLLFD.nothing]);
  if (own.readInt32LE(0) !== POLLFD.nothing) pollNow(own, 1, ms);
}

/** An array of `struct pollfd` that waits until one of these can be read, or until `what` is so. */
export function pollFor(descriptors: readonly number[], what: number = POLLFD.readable): Buffer {
  const wanted = Buffer.alloc(descriptors.length * POLLFD.size);
  for (const [index, fd] of descriptors.entries()) {
    wanted.writeInt32LE(fd, index * POLLFD.size);
    wanted.writeInt16LE(what, index * POLLFD.size + POLLFD.events);
  }
  return wanted;
}
