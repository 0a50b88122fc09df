/** What the menu of the tray holds in each state. Pure: a template in the form that Electron's Menu takes. */
import type { AppState } from '../../shared/ipc/table.ts';
import { firstReason, STATE_WORDS, TRAY } from './words.ts';

export interface TrayActions {
  readonly open: () => void;
  readonly pause: (untilRestart: boolean) => void;
  readonly resume: () => void;
  readonly rehearse: () => void;
  readonly quit: () => void;
}

export interface TrayParts {
  /** The engine is a child of this program: quitting ends protection. */
  readonly hostsEngine: boolean;
  readonly actions: TrayActions;
}

export interface TrayItem {
  label?: string;
  type?: 'separator';
  enabled?: boolean;
  click?: () => void;
  submenu?: TrayItem[];
}

export function trayMenu(state: AppState, unread: number, { actions, hostsEngine }: TrayParts): TrayItem[] {
  const reason = firstReason(state);
  const enabled = state.connection === 'connected';
  const paused = state.status?.state === 'paused';
  return [
    { label: STATE_WORDS[kindOf(state)], enabled: false },
    ...(reason === null ? [] : [{ label: reason, enabled: false }]),
    { type: 'separator' },
    { label: unread === 0 ? TRAY.open : `${TRAY.open} (${TRAY.unread(unread)})`, click: () => actions.open() },
    paused
      ? { label: TRAY.resume, enabled, click: () => actions.resume() }
      : { label: TRAY.pause, enabled, submenu: [{ label: TRAY.pause15, click: () => actions.pause(false) }, { label: TRAY.pauseBoot, click: () => actions.pause(true) }] },
    { label: TRAY.rehearse, enabled, click: () => actions.rehearse() },
    { type: 'separator' },
    { label: hostsEngine ? TRAY.quitBoth : TRAY.quitUi, click: () => actions.quit() },
  ];
}

export function kindOf(state: AppState): keyof typeof STATE_WORDS {
  if (state.connection !== 'connected') return state.connection === 'connecting' ? 'starting' : 'notConnected';
  return state.status?.state ?? 'starting';
}
