/**
 * Whether the socket at a path can only have been made by root or by this very account. Without this check, whoever makes
 * the folder first (in /tmp, say) could answer in the engine's place and show a device as protected that is not.
 */
import { lstatSync, realpathSync, type Stats } from 'node:fs';
import path from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const WORLD_WRITABLE = 0o002;
const GROUP_WRITABLE = 0o020;
const STICKY = 0o1000;
/** `sun_path` of the kernel, with its closing zero. */
const MAX_SOCKET_PATH_BYTES = 107;

export function checkSocketTrust(socketPath: string, account: Account): Result<void> {
  if (Buffer.byteLength(socketPath) > MAX_SOCKET_PATH_BYTES) {
    return fail('bad-socket-path', `${socketPath} is longer than a socket's path may be (${MAX_SOCKET_PATH_BYTES} bytes). Choose a shorter --data-dir.`);
  }
  try {
    const stats = lstatSync(socketPath);
    if (!stats.isSocket()) return fail('socket-not-trusted', `${socketPath} is not a socket. Remove it, then start the engine again.`);
    if (!isOurs(stats, account)) return fail('socket-not-trusted', `${socketPath} belongs to user id ${stats.uid}, neither root nor you, so what it says is not believed.`);
    return checkFolders(realpathSync(path.dirname(socketPath)), account);
  } catch (error) {
    return statFailure(error, socketPath);
  }
}

/** Each folder up to the root: who may rename in one of them may put another socket in the place of this one. */
function checkFolders(from: string, account: Account): Result<void> {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const stats = lstatSync(folder);
    if (!isOurs(stats, account)) return fail('socket-not-trusted', `The folder ${folder} of the engine's socket belongs to user id ${stats.uid}, neither root nor you, so what answers there is not believed.`);
    if (othersMayReplace(stats, account)) return fail('socket-not-trusted', `Others may write to the folder ${folder} of the engine's socket, so what answers there is not believed. Take their right to write away.`);
    if (folder === path.dirname(folder)) return ok(undefined);
  }
}

function isOurs(stats: Stats, account: Account): boolean {
  return stats.uid === 0 || stats.uid === account.uid;
}

function othersMayReplace(stats: Stats, account: Account): boolean {
  if ((stats.mode & STICKY) !== 0) return false;
  if ((stats.mode & WORLD_WRITABLE) !== 0) return true;
  // Many systems give each account a group of its own and let it write; that group is nobody else.
  return (stats.mode & GROUP_WRITABLE) !== 0 && stats.gid !== 0 && stats.gid !== account.gid;
}

function statFailure(error: unknown, socketPath: string): Result<never> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return engineNotRunning(socketPath);
  if (code === 'EACCES') {
    return fail('socket-permission-denied', `This account may not look into ${path.dirname(socketPath)}. Try again as root (sudo) or as the account that started the engine.`);
  }
  throw error;
}

/** The same words wherever the absence is noticed. */
export function engineNotRunning(socketPath: string): Result<never> {
  return fail('engine-not-running', `No Holdfast engine answers at ${socketPath}. Start it: \`npm start\` in a clone, \`systemctl start holdfast\` where it is installed.`);
}
