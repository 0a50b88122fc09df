import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { kindOf, trayMenu, type TrayItem } from '../../../electron/main/tray-menu.ts';
import { STATE_WORDS } from '../../../electron/main/words.ts';
import type { AppState } from '../../../shared/ipc/table.ts';
import { stateSchema, type ProtectionState } from '../../../shared/status/status.ts';
import { statusOf } from '../../ui/gallery/data/device.ts';

const icons = path.join(import.meta.dirname, '..', '..', '..', 'resources', 'icons');
const CONNECTING: AppState = { connection: 'connecting', reason: null, status: null, me: null };
const of = (state: ProtectionState, reason?: string): AppState => ({ connection: 'connected', reason: null, status: statusOf(state, 0, reason === undefined ? {} : { reasons: [{ code: 'x', message: reason }] }), me: null });

function rig(hostsEngine = true) {
  const done: string[] = [];
  const actions = { open: () => done.push('open'), pause: (untilRestart: boolean) => done.push(`pause ${untilRestart}`), resume: () => done.push('resume'), rehearse: () => done.push('rehearse'), quit: () => done.push('quit') };
  const menu = (state: AppState, unread = 0): TrayItem[] => trayMenu(state, unread, { hostsEngine, actions });
  const press = (items: readonly TrayItem[], label: RegExp): void => {
    for (const item of items.flatMap((one) => [one, ...(one.submenu ?? [])])) if (label.test(item.label ?? '')) item.click?.();
  };
  return { done, menu, press };
}
const labels = (items: readonly TrayItem[]): (string | undefined)[] => items.filter(({ type }) => type !== 'separator').map(({ label }) => label);

describe('the tray', () => {
  it.each(stateSchema.options)('says the state first, and has an icon of its own for %s', (state) => {
    expect(rig().menu(of(state))[0]).toEqual({ label: STATE_WORDS[state], enabled: false });
    expect(existsSync(path.join(icons, `tray-${kindOf(of(state))}.png`))).toBe(true);
  });

  it('gives the reason in a line, cut where it is long', () => {
    const [, reason] = rig().menu(of('partlyProtected', 'x'.repeat(300)));
    expect(reason?.enabled).toBe(false);
    expect(reason?.label).toHaveLength(110);
    expect(labels(rig().menu(of('protected')))[1]).toBe('Open Holdfast');
  });

  it('does what it says', () => {
    const { done, menu, press } = rig();
    const items = menu(of('protected'), 3);
    for (const label of [/^Open Holdfast \(3 new entries\)$/, /^For 15 minutes$/, /^Until this device/, /^Rehearse/, /^Quit Holdfast/]) press(items, label);
    expect(done).toEqual(['open', 'pause false', 'pause true', 'rehearse', 'quit']);
  });

  it('offers the end of a pause instead of another one', () => {
    const { done, menu, press } = rig();
    const items = menu(of('paused'));
    expect(labels(items)).not.toContain('Pause');
    press(items, /^End the pause$/);
    expect(done).toEqual(['resume']);
  });

  it('can only open and quit while nobody answers', () => {
    const lost: AppState = { ...of('protected'), connection: 'lost', reason: 'No engine answers.' };
    for (const state of [CONNECTING, lost]) {
      const able = rig().menu(state).filter(({ enabled, type }) => enabled !== false && type !== 'separator');
      expect(labels(able)).toEqual(['Open Holdfast', 'Quit Holdfast (protection ends)']);
    }
    expect(labels(rig().menu(lost)).slice(0, 2)).toEqual([STATE_WORDS.notConnected, 'No engine answers.']);
    expect(kindOf(CONNECTING)).toBe('starting');
  });

  it('says whether protection ends with it', () => {
    expect(labels(rig(false).menu(of('protected'))).at(-1)).toBe('Quit this window (protection goes on)');
  });
});
