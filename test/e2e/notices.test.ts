/** Notices with a real notification service on a bus of their own, and with none. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect } from 'vitest';
import { describeNeeds, itNeeds } from '../support/requirement.ts';
import { WindowRig } from './support/window-rig.ts';

/** A bus that starts no service by itself. */
const CONFIG = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`;

class SessionBus {
  readonly address: string;
  private readonly daemon: ChildProcess;
  private service: ChildProcess | null = null;

  private constructor(address: string, daemon: ChildProcess) {
    this.address = address;
    this.daemon = daemon;
  }

  static async open(): Promise<SessionBus> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'holdfast-bus-'));
    const config = path.join(folder, 'bus.conf');
    writeFileSync(config, CONFIG);
    const daemon = spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address=1'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [chunk] = (await once(daemon.stdout, 'data')) as [Buffer];
    rmSync(folder, { recursive: true });
    return new SessionBus(chunk.toString().trim(), daemon);
  }

  startService(display: string): void {
    this.service = spawn('dunst', [], { stdio: 'ignore', env: { ...process.env, DISPLAY: display, DBUS_SESSION_BUS_ADDRESS: this.address } });
  }

  /** What the service shows or has shown. */
  shown(): string {
    return ['displayed', 'history'].map((list) => spawnSync('dunstctl', list === 'history' ? ['history'] : ['count', 'displayed'], { encoding: 'utf8', env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: this.address } }).stdout).join('\n');
  }

  closeAll(): void {
    spawnSync('dunstctl', ['close-all'], { env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: this.address } });
  }

  close(): void {
    this.service?.kill('SIGKILL');
    this.daemon.kill('SIGKILL');
  }
}

let rig: WindowRig | null = null;
let bus: SessionBus | null = null;

afterEach(async () => {
  await rig?.end();
  bus?.close();
  [rig, bus] = [null, null];
}, 30_000);

/** Processes that wait for a click on a notice. */
function waitersBelow(parent: number): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => isWaiter(pid) && Number(read(pid, 'stat').replace(/^.*\) /s, '').split(' ')[1]) === parent);
}

function isWaiter(pid: number): boolean {
  return read(pid, 'cmdline').includes('notify-send\0');
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

async function outcomeOfBlock(live: WindowRig): Promise<string | undefined> {
  live.scope.copyProgram('/usr/bin/base64', 'quarterly-report');
  await live.call('rulesPreset', { preset: 'strict' });
  for (let tries = 0; tries < 200 && spawnSync(live.scope.at('quarterly-report'), ['/etc/hostname']).error === undefined; tries += 1) await delay(100);
  for (let tries = 0; tries < 100; tries += 1) {
    await delay(100);
    const [line] = (await live.call('historySearch', { filter: { text: 'quarterly-report', actions: ['prevented'] } })).lines;
    if (line === undefined) continue;
    const { entry } = await live.call('historyDetail', { id: line.id });
    if (entry.notice !== undefined) return entry.notice.outcome;
  }
  return undefined;
}

describeNeeds(['linux', 'electron', 'xvfb', 'exec-gate', 'process-news', 'mounts'], 'a notice', () => {
  itNeeds(['notification-service'], 'is shown by the service of the desktop: what was done to what, then why', async () => {
    bus = await SessionBus.open();
    rig = await WindowRig.start({ DBUS_SESSION_BUS_ADDRESS: bus.address });
    bus.startService((await rig.app.evaluate(() => process.env['DISPLAY'])) ?? '');
    await delay(800);
    expect(await outcomeOfBlock(rig)).toBe('delivered');
    bus.closeAll();
    await delay(300);
    const shown = bus.shown();
    expect(shown).toContain('Holdfast kept it from running: quarterly-report');
    expect(shown).toContain('A copy of a tool of the operating system');
  }, 90_000);

  itNeeds(['notification-service'], 'waits for a click no longer than Holdfast runs, also when that is killed', async () => {
    for (const end of ['quit', 'kill']) {
      bus = await SessionBus.open();
      rig = await WindowRig.start({ DBUS_SESSION_BUS_ADDRESS: bus.address });
      bus.startService((await rig.app.evaluate(() => process.env['DISPLAY'])) ?? '');
      await delay(800);
      expect(await outcomeOfBlock(rig)).toBe('delivered');
      const waiting = waitersBelow(rig.owner.pid ?? -1);
      expect(waiting.length, end).toBeGreaterThan(0);
      if (end === 'kill') rig.owner.kill('SIGKILL');
      else await rig.end();
      for (let tries = 0; tries < 50 && waiting.some(isWaiter); tries += 1) await delay(100);
      expect(waiting.filter(isWaiter), end).toEqual([]);
      if (end === 'kill') await rig.end();
      bus.close();
      [rig, bus] = [null, null];
    }
  }, 180_000);

  itNeeds(['notification-service'], 'that no service takes is on record as such, and the entry is in history all the same', async () => {
    bus = await SessionBus.open();
    rig = await WindowRig.start({ DBUS_SESSION_BUS_ADDRESS: bus.address });
    expect(await outcomeOfBlock(rig)).toBe('no-service');
  }, 90_000);
});
