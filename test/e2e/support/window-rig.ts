/** The real program with its window on a screen of its own, its engine limited to a tmpfs of its own. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { connectControl } from '../../../electron/host/control-client.ts';
import type { CallInput, CallName, CallOutput } from '../../../shared/control/calls.ts';
import { PrivateTmpfs } from '../../support/linux/private-tmpfs.ts';
import { VirtualScreen } from '../../support/screen.ts';
import { endApp } from './end-app.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');

export class WindowRig {
  readonly scope: PrivateTmpfs;
  readonly dataDir: string;
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly problems: string[] = [];
  readonly owner: ChildProcess;
  private readonly screen: VirtualScreen;
  private readonly folder: string;

  private constructor(parts: { scope: PrivateTmpfs; folder: string; app: ElectronApplication; page: Page; screen: VirtualScreen }) {
    this.scope = parts.scope;
    this.folder = parts.folder;
    this.dataDir = path.join(parts.folder, 'data');
    this.app = parts.app;
    this.owner = parts.app.process();
    this.page = parts.page;
    this.screen = parts.screen;
    this.page.on('pageerror', (error) => this.problems.push(error.message));
    this.page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text());
    });
  }

  static async start(env: NodeJS.ProcessEnv = {}): Promise<WindowRig> {
    const screen = await VirtualScreen.open();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'holdfast-window-'));
    const scope = new PrivateTmpfs();
    mkdirSync(path.join(folder, 'data'), { mode: 0o700 });
    const app = await _electron.launch({
      executablePath: process.env['HOLDFAST_TEST_ELECTRON'] ?? '',
      args: ['--no-sandbox', '--log-level=3', path.join(root, 'dist/main/main.cjs'), '--', '--scope', scope.path, '--data-dir', path.join(folder, 'data')],
      env: { ...withoutUndefined(process.env), DISPLAY: screen.display, ...withoutUndefined(env) },
    });
    const rig = new WindowRig({ scope, folder, app, page: await app.firstWindow(), screen });
    await rig.page.locator('h2', { hasText: /Watching only|Protected/ }).waitFor();
    return rig;
  }

  go(screen: string): Promise<void> {
    return this.page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${screen}`) }).click();
  }

  async call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const connected = await connectControl({ socketPath: path.join(this.dataDir, 'run', 'control.sock'), uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 });
    if (!connected.ok) throw new Error(connected.error.message);
    const answer = await connected.value.call(name, input);
    connected.value.close();
    if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`);
    return answer.value;
  }

  /** Processes of Chromium that draw pages, among those of this program. */
  renderers(): number {
    const family = new Set([this.app.process().pid ?? -1]);
    const rows = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).sort((a, b) => a - b);
    for (let round = 0; round < 4; round += 1) for (const pid of rows) if (family.has(parentOf(pid))) family.add(pid);
    return [...family].filter((pid) => read(`/proc/${pid}/cmdline`).includes('--type=renderer')).length;
  }

  async end(): Promise<void> {
    await endApp(this.app, this.owner);
    await this.screen.close();
    this.scope.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function withoutUndefined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function parentOf(pid: number): number {
  return Number(read(`/proc/${pid}/stat`).replace(/^.*\) /, '').split(' ')[1] ?? -1);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
