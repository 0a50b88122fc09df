/** Children by Node's fork: for the CLI's engine, the tests, and machines without an Electron runtime. */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { childEnvironment, type ChildEntry, type ChildLauncher, type HostChild } from './child-launcher.ts';

/** `entryDir` holds `engine-child.js` and `sentinel-child.js`. */
export function nodeLauncher(entryDir: string): ChildLauncher {
  return {
    fork: (entry: ChildEntry, args: readonly string[]) =>
      wrap(fork(path.join(entryDir, `${entry}-child.js`), [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: childEnvironment(entry, process.env) })),
  };
}

function wrap(child: ChildProcess): HostChild {
  return {
    get pid() {
      return child.pid;
    },
    post: (message) => {
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      let told = false;
      const tell = (code: number | null): void => {
        if (told) return;
        told = true;
        listener(code);
      };
      child.once('exit', tell);
      child.once('error', () => {
        tell(null);
      });
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
