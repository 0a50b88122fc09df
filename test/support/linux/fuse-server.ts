/**
 * Starts a FUSE server that keeps silent about some requests, to show that nobody but the one who asked for it waits.
 *
 * The server runs in a process of its own (whoever touches its files may be stuck until it ends), for a bounded time; `stop` kills it by its id,
 * and then the kernel fails all requests that wait. Never touch its files from the test's own process.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { detach } from './libc.ts';

export type SilentAbout = 'lookup' | 'getattr' | 'open' | 'read';

export interface FuseFile {
  readonly name: string;
  readonly content?: Uint8Array;
  readonly mode?: number;
  /** Requests for this file that are never answered. */
  readonly silent?: readonly SilentAbout[];
  /** The open from which on (0: the first) the file is opened past the page cache. */
  readonly directIoFromOpen?: number;
  /** The open from which on (0: the first) no opening is answered. */
  readonly silentFromOpen?: number;
}

export interface FuseServer {
  readonly pid: number;
  readonly mountPoint: string;
  /** Resolves when this request of this file is being kept waiting (also when it already is). */
  held(request: SilentAbout, name: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startFuseServer(mountPoint: string, files: readonly FuseFile[], lifetimeMs = 60_000): Promise<FuseServer> {
  const config = {
    mountPoint,
    lifetimeMs,
    files: files.map((file) => ({
      name: file.name,
      content: Buffer.from(file.content ?? new Uint8Array(4096)).toString('base64'),
      mode: file.mode ?? 0o755,
      silent: file.silent ?? [],
      directIoFromOpen: file.directIoFromOpen ?? null,
      silentFromOpen: file.silentFromOpen ?? null,
    })),
  };
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'fuse-child.mjs'), JSON.stringify(config)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = new LineLog(child);
  await lines.seen('ready');
  return {
    pid: child.pid ?? -1,
    mountPoint,
    held: (request, name) => lines.seen(`held ${request} ${name}`),
    stop: async () => {
      const ended = child.exitCode === null && child.signalCode === null ? new Promise((resolve) => child.once('exit', resolve)) : Promise.resolve();
      child.kill('SIGKILL');
      await ended;
      detach(mountPoint);
    },
  };
}

/** What the server said so far, and who waits for a line. */
class LineLog {
  readonly #said = new Set<string>();
  readonly #waiting = new Map<string, () => void>();

  constructor(child: ChildProcess) {
    if (child.stdout === null) throw new Error('the server was started without a pipe');
    readline.createInterface({ input: child.stdout }).on('line', (line) => {
      this.#said.add(line);
      this.#waiting.get(line)?.();
    });
  }

  seen(line: string): Promise<void> {
    if (this.#said.has(line)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the FUSE server never said "${line}"; it said: ${[...this.#said].join(', ')}`)), 10_000);
      this.#waiting.set(line, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
