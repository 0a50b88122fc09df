/** The desktop half, put together: watcher, tray, notices, window, its calls. Made only where there is a display. */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { app, BrowserWindow, dialog, nativeTheme, shell } from 'electron';
import type { AppInfo, WindowSettings } from '../../shared/ipc/table.ts';
import { ok, type Result } from '../../shared/result.ts';
import { controlSocketFor } from '../host/engine-address.ts';
import type { HostOptions } from '../host/options.ts';
import { VERSION } from '../host/version.ts';
import { EngineWatcher } from './engine-watcher.ts';
import { registerIpc } from './ipc.ts';
import type { AppHandlers } from './ipc-calls.ts';
import { linkOf } from './links.ts';
import { linuxNotifier, toastNotifier, type Notifier } from './notices/notifier.ts';
import { Teller } from './notices/teller.ts';
import { startRehearsal } from './rehearsal-child.ts';
import { RehearsalRunner } from './rehearsal-runner.ts';
import { StateTray } from './tray.ts';
import { MainWindow } from './window/main-window.ts';
import { harden } from './window/security.ts';
import { WindowSettingsStore } from './window-settings.ts';
import { APP, TRAY } from './words.ts';

export interface DesktopOptions {
  readonly host: HostOptions;
  readonly role: 'both' | 'ui';
  readonly uid: number;
  /** The folder of the built program. */
  readonly distDir: string;
  readonly sandbox: AppInfo['sandbox'];
  readonly print: (line: string) => void;
  readonly quit: () => void;
}

export class Desktop {
  private readonly options: DesktopOptions;
  private readonly settings: WindowSettingsStore;
  private readonly window: MainWindow;
  private readonly watcher: EngineWatcher;
  private readonly notifier: Notifier;
  private readonly teller: Teller;
  private readonly rehearsal: RehearsalRunner;
  private tray: StateTray | null = null;
  private unread = 0;

  constructor(options: DesktopOptions) {
    this.options = options;
    const { distDir, host, uid, print } = options;
    const picture = path.join(host.resourcesDir, 'icons', 'holdfast-256.png');
    const folder = path.join(app.getPath('userData'), 'settings');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.settings = new WindowSettingsStore(folder, Date.now());
    if (this.settings.problem !== null) print(this.settings.problem);
    harden(path.join(distDir, 'renderer'));
    this.window = new MainWindow({ preload: path.join(distDir, 'preload', 'preload.cjs'), icon: picture, devTools: !app.isPackaged }, () => this.onOpened());
    const address = { dataDir: host.dataDir, instance: host.instance, uid, env: process.env, homeDir: os.homedir() };
    this.watcher = new EngineWatcher({
      // In `both` the engine is our own child, wherever another one may run.
      socketPath: () => (options.role === 'both' ? ok(host.paths.controlSocket) : controlSocketFor(address)),
      uid,
      gid: process.getgid?.() ?? 0,
      onState: (state) => {
        this.showTray();
        this.window.send('appState', state);
      },
      onHistory: (newestId) => void this.onHistory(newestId),
      onNotices: (notices) => void this.teller.tell(notices),
    });
    this.notifier = process.platform === 'linux' ? linuxNotifier(picture) : toastNotifier(picture);
    this.teller = new Teller({
      notifier: this.notifier,
      settings: () => this.settings.window.notices,
      nowMs: Date.now,
      done: (historyIds, { outcome, detail }) => this.watcher.call('noticeDone', { historyIds: [...historyIds], outcome, detail }),
      open: (historyId) => this.window.open({ screen: 'history', historyId }),
    });
    const cliDir = path.join(distDir, 'cli');
    this.rehearsal = new RehearsalRunner({ start: () => startRehearsal(cliDir, this.reach()), list: () => startRehearsal(cliDir, ['--list']) }, (state) => this.window.send('rehearsal', state));
    this.useTheme();
  }

  start(openWindow: boolean): void {
    registerIpc({
      isSender: (event) => this.window.isSender(event),
      engine: (name, input, ask) => this.watcher.call(name, input as never, ask),
      app: this.handlers(),
      log: this.options.print,
    });
    this.makeTray();
    void this.watcher.run();
    if (openWindow) this.window.open();
  }

  open(): void {
    this.window.open();
  }

  close(): void {
    this.watcher.close();
    this.notifier.close();
    this.tray?.close();
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
  }

