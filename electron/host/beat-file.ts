/**
 * A child's signs of life as one number in a file of the private run folder: the monotonic time (ns, the same for all processes
 * of a boot) of its last beat. Whoever watches looks at it when a silence would be complete; a message would wake each
 * watcher at every beat. Eight bytes that are written over in place need no room, so a full file system silences nobody.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { ChildEntry } from './child-launcher.ts';

const BYTES = 8;

export function beatFileOf(privateRunDir: string, entry: ChildEntry): string {
  return path.join(privateRunDir, `${entry}.beat`);
}

/** Monotonic time in ms, comparable between processes. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export class BeatWriter {
  private readonly fd: number;
  private readonly bytes = Buffer.alloc(BYTES);

  /** Throws when the file can not be opened. The folder is ours alone. */
  constructor(file: string) {
    const { O_WRONLY, O_CREAT, O_NOFOLLOW } = fs.constants;
    this.fd = fs.openSync(file, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600);
  }

  /** False when it could not be written: tell it another way. */
  beat(): boolean {
    this.bytes.writeBigUInt64LE(process.hrtime.bigint());
    try {
      return fs.writeSync(this.fd, this.bytes, 0, BYTES, 0) === BYTES;
    } catch {
      return false;
    }
  }
}

export class BeatReader {
  private readonly file: string;
  private readonly bytes = Buffer.alloc(BYTES);
  private fd: number | null = null;

  constructor(file: string) {
    this.file = file;
  }

  /** Time of the last beat by the clock of `monotonicMs`; null while there is none. */
  last(): number | null {
    try {
      this.fd ??= fs.openSync(this.file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
      return fs.readSync(this.fd, this.bytes, 0, BYTES, 0) === BYTES ? Number(this.bytes.readBigUInt64LE()) / 1e6 : null;
    } catch {
      return null;
    }
  }

  close(): void {
    if (this.fd !== null) fs.closeSync(this.fd);
    this.fd = null;
  }
}
