/**
 * Composition root of the desktop program: arguments, role, the host with its children, the desktop half where there is a
 * display, and a clean end. Nothing here looks at what programs do; a fault in the engine can not take this process down.
 */
import { existsSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { app } from 'electron';
import { UNSANDBOXED } from '../engine/status/words.ts';
import type { OwnWindow } from '../host/messages.ts';
import { parseHostOptions, type HostOptions, type Role } from '../host/options.ts';
import { hostPaths } from '../host/paths.ts';
import { startHost, type RunningHost } from '../host/supervisor.ts';
import { Desktop } from './desktop.ts';
import { onOwnerGone } from './owner-pipe.ts';
import { ownArguments } from './own-arguments.ts';
import { utilityLauncher } from './utility-launcher.ts';
import { declareScheme } from './window/security.ts';
import { APP } from './words.ts';

/** Starting again would end the same way: whoever supervises this process leaves it ended. */
const EXIT_DO_NOT_RESTART = 2;

const bundleDir = import.meta.dirname;
const uid = process.getuid?.() ?? 0;

function main(): void {
  const resourcesDir = app.isPackaged ? path.join(process.resourcesPath, 'holdfast') : path.resolve(bundleDir, '../../resources');
  const argv = ownArguments(process.argv, app.isPackaged);
  const options = parseHostOptions(argv, { packaged: app.isPackaged, resourcesDir, uid, env: process.env });
  if (!options.ok) {
    process.stderr.write(`${options.error.message}\n`);
    app.exit(EXIT_DO_NOT_RESTART);
    return;
  }
  // Whoever read our output may have closed it; that must not end the protection.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const role = roleOf(options.value);
  if (role === 'ui' && !hasDisplay()) {
    process.stderr.write(`${APP.noDisplay}\n`);
    app.exit(EXIT_DO_NOT_RESTART);
    return;
  }
  stayLean();
  moveElectronFolders(options.value, role);
  if (role !== 'engine' && !app.requestSingleInstanceLock()) {
    // The first instance opens its window.
    app.exit(0);
    return;
  }
  declareScheme();
  if (whyUnsandboxed() === null) app.enableSandbox();
  void app.whenReady().then(() => {
    run(options.value, role);
  });
}

/** Without a display no window is ever made: making one would end the process. */
function hasDisplay(): boolean {
  if (app.commandLine.getSwitchValue('ozone-platform') === 'headless') return false;
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/** Where the machine's engine runs already, a person who starts the program wants its window. */
function roleOf({ role, dataDir, instance, scope }: HostOptions): Role {
  if (role === 'ui' || role === 'engine') return role;
  if (!hasDisplay()) return 'engine';
  const machine = hostPaths({ privileged: true, instance, env: {}, homeDir: os.homedir(), uid }).controlSocket;
  return role === null && uid !== 0 && dataDir === undefined && scope.length === 0 && existsSync(machine) ? 'ui' : 'both';
}

/** Chromium itself goes by this switch; without it, it ends where it can build no sandbox. */
function whyUnsandboxed(): OwnWindow['unsandboxed'] {
  if (!app.commandLine.hasSwitch('no-sandbox')) return null;
  return uid === 0 ? 'root' : 'system';
}

/** Without a window, Chromium's graphics and network processes are only weight. Has to be said before it is ready. */
function stayLean(): void {
  app.disableHardwareAcceleration();
  app.commandLine.appendSwitch('disable-software-rasterizer');
  app.commandLine.appendSwitch('enable-features', 'NetworkServiceInProcess2');
}

/** Chromium locks its profile folder, so each instance, and each window of an account, has its own. */
function moveElectronFolders({ paths, instance }: HostOptions, role: Role): void {
  const own = role === 'ui' ? path.join(hostPaths({ privileged: false, instance, env: process.env, homeDir: os.homedir(), uid }).dataDir, 'window') : paths.dataDir;
  const folder = path.join(own, 'electron');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  app.setPath('userData', folder);
}

function run(options: HostOptions, role: Role): void {
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const unsandboxed = whyUnsandboxed();
  const host = role === 'ui' ? null : startHost(options, utilityLauncher(path.join(bundleDir, '../host')), { privileged: uid === 0, window: role === 'both' ? { unsandboxed } : null }, print);
  let desktop: Desktop | null = null;
  const end = endOnce(host, () => desktop?.close());
  if (role !== 'engine') {
    const sandbox = unsandboxed === null ? { on: true, reason: null } : { on: false, reason: Object.values(UNSANDBOXED[unsandboxed]).join(' ') };
    desktop = new Desktop({ host: options, role, uid, distDir: path.resolve(bundleDir, '..'), sandbox, print, quit: () => end(0) });
    desktop.start(true);
    app.on('second-instance', () => desktop?.open());
  }
  // A closed window is no end: tray and notices go on.
  app.on('window-all-closed', () => undefined);
  // Electron turns SIGINT, SIGTERM and SIGHUP into this; it would leave before the children had their say.
  app.on('before-quit', (event) => {
    event.preventDefault();
    end(0);
  });
  if (options.owned) {
    onOwnerGone(() => {
      end(0);
    });
  }
  void host?.ended.then(({ exitCode }) => {
    end(exitCode === 0 ? 0 : EXIT_DO_NOT_RESTART);
  });
}

function endOnce(host: RunningHost | null, closeDesktop: () => void): (exitCode: number) => void {
  let ending = false;
  return (exitCode) => {
    if (ending) return;
    ending = true;
    closeDesktop();
    void (host?.stop() ?? Promise.resolve()).then(() => {
      app.exit(exitCode);
    });
  };
}

main();