  private makeTray(): void {
    try {
      this.tray = new StateTray({
        iconsDir: path.join(this.options.host.resourcesDir, 'icons'),
        hostsEngine: this.options.role === 'both',
        actions: {
          open: () => this.window.open(),
          pause: (untilRestart) => void this.watcher.call('pause', untilRestart ? { untilRestart, reason: TRAY.pauseReason } : { minutes: 15, reason: TRAY.pauseReason }, true),
          resume: () => void this.watcher.call('resume', {}, true),
          rehearse: () => {
            this.rehearsal.begin();
            this.window.open({ screen: 'diagnostics', historyId: null });
          },
          quit: this.options.quit,
        },
      });
      this.showTray();
    } catch {
      this.options.print(APP.noTray);
    }
  }

  private showTray(): void {
    this.tray?.show(this.watcher.state, this.unread);
  }

  private async onHistory(newestId: string | null): Promise<void> {
    this.window.send('historyChanged', { newestId });
    await this.countUnread(newestId);
  }

  /** On the very first day everything counts as seen: it was there before anybody could look. */
  private async countUnread(newestId: string | null): Promise<void> {
    if (this.settings.seenThrough === null && newestId !== null) this.settings.setSeen(newestId);
    const counted = await this.watcher.call('historyNewer', { than: this.settings.seenThrough });
    if (!counted.ok) return;
    this.unread = counted.value.count;
    this.showTray();
    this.window.send('inbox', { unread: this.unread });
  }

  private onOpened(): void {
    this.showTray();
  }

  private handlers(): AppHandlers {
    return {
      appInfo: () => ok(this.info()),
      appState: () => {
        const place = this.window.takePlace();
        // The page listens from now on; where it was asked to go comes right after this answer.
        if (place !== null) setImmediate(() => this.window.send('navigate', place));
        return ok(this.watcher.state);
      },
      windowSettings: () => ok(this.windowSettings()),
      windowSettingsSet: (wanted) => {
        this.settings.change(Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)));
        this.useTheme();
        this.window.send('windowSettings', this.windowSettings());
        return ok(this.windowSettings());
      },
      inbox: () => ok({ unread: this.unread }),
      inboxSeen: async ({ throughId }) => {
        this.settings.setSeen(throughId);
        await this.countUnread(throughId);
        return ok({ unread: this.unread });
      },
      rehearsalStart: () => this.rehearsal.begin(),
      rehearsalCancel: () => ok(this.rehearsal.cancel()),
      rehearsalState: () => ok(this.rehearsal.state),
      supportBundleSave: () => this.saveBundle(),
      openLink: async (link) => {
        await shell.openExternal(linkOf(link));
        return ok({ opened: true });
      },
    };
  }

  private windowSettings(): { settings: WindowSettings; problem: string | null } {
    return { settings: this.settings.window, problem: this.settings.problem };
  }

  private async saveBundle(): Promise<Result<{ savedTo: string | null }>> {
    const bundle = await this.watcher.call('supportBundle', {});
    if (!bundle.ok) return bundle;
    const chosen = await dialog.showSaveDialog({ title: APP.bundleTitle, defaultPath: path.join(app.getPath('home'), APP.bundleName) });
    if (chosen.canceled || chosen.filePath === '') return ok({ savedTo: null });
    writeFileSync(chosen.filePath, JSON.stringify(Object.fromEntries(bundle.value.files.map(({ name, text }) => [name, JSON.parse(text) as unknown])), null, 2), { mode: 0o600 });
    return ok({ savedTo: chosen.filePath });
  }

  private useTheme(): void {
    const { theme } = this.settings.window;
    nativeTheme.themeSource = theme === 'highContrast' ? 'dark' : theme;
  }

  /** The options that lead the command line to the same engine. */
  private reach(): string[] {
    const { dataDir, instance } = this.options.host;
    return [...(dataDir === undefined ? [] : ['--data-dir', dataDir]), ...(instance === 'default' ? [] : ['--instance', instance])];
  }

  private info(): AppInfo {
    const { role, host, sandbox } = this.options;
    const { electron = '', chrome = '', node } = process.versions as Record<string, string>;
    const platform = process.platform === 'linux' || process.platform === 'win32' ? process.platform : 'other';
    return { version: VERSION, role, instance: host.instance, platform, user: os.userInfo().username, runtime: { electron, chrome, node: node ?? '' }, sandbox };
  }
}

