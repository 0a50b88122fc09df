/** The icon in the tray: the state at a glance, why, and what a person does without opening the window. */
import path from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';
import type { AppState } from '../../shared/ipc/table.ts';
import { kindOf, trayMenu, type TrayParts } from './tray-menu.ts';
import { firstReason, STATE_WORDS, TRAY } from './words.ts';

export interface TrayOptions extends TrayParts {
  readonly iconsDir: string;
}

export class StateTray {
  private readonly options: TrayOptions;
  private readonly tray: Tray;
  private shown = '';

  /** Throws where the desktop has no place for it. */
  constructor(options: TrayOptions) {
    this.options = options;
    this.tray = new Tray(this.icon('starting'));
    this.tray.on('click', () => options.actions.open());
  }

  show(state: AppState, unread: number): void {
    const look = `${JSON.stringify([kindOf(state), firstReason(state), state.status?.pause ?? null])}${unread}`;
    if (look === this.shown) return;
    this.shown = look;
    const kind = kindOf(state);
    this.tray.setImage(this.icon(kind));
    this.tray.setToolTip(TRAY.tooltip(STATE_WORDS[kind], firstReason(state), unread === 0 ? null : TRAY.unread(unread)));
    this.tray.setContextMenu(Menu.buildFromTemplate(trayMenu(state, unread, this.options)));
  }

  close(): void {
    this.tray.destroy();
  }

  private icon(kind: keyof typeof STATE_WORDS): Electron.NativeImage {
    return nativeImage.createFromPath(path.join(this.options.iconsDir, `tray-${kind}.png`));
  }
}
