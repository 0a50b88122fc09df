/** The engine's end of the private socket to the sentinel: connects, and connects again when the sentinel was replaced. */
import net from 'node:net';
import type { FromSentinel, ToSentinel } from '../../../shared/link/messages.ts';
import { LineReader, toLine } from './json-lines.ts';

const LONGEST_LINE = 64 * 1024 * 1024;
const RETRY_MS = 50;

export interface LinkClientOptions {
  readonly socketPath: string;
  readonly isOurs: (socket: net.Socket) => boolean;
  readonly onConnected: () => void;
  /** Only after a connection that stood. */
  readonly onLost: () => void;
  readonly onMessage: (message: FromSentinel) => void;
}

export class LinkClient {
  private readonly options: LinkClientOptions;
  private socket: net.Socket | null = null;
  private connected = false;
  private closed = false;

  constructor(options: LinkClientOptions) {
    this.options = options;
  }

  start(): void {
    if (this.closed) return;
    const socket = net.connect(this.options.socketPath);
    this.socket = socket;
    const reader = new LineReader(LONGEST_LINE, (line) => this.options.onMessage(JSON.parse(line) as FromSentinel), () => socket.destroy());
    socket.on('connect', () => {
      if (!this.options.isOurs(socket)) {
        socket.destroy();
        return;
      }
      this.connected = true;
      this.options.onConnected();
    });
    socket.on('data', (chunk) => {
      reader.push(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.onClose();
    });
  }

  send(message: ToSentinel): boolean {
    if (!this.connected || this.socket === null) return false;
    this.socket.write(toLine(message));
    return true;
  }

  close(): void {
    this.closed = true;
    this.socket?.destroy();
  }

  private onClose(): void {
    const stood = this.connected;
    this.connected = false;
    if (stood && !this.closed) this.options.onLost();
    if (!this.closed) setTimeout(() => this.start(), RETRY_MS);
  }
}
