/**
 * Waiting for a descriptor on this thread's event loop, through libuv's poll (no thread is used).
 *
 * koffi 3.3 types the callback as `(events)` but calls it with `(status, events)`; only the call itself is used here.
 * Handles are never given back to the collector, not even closed ones: its finalizer aborted an Electron utilityProcess.
 * A process opens a handful of them, so nothing is lost. Main thread only: a live handle inside a worker thread made
 * Node die at exit.
 */
import koffi from 'koffi';

const everyHandle = new Set<ReturnType<typeof koffi.node.poll>>();

export interface PollWatch {
  /** Stops calling; `resume` goes on. Both may be called at any time, also from the callback. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** What to wait for: `readable`, or `error` for pseudo files that announce a change by an error condition. */
export type PollKind = 'readable' | 'error';

/**
 * Calls `onReady` while `fd` is ready. Level-triggered: a callback that leaves data behind is called again in the next turn of
 * the loop, after timers. The descriptor must stay open until `close`.
 */
export function pollDescriptor(fd: number, kind: PollKind, onReady: () => void): PollWatch {
  // An error condition is reported whatever was asked for; "disconnect" is the one that can not happen by itself.
  const wanted = kind === 'readable' ? { readable: true } : { disconnect: true };
  const handle = koffi.node.poll(fd, wanted, onReady);
  everyHandle.add(handle);
  let state: 'running' | 'paused' | 'closed' = 'running';
  return {
    pause() {
      if (state !== 'running') return;
      state = 'paused';
      handle.stop();
    },
    resume() {
      // libuv stops a handle by itself when it reports an error, so a running one is armed again too.
      if (state === 'closed' || (state === 'running' && kind === 'readable')) return;
      state = 'running';
      handle.start(wanted, onReady);
    },
    close() {
      if (state === 'closed') return;
      state = 'closed';
      handle.close();
    },
  };
}
