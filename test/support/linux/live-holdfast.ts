/**
 * A whole Holdfast for a test: owner, engine and sentinel as real processes, limited to a tmpfs of the test's own. Built
 * code is run, as a person would.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { connectControl, type ControlClient } from '../../../electron/host/control-client.ts';
import { hostPaths, type HostPaths } from '../../../electron/host/paths.ts';
import type { CallInput, CallName, CallOutput } from '../../../shared/control/calls.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { Status } from '../../../shared/status/status.ts';
import { PrivateTmpfs } from './private-tmpfs.ts';

const root = path.join(import.meta.dirname, '../../..');
const UP_WITHIN_MS = 15_000;

export interface LiveOptions {
  /** Modules loaded into owner and children before anything else (fault injection). */
  readonly imports?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Keep an earlier one's folders: for restarts. */
  readonly after?: LiveHoldfast;
  /** A folder of the test's own, made and removed by it. */
  readonly dataDir?: string;
  /** False: in the session of the test, as a job of a terminal would be. */
  readonly detached?: boolean;
}

export class LiveHoldfast {
  readonly scope: PrivateTmpfs;
  readonly dataDir: string;
  readonly paths: HostPaths;
  readonly owner: ChildProcess;
  output = '';

  private constructor(options: LiveOptions) {
    this.scope = options.after?.scope ?? new PrivateTmpfs();
    this.dataDir = options.after?.dataDir ?? options.dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-data-'));
    this.paths = hostPaths({ privileged: true, dataDir: this.dataDir, instance: 'default', env: {}, homeDir: os.homedir(), uid: process.getuid?.() ?? 0 });
    const imports = (options.imports ?? []).map((file) => `--import=${file}`);
    const args = [path.join(root, 'dist/host/node-main.js'), '--scope', this.scope.path, '--data-dir', this.dataDir];
    this.owner = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: options.detached ?? true,
      env: { ...process.env, ...(imports.length > 0 ? { NODE_OPTIONS: imports.join(' ') } : {}), ...options.env },
    });
    for (const stream of [this.owner.stdout, this.owner.stderr]) stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  /** Resolves when the state is no longer "starting" and the sentinel is connected. */
  static async start(options: LiveOptions = {}): Promise<LiveHoldfast> {
    const live = new LiveHoldfast(options);
    try {
      await live.until((status) => status.state !== 'starting' && status.sentinel.pid !== null);
    } catch (error) {
      // Nobody else knows of it: left alone it would load the machine of every test behind it.
      await (options.after === undefined ? live.remove() : live.end());
      throw error;
    }
    return live;
  }

  async client(timeoutMs?: number): Promise<ControlClient> {
    const connected = await connectControl({ socketPath: this.paths.controlSocket, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    if (!connected.ok) throw new Error(`${connected.error.message}\n${this.output}`);
    return connected.value;
  }

  async call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const client = await this.client();
    try {
      const answer = await client.call(name, input);
      if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`);
      return answer.value;
    } finally {
      client.close();
    }
  }

  status(): Promise<Status> {
    return this.call('status', {});
  }

  /** Asks until the status is as wanted; fails with what it last was. */
  async until(wanted: (status: Status) => boolean, withinMs = UP_WITHIN_MS): Promise<Status> {
    const deadline = performance.now() + withinMs;
    let last: unknown = null;
    while (performance.now() < deadline) {
      try {
        const status = await this.status();
        if (wanted(status)) return status;
        last = status;
      } catch (error) {
        last = error;
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`not reached within ${withinMs} ms: ${last instanceof Error ? last.message : JSON.stringify(last)}\n${this.output}`);
  }

  /** All history, newest first. */
  async history(filter: Partial<CallInput<'history'>> = {}): Promise<HistoryEntry[]> {
    return (await this.call('history', { limit: 10_000, ...filter })).entries;
  }

  /** History once it holds what is wanted. */
  async historyWith(wanted: (entries: readonly HistoryEntry[]) => boolean, withinMs = 4_000): Promise<HistoryEntry[]> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const entries = await this.history();
      if (wanted(entries) || performance.now() > deadline) return entries;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** Ends all processes and waits until they are gone. Folders stay for a successor. */
  async end(): Promise<void> {
    if (this.owner.exitCode !== null || this.owner.signalCode !== null) return;
    const gone = new Promise((resolve) => this.owner.once('exit', resolve));
    this.owner.kill('SIGTERM');
    const killer = setTimeout(() => this.owner.kill('SIGKILL'), 8_000);
    await gone;
    clearTimeout(killer);
  }

  async remove(): Promise<void> {
    await this.end();
    this.scope.remove();
    fs.rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Starts a program and tells how it went: its exit code, or the error of the start itself. */
export function run(file: string, args: readonly string[] = [], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<number | string> {
  return new Promise((resolve) => {
    try {
      const child = spawn(file, [...args], { stdio: 'ignore', ...options });
      child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    } catch (error) {
      // Node throws a refused start synchronously for some errors.
      resolve((error as NodeJS.ErrnoException).code ?? String(error));
    }
  });
}
