/** A whole Holdfast as a person runs it without a display, with preset strict, limited to a tmpfs of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { connectControl } from '../electron/host/control-client.ts';
import { hostPaths } from '../electron/host/paths.ts';
import type { CallInput, CallName, CallOutput } from '../shared/control/calls.ts';
import type { Status } from '../shared/status/status.ts';
import type { PrivateTmpfs } from '../test/support/linux/private-tmpfs.ts';
import type { BenchContext } from './bench-context.ts';
import { temporaryFolder, temporaryTmpfs } from './left-behind.ts';
import { cpuSeconds, familyOf, sleep } from './processes.ts';

const UP_WITHIN_MS = 20_000;
const END_WITHIN_MS = 8_000;
/** Chromium's part of the command line where no window is ever opened; the same for what it is compared with. */
export const HEADLESS = ['--log-level=3', '--ozone-platform=headless', '--no-sandbox', '--no-zygote'];

export class MeasuredHoldfast {
  readonly scope: PrivateTmpfs;
  readonly owner: ChildProcess;
  private readonly dataDir = mkdtempSync(path.join(os.tmpdir(), 'holdfast-bench-data-'));
  private readonly undo: (() => void)[];
  private output = '';

  private constructor(context: BenchContext, parent?: string) {
    const { folder, remove } = temporaryTmpfs(parent);
    this.scope = folder;
    this.undo = [remove, temporaryFolder(this.dataDir)];
    // Owned: it ends with this process, however that ends.
    const own = ['--owned', '--scope', folder.path, '--data-dir', this.dataDir];
    const { electron, root } = context;
    const [command, args] =
      electron === null
        ? [process.execPath, [path.join(root, 'dist/host/node-main.js'), ...own]]
        : [electron, [...HEADLESS, path.join(root, 'dist/main/main.cjs'), '--', ...own]];
    this.owner = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    for (const stream of [this.owner.stdout, this.owner.stderr]) stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  /** Resolves when strict is in force on the scope. `parent`: see `temporaryTmpfs`. */
  static async start(context: BenchContext, parent?: string): Promise<MeasuredHoldfast> {
    const holdfast = new MeasuredHoldfast(context, parent);
    try {
      await holdfast.until(({ state, sentinel }) => state !== 'starting' && sentinel.pid !== null);
      await holdfast.call('rulesPreset', { preset: 'strict' });
      await holdfast.until(({ coverage }) => coverage.some(({ mount, prevent }) => prevent && mount === holdfast.scope.path));
      return holdfast;
    } catch (error) {
      await holdfast.remove();
      throw error;
    }
  }

  async call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const uid = process.getuid?.() ?? 0;
    const paths = hostPaths({ privileged: true, dataDir: this.dataDir, instance: 'default', env: {}, homeDir: os.homedir(), uid });
    const connected = await connectControl({ socketPath: paths.controlSocket, uid, gid: process.getgid?.() ?? 0 });
    if (!connected.ok) throw new Error(`${connected.error.message}\n${this.output}`);
    try {
      const answer = await connected.value.call(name, input);
      if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`);
      return answer.value;
    } finally {
      connected.value.close();
    }
  }

  status(): Promise<Status> {
    return this.call('status', {});
  }

  async until(wanted: (status: Status) => boolean, withinMs = UP_WITHIN_MS): Promise<Status> {
    const deadline = performance.now() + withinMs;
    let last = 'nothing';
    while (performance.now() < deadline) {
      try {
        const status = await this.status();
        if (wanted(status)) return status;
        last = JSON.stringify(status);
      } catch (error) {
        last = String(error);
      }
      await sleep(50);
    }
    throw new Error(`Holdfast was not as wanted within ${withinMs} ms: ${last}\n${this.output}`);
  }

  /** Our own processes: owner, engine, sentinel, and what Chromium adds. */
  get family(): number[] {
    return familyOf(this.owner.pid ?? -1);
  }

  cpuSeconds(): number {
    return cpuSeconds(this.family);
  }

  async remove(): Promise<void> {
    await endProcess(this.owner);
    for (const undo of this.undo) undo();
  }
}

export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
  await gone;
  clearTimeout(killer);
}

export async function withHoldfast<T>(context: BenchContext, measure: (holdfast: MeasuredHoldfast) => Promise<T>, parent?: string): Promise<T> {
  const holdfast = await MeasuredHoldfast.start(context, parent);
  try {
    return await measure(holdfast);
  } finally {
    await holdfast.remove();
  }
}

/** A file system that nobody asks about, for the other side of each comparison. */
export async function withPlainTmpfs<T>(measure: (plain: PrivateTmpfs) => Promise<T>, parent?: string): Promise<T> {
  const { folder, remove } = temporaryTmpfs(parent);
  try {
    return await measure(folder);
  } finally {
    remove();
  }
}
