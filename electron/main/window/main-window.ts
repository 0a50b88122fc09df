/** The one window. It is made when somebody wants to see it and destroyed when they close it: while it is closed there is no renderer. */
import path from 'node:path';
import { BrowserWindow, nativeTheme } from 'electron';
import { eventChannel, type EventName } from '../../../shared/ipc/names.ts';
import type { EventPayload } from '../../../shared/ipc/table.ts';
import { APP_ORIGIN } from './page-files.ts';

const SIZE = { width: 1180, height: 780, minWidth: 760, minHeight: 520 };
const BACKGROUND = { light: '#f5f5f5', dark: '#1c1c1c' };

export interface WindowOptions {
  readonly preload: string;
  readonly icon: string;
  readonly devTools: boolean;
}

export type Page = EventPayload<'navigate'>;

export class MainWindow {
  private readonly options: WindowOptions;
  private window: BrowserWindow | null = null;
  private waitingFor: Page | null = null;
  private bounds: Electron.Rectangle | null = null;
  private readonly onOpened: () => void;

  constructor(options: WindowOptions, onOpened: () => void) {
    this.options = options;
    this.onOpened = onOpened;
  }

  get isOpen(): boolean {
    return this.window !== null;
  }

  /** Whether a message comes from the page of this window and not from a frame in it. */
  isSender(event: Electron.IpcMainInvokeEvent): boolean {
    const { window } = this;
    if (event.sender !== window?.webContents) return false;
    const frame = event.senderFrame;
    return frame !== null && frame === window.webContents.mainFrame && frame.url.startsWith(`${APP_ORIGIN}/`);
  }

  /** Shows it, at this place when one is given. */
  open(page: Page | null = null): void {
    const { window } = this;
    if (window === null) {
      this.waitingFor = page;
      this.make();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    if (page !== null) this.send('navigate', page);
  }

  /** The place that was asked for before the page could listen; once. */
  takePlace(): Page | null {
    const place = this.waitingFor;
    this.waitingFor = null;
    return place;
  }

  send<N extends EventName>(name: N, payload: EventPayload<N>): void {
    this.window?.webContents.send(eventChannel(name), payload);
  }

  private make(): void {
    const { preload, icon, devTools } = this.options;
    const window = new BrowserWindow({
      ...SIZE,
      ...(this.bounds ?? {}),
      show: false,
      title: 'Holdfast',
      icon,
      autoHideMenuBar: true,
      backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
      webPreferences: {
        preload: path.resolve(preload),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webviewTag: false,
        webSecurity: true,
        spellcheck: false,
        devTools,
      },
    });
    window.removeMenu();
    window.once('ready-to-show', () => window.show());
    window.on('close', () => (this.bounds = window.getNormalBounds()));
    window.on('closed', () => (this.window = null));
    window.webContents.on('render-process-gone', () => window.destroy());
    this.window = window;
    void window.loadURL(`${APP_ORIGIN}/index.html`).catch(() => undefined);
    this.onOpened();
  }
}
