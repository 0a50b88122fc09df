/**
 * The local socket that CLI and window speak to. Any local account may connect; who it is comes from the kernel, never from
 * the message, and what it may do is decided by the control service. An account without rights must not be able to take
 * the engine's memory or its other callers' places, hence the limits.
 */
import fs from 'node:fs';
import net from 'node:net';
import { requestSchema } from '../../../shared/control/calls.ts';
import { fail, type Result } from '../../../shared/result.ts';
import { LineReader, toLine } from '../link/json-lines.ts';

export interface Caller {
  readonly uid: number;
  readonly pid: number;
}

export interface ControlServerOptions {
  readonly socketPath: string;
  readonly ownUid: number;
  /** Who is at the other end, by the kernel's word. */
  readonly peerOf: (socket: net.Socket) => Result<Caller>;
  readonly handle: (call: string, input: unknown, caller: Caller, ask: boolean) => Promise<Result<unknown>>;
  readonly log: (line: string) => void;
}

const MOST_CONNECTIONS = 160;
/** The rest is kept for those who may change things, however many accounts the others have. */
const MOST_CONNECTIONS_WITHOUT_RIGHTS = 128;
const MOST_CONNECTIONS_PER_USER = 16;
const MOST_CALLS_AT_ONCE = 8;
const LONGEST_REQUEST = 1024 * 1024;
const LONGEST_REQUEST_WITHOUT_RIGHTS = 64 * 1024;
const IDLE_MS = 60_000;
/** A caller that asks and does not read its answers is cut off. */
const MOST_UNREAD_BYTES = 32 * 1024 * 1024;

export class ControlServer {
  private readonly options: ControlServerOptions;
  private readonly server: net.Server;
  private readonly perUser = new Map<number, number>();
  private withoutRights = 0;

  constructor(options: ControlServerOptions) {
    this.options = options;
    this.server = net.createServer((socket) => {
      this.accept(socket);
    });
    this.server.maxConnections = MOST_CONNECTIONS;
  }

  /** The caller holds the lock of the data folder, so a socket that lies there is a dead engine's. */
  async listen(): Promise<Result<void>> {
    const { socketPath } = this.options;
    try {
      fs.rmSync(socketPath, { force: true });
      await new Promise<void>((resolve, reject) => {
        this.server.once('error', reject);
        this.server.listen(socketPath, resolve);
      });
      // Connecting needs write permission; rights are a matter of each call.
      fs.chmodSync(socketPath, 0o666);
      return { ok: true, value: undefined };
    } catch (error) {
      return fail('control-socket', `${socketPath} can not be opened: ${(error as Error).message}`);
    }
  }

  close(): void {
    this.server.close();
    fs.rmSync(this.options.socketPath, { force: true });
  }

  private accept(socket: net.Socket): void {
    // A caller that is gone before it was answered is nobody's mistake.
    socket.on('error', () => socket.destroy());
    const peer = this.options.peerOf(socket);
    if (!peer.ok) {
      socket.destroy();
      return;
    }
    const { uid } = peer.value;
    const open = this.perUser.get(uid) ?? 0;
    const stranger = !this.mayChange(uid);
    if (open >= MOST_CONNECTIONS_PER_USER || (stranger && this.withoutRights >= MOST_CONNECTIONS_WITHOUT_RIGHTS)) {
      // Not left to the caller to close, which would keep the place taken.
      socket.end(toLine({ id: 0, ok: false, error: { code: 'too-many', message: 'Too many open connections of this account: close some and ask again.' } }), () => socket.destroy());
      return;
    }
    this.perUser.set(uid, open + 1);
    this.withoutRights += stranger ? 1 : 0;
    socket.on('close', () => {
      this.withoutRights -= stranger ? 1 : 0;
      const left = (this.perUser.get(uid) ?? 1) - 1;
      if (left > 0) this.perUser.set(uid, left);
      else this.perUser.delete(uid);
    });
    this.serve(socket, peer.value);
  }

  private mayChange(uid: number): boolean {
    return uid === 0 || uid === this.options.ownUid;
  }

  private serve(socket: net.Socket, caller: Caller): void {
    const trusted = this.mayChange(caller.uid);
    let running = 0;
    const answer = (id: number, outcome: Result<unknown>): void => {
      if (socket.destroyed) return;
      socket.write(toLine(outcome.ok ? { id, ok: true, output: outcome.value } : { id, ok: false, error: outcome.error }));
      if (socket.writableLength > MOST_UNREAD_BYTES) socket.destroy();
    };
    const onLine = (line: string): void => {
      const request = parseRequest(line);
      if (!request.ok) {
        answer(0, request);
        socket.end();
        return;
      }
      if (running >= MOST_CALLS_AT_ONCE) {
        answer(request.value.id, fail('too-many', 'Too many calls at once on one connection: wait for answers first.'));
        return;
      }
      running += 1;
      void this.run(request.value, caller).then((outcome) => {
        running -= 1;
        answer(request.value.id, outcome);
      });
    };
    const reader = new LineReader(trusted ? LONGEST_REQUEST : LONGEST_REQUEST_WITHOUT_RIGHTS, onLine, () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('data', (chunk) => {
      if (!socket.destroyed) reader.push(chunk);
    });
    socket.on('error', () => socket.destroy());
  }

  /** A defect in a call is logged and answered in words; it must not take the engine down. */
  private async run(request: { readonly call: string; readonly input?: unknown; readonly ask?: boolean | undefined }, caller: Caller): Promise<Result<unknown>> {
    try {
      return await this.options.handle(request.call, request.input, caller, request.ask === true);
    } catch (error) {
      this.options.log(`call ${JSON.stringify(request.call.slice(0, 60))} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return fail('defect', 'The engine met a defect while answering. Its log has the details.');
    }
  }
}

function parseRequest(line: string): Result<{ id: number; call: string; input?: unknown; ask?: boolean | undefined }> {
  try {
    const parsed = requestSchema.safeParse(JSON.parse(line));
    if (parsed.success) return { ok: true, value: parsed.data };
  } catch {
    // Not JSON: answered below like any other line of the wrong form.
  }
  return fail('bad-request', 'A request is one JSON object a line with id, call and input.');
}
