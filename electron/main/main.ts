/**
 * Composition root of the desktop program: arguments, the host with its children, and a clean end. Nothing here looks at
 * what programs do; a fault in the engine can not take this process down.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { parseHostOptions, type HostOptions } from '../host/options.ts';
import { startHost, type RunningHost } from '../host/supervisor.ts';
import { onOwnerGone } from './owner-pipe.ts';
import { ownArguments } from './own-arguments.ts';
import { utilityLauncher } from './utility-launcher.ts';

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
  stayLean();
  moveElectronFolders(options.value);
  void app.whenReady().then(() => {
    run(options.value);
  });
}

/** Without a window, Chromium's graphics and network processes are only weight. Has to be said before it is ready. */
function stayLean(): void {
  app.disableHardwareAcceleration();
  app.commandLine.appendSwitch('disable-software-rasterizer');
  app.commandLine.appendSwitch('enable-features', 'NetworkServiceInProcess2');
}

/** Chromium locks its profile folder, so each instance has its own. */
function moveElectronFolders(options: HostOptions): void {
  const folder = path.join(options.paths.dataDir, 'electron');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  app.setPath('userData', folder);
}

function run(options: HostOptions): void {
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const host = startHost(options, utilityLauncher(path.join(bundleDir, '../host')), { privileged: uid === 0 }, print);
  const end = endOnce(host);
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
  void host.ended.then(({ exitCode }) => {
    end(exitCode === 0 ? 0 : EXIT_DO_NOT_RESTART);
  });
}

function endOnce(host: RunningHost): (exitCode: number) => void {
  let ending = false;
  return (exitCode) => {
    if (ending) return;
    ending = true;
    void host.stop().then(() => {
      app.exit(exitCode);
    });
  };
}

main();
