/**
 * Waiting for a descriptor once, and then not until that is asked for again: by an epoll(7) of its own, which the loop watches all the time.
 *
 * Why not `pause` and `resume` of a watch: each change to what the loop watches makes Electron's loop wake up once more for nothing, and what
 * is paused and resumed all day doubled the turns of the engine's loop.
 *
 * Single-threaded: what is called runs on the loop of the thread that made the watch. Main thread only (see ffi/poll.ts).
 */
import { closeSync } from 'node:fs';
import { epollControl, epollCreate, epollTake } from '../ffi/libc.ts';
import { pollDescriptor, throwFromLoop } from '../ffi/poll.ts';

// sys/epoll.h
const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_MOD = 3;
const EPOLLIN = 0x1;
const EPOLLONESHOT = 0x4000_0000;

export interface OneShotWatch {
  /** Calls once more, at once when there is something already. */
  again(): void;
  close(): void;
}

/** Calls `onReady` once when `fd` is readable or has an error. `fd` stays open until `close`. Minus errno where the kernel gives no epoll. */
export function watchOnce(fd: number, onReady: () => void): OneShotWatch | number {
  const epoll = epollCreate(EPOLL_CLOEXEC);
  if (epoll < 0) return epoll;
  const event = Buffer.alloc(16);
  const wanted = Buffer.alloc(16);
  wanted.writeUInt32LE(EPOLLIN | EPOLLONESHOT, 0);
  const added = epollControl(epoll, EPOLL_CTL_ADD, fd, wanted);
  if (added < 0) {
    closeSync(epoll);
    return added;
  }
  const watch = pollDescriptor(epoll, 'readable', () => {
    // Taking it is what keeps it silent from here on.
    if (epollTake(epoll, event, 1, 0) <= 0) return;
    try {
      onReady();
    } catch (defect) {
      throwFromLoop(defect);
    }
  });
  return {
    again: () => { epollControl(epoll, EPOLL_CTL_MOD, fd, wanted); },
    close: () => {
      watch.close();
      closeSync(epoll);
    },
  };
}
