/** An engine for the other end of the socket: answers by the one table of calls, or as badly as a test wants. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { CALLS, requestSchema, type CallName } from '../../../shared/control/calls.ts';
import type { Failure } from '../../../shared/result.ts';

export type Handler = (input: never) => unknown;
export type Handlers = Partial<Record<CallName, Handler>>;

export class Refusal {
  readonly error: Failure;

  constructor(code: string, message: string) {
    this.error = { code, message };
  }
}

export interface FakeEngine {
  readonly dataDir: string;
  readonly socketPath: string;
  readonly calls: { readonly call: string; readonly input: unknown }[];
  close(): Promise<void>;
}

/** Listens below a data folder of its own, where `--data-dir` finds it. */
export async function fakeEngine(handlers: Handlers): Promise<FakeEngine> {
  const calls: FakeEngine['calls'] = [];
  return rawEngine((socket) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
        const request = requestSchema.parse(JSON.parse(text.slice(0, end)));
        text = text.slice(end + 1);
        calls.push({ call: request.call, input: request.input });
        socket.write(`${JSON.stringify({ id: request.id, ...answer(handlers, request.call as CallName, request.input) })}\n`);
      }
    });
  }, calls);
}

function answer(handlers: Handlers, call: CallName, input: unknown): object {
  const handler = handlers[call];
  if (handler === undefined) return { ok: false, error: { code: 'unknown-call', message: `no ${call}` } };
  const output = handler(CALLS[call].input.parse(input) as never);
  return output instanceof Refusal ? { ok: false, error: output.error } : { ok: true, output };
}

export async function rawEngine(serve: (socket: net.Socket) => void, calls: FakeEngine['calls'] = []): Promise<FakeEngine> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'engine-'));
  const socketPath = path.join(dataDir, 'run', 'control.sock');
  mkdirSync(path.dirname(socketPath));
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    dataDir,
    socketPath,
    calls,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dataDir, { recursive: true });
    },
  };
}
