/** What every command gets: the way out to the person or the program that asked, and the way to the engine. */
import { ok, type Failure, type Result } from '../../shared/result.ts';
import { connectControl, type ControlClient } from '../host/control-client.ts';
import { controlSocketFor, enginePathsFor, type AddressChoice } from '../host/engine-address.ts';
import { exitCodeFor } from './exit-codes.ts';
import { commandName, outputWidth, type CliIo } from './io.ts';
import { failureLine, jsonLine } from './output/json-line.ts';
import { painter, type Painter } from './output/paint.ts';
import { hanging } from './output/table.ts';
import { visible } from './output/visible.ts';

export interface GlobalOptions {
  readonly json?: boolean;
  readonly dataDir?: string;
  readonly instance?: string;
}

export class CliContext {
  readonly io: CliIo;
  readonly paint: Painter;
  readonly width: number;
  readonly json: boolean;
  /** How to type this program here, with the options that reach the same engine. */
  private readonly typed: string;
  private readonly options: GlobalOptions;

  constructor(io: CliIo, options: GlobalOptions) {
    this.io = io;
    this.options = options;
    this.json = options.json === true;
    this.paint = painter(io);
    this.width = outputWidth(io);
    this.typed = commandName(io.env);
  }

  /** A command to type next, for this very engine. */
  hint(command: string): string {
    const { dataDir, instance } = this.options;
    const parts = [this.typed, command];
    if (dataDir !== undefined) parts.push(`--data-dir ${visible(quoted(dataDir))}`);
    if (instance !== undefined) parts.push(`--instance ${instance}`);
    return parts.join(' ');
  }

  print(...lines: readonly string[]): void {
    for (const line of lines) this.io.out(`${line}\n`);
  }

  printJson(value: unknown): void {
    this.io.out(jsonLine(value));
  }

  /** Says what went wrong and returns the exit code for it. With --json the failure is one JSON line, on the error output too. */
  fail(failure: Failure): number {
    if (this.json) {
      this.io.err(failureLine(failure));
    } else {
      for (const line of failure.message.split('\n')) {
        const text = line.trimStart();
        for (const part of hanging(' '.repeat(line.length - text.length), visible(text), this.width)) this.io.err(`${part}\n`);
      }
    }
    return exitCodeFor(failure);
  }

  socketPath(): Result<string> {
    return controlSocketFor(this.address());
  }

  /** Where the engine that is meant keeps its things; whether this account may look there is another matter. */
  dataDir(): Result<string> {
    const paths = enginePathsFor(this.address());
    return paths.ok ? ok(paths.value.dataDir) : paths;
  }

  private address(): AddressChoice {
    const { io, options } = this;
    return { dataDir: options.dataDir, instance: options.instance ?? 'default', uid: io.uid, env: io.env, homeDir: io.homeDir };
  }

  /** Connects, runs, closes. What `use` returns is the exit code; a failed connection is told here. */
  async withEngine(use: (client: ControlClient) => Promise<number>, timeoutMs?: number): Promise<number> {
    const client = await this.connect(timeoutMs);
    if (!client.ok) return this.fail(client.error);
    try {
      return await use(client.value);
    } finally {
      client.value.close();
    }
  }

  async connect(timeoutMs?: number): Promise<Result<ControlClient>> {
    const socketPath = this.socketPath();
    if (!socketPath.ok) return socketPath;
    return connectControl({ socketPath: socketPath.value, uid: this.io.uid, gid: this.io.gid, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  }
}

function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
