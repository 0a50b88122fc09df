/** A Holdfast started the way a person does, with a data folder and a scope of its own, and all of it ended afterwards. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { statusSchema, type Status } from '../../shared/status/status.ts';

const root = path.join(import.meta.dirname, '..', '..');

export interface StartOptions {
  readonly dataDir: string;
  readonly scope: string;
  readonly env?: NodeJS.ProcessEnv;
}

export class RunningHoldfast {
  readonly launcher: ChildProcess;
  private readonly options: StartOptions;
  private text = '';

  constructor(options: StartOptions) {
    this.options = options;
    const env = { ...process.env, ...options.env };
    delete env['DISPLAY'];
    delete env['WAYLAND_DISPLAY'];
    const args = ['scripts/start.mjs', '--data-dir', options.dataDir, '--scope', options.scope];
    this.launcher = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: Buffer): void => {
      this.text += chunk.toString('utf8');
    };
    this.launcher.stdout?.on('data', keep);
    this.launcher.stderr?.on('data', keep);
  }

  get output(): string {
    return this.text;
  }

  async says(pattern: RegExp, timeoutMs = 20_000): Promise<void> {
    await until(() => pattern.test(this.text), timeoutMs, () => `no line matched ${String(pattern)} in:\n${this.text}`);
  }

  command(...args: readonly string[]): { code: number | null; stdout: string; stderr: string } {
    const all = ['scripts/holdfast.mjs', ...args, '--data-dir', this.options.dataDir];
    const run = spawnSync(process.execPath, all, { cwd: root, encoding: 'utf8', timeout: 20_000 });
    return { code: run.status, stdout: run.stdout, stderr: run.stderr };
  }

  status(): Status {
    const answer = this.command('status', '--json');
    if (answer.stdout === '') throw new Error(`status gave no answer: ${answer.stderr}`);
    return statusSchema.parse(JSON.parse(answer.stdout));
  }

  mainPid(): number | null {
    return childrenOf(this.launcher.pid ?? -1)[0] ?? null;
  }

  async exited(timeoutMs = 15_000): Promise<number | null> {
    await until(() => this.launcher.exitCode !== null || this.launcher.signalCode !== null, timeoutMs, () => `it did not end:\n${this.text}`);
    return this.launcher.exitCode;
  }

  /** Whatever a test left: first the polite way, then the other. */
  async end(): Promise<void> {
    if (this.launcher.exitCode !== null || this.launcher.signalCode !== null) return;
    this.launcher.kill('SIGTERM');
    await this.exited().catch(() => {
      const main = this.mainPid();
      if (main !== null) process.kill(-main, 'SIGKILL');
      this.launcher.kill('SIGKILL');
    });
  }
}

export async function until(condition: () => boolean, timeoutMs: number, complaint: () => string): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(complaint());
    await delay(20);
  }
}

export interface ProcessRow {
  readonly pid: number;
  readonly session: number;
  readonly commandLine: string;
}

/** Living processes of a session; one that ended and was not collected is not living. */
export function sessionOf(leader: number): ProcessRow[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const row = readRow(Number(name));
      return row?.session === leader ? [row] : [];
    });
}

function readRow(pid: number): ProcessRow | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /, '').split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return { pid, session: Number(fields[3]), commandLine: readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ') };
  } catch {
    return null;
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
