/**
 * The sentinel's end of the private socket to the engine. The sentinel listens because it outlives engines.
 * Only one engine is served: a newer connection replaces the older one, whose process is gone or about to be.
 */
import fs from 'node:fs';
import net from 'node:net';
import type { FromSentinel, ToSentinel } from '../../../shared/link/messages.ts';
import { LineReader, toLine } from './json-lines.ts';

/** A policy with the identities of all system tools is about half a megabyte. */
const LONGEST_LINE = 64 * 1024 * 1024;
/** An engine that does not read is worse than none: beyond this the line is cut and the engine connects anew. */
const MOST_UNSENT_BYTES = 16 * 1024 * 1024;

export interface LinkServerOptions {
  readonly socketPath: string;
  /** True when the peer belongs to this account, by the kernel's word. */
  readonly isOurs: (socket: net.Socket) => boolean;
  readonly onEngine: () => void;
  readonly onMessage: (message: ToSentinel) => void;
  readonly log: (line: string) => void;
}

export class LinkServer {
  private readonly options: LinkServerOptions;
  private readonly server: net.Server;
  private engine: net.Socket | null = null;

  constructor(options: LinkServerOptions) {
    this.options = options;
    this.server = net.createServer((socket) => {
      this.accept(socket);
    });
  }

  /** The folder is ours alone and one Holdfast at a time owns it, so a socket that lies there is a dead sentinel's. */
  listen(): void {
    fs.rmSync(this.options.socketPath, { force: true });
    this.server.on('error', (error) => {
      this.options.log(`the engine can not reach the sentinel: ${error.message}`);
    });
    this.server.listen(this.options.socketPath);
  }

  /** False when no engine took it. */
  send(message: FromSentinel): boolean {
    const { engine } = this;
    if (engine === null || engine.destroyed) return false;
    if (engine.writableLength > MOST_UNSENT_BYTES) {
      engine.destroy();
      return false;
    }
    engine.write(toLine(message));
    return true;
  }

  private accept(socket: net.Socket): void {
    if (!this.options.isOurs(socket)) {
      socket.destroy();
      return;
    }
    this.engine?.destroy();
    this.engine = socket;
    const reader = new LineReader(LONGEST_LINE, (line) => this.receive(line), () => socket.destroy());
    socket.on('data', (chunk) => {
      reader.push(chunk);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.engine === socket) this.engine = null;
    });
    this.options.onEngine();
  }

  private receive(line: string): void {
    // The engine is the same program and account; the policy inside is still checked by its schema before it is used.
    this.options.onMessage(JSON.parse(line) as ToSentinel);
  }
}
