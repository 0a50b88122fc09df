/**
 * Talks to a running engine over its local socket, by the one table of calls. The same client serves the command line, a
 * rehearsal and later the window. Whatever the other end does (nothing, garbage, too much), the caller gets a named
 * failure in bounded time.
 */
import net from 'node:net';
import { z } from 'zod';
import { CALLS, type CallInput, type CallName, type CallOutput } from '../../shared/control/calls.ts';
import { fail, ok, type Failure, type Result } from '../../shared/result.ts';
import { checkSocketTrust, engineNotRunning } from './control-client-trust.ts';
import { LineReader, toLine } from './link/json-lines.ts';

/** Why there is no answer, as opposed to an answer that says no. */
export const NO_ENGINE_CODES = [
  'engine-not-running',
  'socket-permission-denied',
  'socket-not-trusted',
  'bad-socket-path',
  'no-answer',
  'connection-lost',
  'bad-answer',
  'version-mismatch',
] as const;
export type NoEngineCode = (typeof NO_ENGINE_CODES)[number];

export function isNoEngine(failure: Failure): boolean {
  return (NO_ENGINE_CODES as readonly string[]).includes(failure.code);
}

export interface ControlClient {
  /** `ask`: the person agrees to be asked by the system for the right; the answer then takes as long as they take. */
  call<N extends CallName>(name: N, input: CallInput<N>, options?: { readonly ask?: boolean }): Promise<Result<CallOutput<N>>>;
  close(): void;
}

