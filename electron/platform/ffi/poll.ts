/**
 * Waiting for a descriptor on this thread's event loop, through libuv's poll (no thread is used).
 *
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

/** For a defect in a callback, from which it would be lost: it ends the process, as one from Node's own timers does. */
export function throwFromLoop(defect: unknown): void {
  setImmediate(() => {
    throw defect;
  });
}

/** What to wait for: `readable`, or `error` for pseudo files that announce a change by an error condition. */
export type PollKind = 'readable' | 'error';

/**
 * Calls `onReady` while `fd` is ready. Level-triggered: a callback that leaves data behind is called again in the next turn of
 * the loop, after timers. The descriptor must stay open until `close`.
 *
 * An error condition (a full netlink socket has one) counts as ready too: libuv reports it once and stops the handle, so it is started
 * again here, and the owner learns the error from its next read.
 */
export function pollDescriptor(fd: number, kind: PollKind, onReady: () => void): PollWatch {
  // An error condition is reported whatever was asked for; "disconnect" is the one that can not happen by itself.
  const wanted = kind === 'readable' ? { readable: true } : { disconnect: true };
  let state: 'running' | 'paused' | 'closed' = 'running';
  // koffi hands over (status, events), though its types say (events).
  const ready = (status: unknown): void => {
    if (typeof status === 'number' && status < 0 && state === 'running') handle.start(wanted, ready);
    onReady();
  };
  const handle = koffi.node.poll(fd, wanted, ready);
  everyHandle.add(handle);
  return {
    pause() {
      if (state !== 'running') return;
      state = 'paused';
      handle.stop();
    },
    resume() {
      if (state !== 'paused') return;
      state = 'running';
      handle.start(wanted, ready);
    },
    close() {
      if (state === 'closed') return;
      state = 'closed';
      handle.close();
    },
  };
}
