/**
 * The thread that reads command lines in batches (see command-line-batch.ts).
 *
 * It is started from the source text of this class, so that no bundle has to know of a further file: all it uses stands inside the
 * class. Only types may be shared with the rest of the file.
 */
import type { MessagePort } from 'node:worker_threads';

/** In place of a length: the process has ended. */
export const GONE = -1;
/** In place of a length: larger than is read here, or not readable. */
export const UNREADABLE = -2;

export interface BatchAnswer {
  /** One for each process that was asked for, in order. */
  readonly lengths: Int32Array;
  /** The lines one after the other, as the kernel shows them. */
  readonly bytes: Uint8Array;
}

export class CommandLineThread {
  readonly port: MessagePort;
  readonly codes: { readonly gone: number; readonly unreadable: number };
  readonly fs = process.getBuiltinModule('node:fs');
  readonly room = Buffer.alloc(256 * 1024);

  constructor(port: MessagePort, codes: { readonly gone: number; readonly unreadable: number }) {
    this.port = port;
    this.codes = codes;
  }

  serve(): void {
    this.port.on('message', (pids: readonly number[]) => this.port.postMessage(this.readAll(pids)));
  }

  readAll(pids: readonly number[]): BatchAnswer {
    const lengths = new Int32Array(pids.length);
    const parts: Buffer[] = [];
    for (const [index, pid] of pids.entries()) {
      const length = this.read(pid);
      lengths[index] = length;
      if (length > 0) parts.push(Buffer.from(this.room.subarray(0, length)));
    }
    return { lengths, bytes: Buffer.concat(parts) };
  }

  /** Into the room; the length, or why not. */
  read(pid: number): number {
    const { fs, room } = this;
    let fd = -1;
    try {
      fd = fs.openSync(`/proc/${pid}/cmdline`, 'r');
      for (let length = 0; ; ) {
        // Most lines are short; the kernel copies no more than there is.
        const size = fs.readSync(fd, room, length, Math.min(room.length - length, length === 0 ? 4096 : room.length), length);
        if (size === 0) return length;
        length += size;
        if (length === room.length) return this.codes.unreadable;
        // The kernel gives less than it was asked for only at the end.
        if (length < 4096) return length;
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' || code === 'ESRCH' ? this.codes.gone : this.codes.unreadable;
    } finally {
      if (fd >= 0) fs.closeSync(fd);
    }
  }
}
