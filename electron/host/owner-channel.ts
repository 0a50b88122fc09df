/**
 * A child's line to its owner: `process.send` under Node's fork, `process.parentPort` in an Electron utility process.
 * When the owner is gone the child must go too: an engine without an owner would be an orphan with rights.
 */
import { onProcessEnd } from '../platform/linux/pidfd.ts';
import type { FromOutside } from './loop-waking.ts';

export interface OwnerChannel {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onOwnerGone(listener: () => void): void;
}

interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

/** Only where the system does not tell the end of a process. */
const PARENT_POLL_MS = 1_000;

/** The channel of this process, or null when nobody owns it (started by hand). */
export function ownerChannel(fromOutside: FromOutside): OwnerChannel | null {
  const port = (process as { parentPort?: ParentPort }).parentPort;
  if (port !== undefined) return electronChannel(port, fromOutside);
  return typeof process.send === 'function' ? nodeChannel() : null;
}

function nodeChannel(): OwnerChannel {
  return {
    post: (message) => {
      // A closed channel throws asynchronously; the disconnect handler below ends this process.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => {
      process.on('message', listener);
    },
    onOwnerGone: (listener) => {
      process.once('disconnect', listener);
    },
  };
}

/** Chromium ends its children when the main process dies; the parent id is watched as well, because that promise is not ours. */
function electronChannel(port: ParentPort, fromOutside: FromOutside): OwnerChannel {
  return {
    post: (message) => {
      port.postMessage(message);
    },
    onMessage: (listener) => {
      port.on('message', (event) => {
        fromOutside();
        listener(event.data);
      });
    },
    onOwnerGone: (listener) => {
      const owner = process.ppid;
      const told = process.platform === 'linux' && onProcessEnd(owner, listener);
      // It may have ended before it was watched.
      if (told && process.ppid === owner) return;
      const timer = setInterval(() => {
        if (process.ppid === owner) return;
        clearInterval(timer);
        listener();
      }, PARENT_POLL_MS);
    },
  };
}
