/** A whole Holdfast with its window on a screen that exists only in memory; its engine is limited to a tmpfs of its own. */
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { Electron, ElectronApplication, Page } from 'playwright-core';
import { connectControl, type ControlClient } from '../electron/host/control-client.ts';
import { VirtualScreen } from '../test/support/screen.ts';
import type { BenchContext } from './bench-context.ts';
import { temporaryFolder, temporaryTmpfs } from './left-behind.ts';

const UP_WITHIN_MS = 30_000;
const END_WITHIN_MS = 10_000;

export class MeasuredWindow {
  readonly app: ElectronApplication;
  readonly dataDir: string;
  private readonly screen: VirtualScreen;
  private readonly undo: readonly (() => void)[];

  private constructor(app: ElectronApplication, dataDir: string, screen: VirtualScreen, undo: readonly (() => void)[]) {
    this.app = app;
    this.dataDir = dataDir;
    this.screen = screen;
    this.undo = undo;
  }

  /** `prepare` may fill the data folder before anything runs. Resolves when the window shows the state of the device. */
  static async start({ root }: BenchContext, electron: string, prepare: (dataDir: string) => void): Promise<MeasuredWindow> {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), 'holdfast-bench-window-'));
    const { folder, remove } = temporaryTmpfs();
    const undo = [remove, temporaryFolder(dataDir)];
    const screen = await VirtualScreen.open();
    try {
      prepare(dataDir);
      // Of the working copy, and not bundled: it starts programs of its own by their place.
      const { _electron } = createRequire(path.join(root, 'package.json'))('playwright-core') as { readonly _electron: Electron };
      const env = Object.fromEntries(Object.entries({ ...process.env, DISPLAY: screen.display }).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
      const app = await _electron.launch({ executablePath: electron, args: ['--no-sandbox', '--log-level=3', path.join(root, 'dist/main/main.cjs'), '--', '--scope', folder.path, '--data-dir', dataDir], env });
      const window = new MeasuredWindow(app, dataDir, screen, undo);
      await stateShown(await app.firstWindow());
      return window;
    } catch (error) {
      await screen.close();
      for (const one of undo) one();
      throw error;
    }
  }

  async page(): Promise<Page> {
    return this.app.windows()[0] ?? this.app.firstWindow();
  }

  async control(): Promise<ControlClient> {
    const connected = await connectControl({ socketPath: path.join(this.dataDir, 'run', 'control.sock'), uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 });
    if (!connected.ok) throw new Error(connected.error.message);
    return connected.value;
  }

  async closeWindow(): Promise<void> {
    const closed = (await this.page()).waitForEvent('close');
    await this.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await closed;
  }

  async remove(): Promise<void> {
    const owner = this.app.process();
    const gone = new Promise((resolve) => owner.once('exit', resolve));
    await this.app.evaluate(({ app }) => app.quit()).catch(() => undefined);
    const killer = setTimeout(() => owner.kill('SIGKILL'), END_WITHIN_MS);
    if (owner.exitCode === null && owner.signalCode === null) await gone;
    clearTimeout(killer);
    await this.screen.close();
    for (const undo of this.undo) undo();
  }
}

/** The heading of the state, once the engine has answered. */
export function stateShown(page: Page): Promise<void> {
  return page.locator('h2', { hasText: /^(Watching only|Protected|Partly protected)$/ }).waitFor({ timeout: UP_WITHIN_MS });
}
