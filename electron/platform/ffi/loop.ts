/**
 * The event loop of the main thread as something to wait for: libuv's own descriptor (uv_backend_fd, docs.libuv.org) is readable when anything the loop
 * watches is. Node and Electron export libuv's calls to the modules they load.
 *
 * It tells of descriptors only: not of timers of Node's, and not of what Chromium has for its main thread. So who waits for it waits for a bounded time.
 */
import { isMainThread } from 'node:worker_threads';
import koffi from 'koffi';

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
