/** Where one Holdfast keeps its things. Everything moves with `--data-dir` and `--instance`; environment variables move nothing when privileged. */
import path from 'node:path';

export interface HostPaths {
  /** Settings, store, last good policy. Owner only. */
  readonly dataDir: string;
  /** Sockets, denial logs, heartbeat: things of this boot. */
  readonly runDir: string;
  /** Talks to CLI and window; every local account may connect, rights are checked by the kernel's word of the peer. */
  readonly controlSocket: string;
  /** Engine to sentinel; in a folder only the owner can enter. */
  readonly sentinelSocket: string;
  readonly privateRunDir: string;
  readonly snapshotFile: string;
}

export interface PathChoice {
  readonly privileged: boolean;
  readonly dataDir?: string;
  readonly instance: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  readonly uid: number;
}

/** Root: /var/lib and /run. Others: the XDG folders. With `--data-dir`, everything lies below it. */
export function hostPaths(choice: PathChoice): HostPaths {
  const dataDir = choice.dataDir === undefined ? defaultDataDir(choice) : path.resolve(choice.dataDir);
  const runDir = choice.dataDir === undefined ? defaultRunDir(choice) : path.join(dataDir, 'run');
  const privateRunDir = path.join(runDir, 'private');
  return {
    dataDir,
    runDir,
    privateRunDir,
    controlSocket: path.join(runDir, 'control.sock'),
    sentinelSocket: path.join(privateRunDir, 'sentinel.sock'),
    snapshotFile: path.join(dataDir, 'policy-in-force.json'),
  };
}

function defaultDataDir(choice: PathChoice): string {
  if (choice.privileged) return path.join('/var/lib/holdfast', instanceFolder(choice));
  const base = choice.env['XDG_DATA_HOME'] ?? path.join(choice.homeDir, '.local', 'share');
  return path.join(base, 'holdfast', instanceFolder(choice));
}

function defaultRunDir(choice: PathChoice): string {
  if (choice.privileged) return path.join('/run/holdfast', instanceFolder(choice));
  const base = choice.env['XDG_RUNTIME_DIR'] ?? path.join('/tmp', `holdfast-${choice.uid}`);
  return path.join(base, 'holdfast', instanceFolder(choice));
}

/** The default instance has no folder of its own, so that the well-known paths stay as documented. */
function instanceFolder(choice: PathChoice): string {
  return choice.instance === 'default' ? '' : path.join('instances', choice.instance);
}