export interface ControlClientOptions {
  readonly socketPath: string;
  readonly uid: number;
  readonly gid: number;
  /** For connecting and for each call. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_LINE_BYTES = 8 * 1024 * 1024;
const CONNECTION_ANSWER_ID = 0;
const LONGEST_WATCH_MS = 30_000;
const PERSON_MS = 125_000;

const answerSchema = z.discriminatedUnion('ok', [
  z.object({ id: z.number().int(), ok: z.literal(true), output: z.unknown() }),
  z.object({ id: z.number().int(), ok: z.literal(false), error: z.object({ code: z.string(), message: z.string() }) }),
]);
type Answer = z.infer<typeof answerSchema>;

export async function connectControl(options: ControlClientOptions): Promise<Result<ControlClient>> {
  const trusted = checkSocketTrust(options.socketPath, { uid: options.uid, gid: options.gid });
  if (!trusted.ok) return trusted;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const socket = await openSocket(options.socketPath, timeoutMs);
  return socket.ok ? ok(new SocketClient(socket.value, timeoutMs)) : socket;
}

function openSocket(socketPath: string, timeoutMs: number): Promise<Result<net.Socket>> {
  return new Promise((resolve) => {
    const socket = net.createConnection(socketPath);
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(noAnswer(timeoutMs));
    }, timeoutMs);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(connectFailure(error, socketPath));
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(ok(socket));
    });
  });
}

function connectFailure(error: NodeJS.ErrnoException, socketPath: string): Result<never> {
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return fail('socket-permission-denied', `This account may not talk to the engine at ${socketPath}. Try again as root (sudo) or as the account that started it.`);
  }
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') return engineNotRunning(socketPath);
  return fail('bad-socket-path', `${socketPath} can not be reached: ${error.message}.`);
}

function noAnswer(timeoutMs: number): Result<never> {
  return fail('no-answer', `The engine did not answer within ${timeoutMs / 1000} s. It may be busy or stopped; try again, and see \`holdfast doctor\`.`);
}

interface Waiting {
  readonly settle: (answer: Result<Answer>) => void;
  readonly timer: NodeJS.Timeout;
}

class SocketClient implements ControlClient {
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();
  private ended: Result<never> | null = null;
  private readonly socket: net.Socket;
  private readonly timeoutMs: number;

  constructor(socket: net.Socket, timeoutMs: number) {
    this.socket = socket;
    this.timeoutMs = timeoutMs;
    const reader = new LineReader(
      MAX_LINE_BYTES,
      (line) => {
        this.onLine(line);
      },
      () => {
        this.end(fail('bad-answer', `The engine sent an answer of more than ${MAX_LINE_BYTES / 1024 / 1024} MiB. Ask for less, for example with --limit.`));
      },
    );
    socket.on('data', (chunk) => {
      if (this.ended === null) reader.push(chunk);
    });
    socket.on('error', () => {
      this.end(lost());
    });
    socket.on('close', () => {
      this.end(lost());
    });
  }

  async call<N extends CallName>(name: N, input: CallInput<N>, { ask = false }: { readonly ask?: boolean } = {}): Promise<Result<CallOutput<N>>> {
    if (this.ended !== null) return this.ended;
    // Checked here too, so that a mistake is named before anything is sent; the engine fills defaults in itself.
    const checked = CALLS[name].input.safeParse(input);
    if (!checked.success) return fail('bad-input', `${name}: ${firstIssue(checked.error)}.`);
    const answer = await this.ask(name, input, ask);
    if (!answer.ok) return answer;
    if (!answer.value.ok) return answer.value.error.code === 'unknown-call' ? versionMismatch(`it does not know the call ${name}`) : { ok: false, error: answer.value.error };
    const output = CALLS[name].output.safeParse(answer.value.output);
    return output.success ? ok(output.data as CallOutput<N>) : versionMismatch(`its answer to ${name} has another form (${firstIssue(output.error)})`);
  }

  close(): void {
    this.end(lost());
  }

  private ask(call: string, input: unknown, person: boolean): Promise<Result<Answer>> {
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((settle) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        settle(noAnswer(this.timeoutMs));
      }, this.timeoutMs + extraMs(call, input, person));
      this.waiting.set(id, { settle, timer });
      this.socket.write(toLine(person ? { id, call, input, ask: true } : { id, call, input }));
    });
  }

  private onLine(line: string): void {
    const answer = parseAnswer(line);
    if (answer === null) {
      this.end(fail('bad-answer', 'What answers at the engine\'s socket does not speak its language. See `holdfast doctor`.'));
      return;
    }
    // Not to one call but to all of this connection: too many of them, or a request the engine could not read.
    if (answer.id === CONNECTION_ANSWER_ID && !answer.ok) {
      this.end({ ok: false, error: answer.error });
      return;
    }
    const waiting = this.waiting.get(answer.id);
    // An answer that came after its deadline has nobody waiting any more.
    if (waiting === undefined) return;
    this.waiting.delete(answer.id);
    clearTimeout(waiting.timer);
    waiting.settle(ok(answer));
  }

  /** The first reason stays: what follows it is only its consequence. */
  private end(reason: Result<never>): void {
    if (this.ended !== null) return;
    this.ended = reason;
    for (const { settle, timer } of this.waiting.values()) {
      clearTimeout(timer);
      settle(reason);
    }
    this.waiting.clear();
    this.socket.destroy();
  }
}

/** Some answers take long by nature: a person is asked, or a change is waited for. */
function extraMs(call: string, input: unknown, person: boolean): number {
  const waitMs = call === 'watch' ? ((input as { waitMs?: number }).waitMs ?? LONGEST_WATCH_MS) : 0;
  return waitMs + (person ? PERSON_MS : 0);
}

function parseAnswer(line: string): Answer | null {
  try {
    const parsed = answerSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function lost(): Result<never> {
  return fail('connection-lost', 'The engine closed the connection before it answered. It may have been stopped or restarted; try again.');
}

function versionMismatch(detail: string): Result<never> {
  return fail('version-mismatch', `The running engine is of another version than this command: ${detail}. Restart the engine so that both are of one version.`);
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'not as expected';
  const where = issue.path.map(String).join('.');
  return where === '' ? issue.message : `${where}: ${issue.message}`;
}
