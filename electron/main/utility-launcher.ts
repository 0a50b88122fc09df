/** The host's children as Electron's own helper processes: they end with the main process, however that ends. */
import path from 'node:path';
import { utilityProcess } from 'electron';
import { childEnvironment, type ChildLauncher, type HostChild } from '../host/child-launcher.ts';

/** `hostDir` holds the built `engine-child.js` and `sentinel-child.js`. */
export function utilityLauncher(hostDir: string): ChildLauncher {
  return {
    fork(entry, args) {
      const child = utilityProcess.fork(path.join(hostDir, `${entry}-child.js`), [...args], {
        serviceName: `holdfast-${entry}`,
        stdio: 'inherit',
        env: childEnvironment(entry, process.env),
      });
      return asHostChild(child);
    },
  };
}

function asHostChild(child: Electron.UtilityProcess): HostChild {
  let killAtSpawn = false;
  child.once('spawn', () => {
    if (killAtSpawn) killNow(child);
  });
  return {
    get pid() {
      return child.pid;
    },
    post(message) {
      child.postMessage(message);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      child.once('exit', listener);
    },
    kill() {
      // Electron starts it some time after `fork` returned.
      if (child.pid === undefined) killAtSpawn = true;
      else killNow(child);
    },
  };
}

/** Not `child.kill()`: that sends SIGTERM, which a stopped process never hears. */
function killNow(child: Electron.UtilityProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // Already gone; its exit is reported all the same.
  }
}
