/** Whoever started this process holds the other end of its standard input; when that closes, this process has no owner left. */
import net from 'node:net';

export function onOwnerGone(listener: () => void): void {
  // Not `process.stdin`: Electron replaces it by an empty stream on Windows.
  const pipe = new net.Socket({ fd: 0, readable: true, writable: false });
  // An error closes it too, and `close` comes once.
  pipe.on('error', () => undefined);
  pipe.once('close', listener);
  pipe.resume();
}
