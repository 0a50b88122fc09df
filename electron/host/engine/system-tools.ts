/**
 * Which content belongs to which system tool: read once from the system folders, again when one of them changed.
 * Only folders that root alone can write are listed, so nobody can pass a program off as a system tool.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { ContentIdentity } from '../../platform/contract.ts';
import { contentKeys } from '../sentinel/content-cache.ts';

const FOLDERS = ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin', '/usr/local/sbin', '/usr/libexec'];
const LOADER_FOLDERS = ['/lib64', '/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64'];
const LOADER_NAME = /^ld(-linux.*|-musl-.*|-[0-9].*)?\.so/;
/** Files read before the event loop gets its turn. */
const FILES_PER_TURN = 16;

export interface SystemToolIndex {
  /** `build:<hex>` or `entry:<hex>` to the tool's path. */
  readonly tools: Readonly<Record<string, string>>;
  /** Changes when a system folder changed. */
  readonly stamp: string;
}

/** Cheap: one stat a folder. */
export function systemToolStamp(): string {
  return [...FOLDERS, ...LOADER_FOLDERS].map((folder) => `${folder}:${changedAt(folder)}`).join(' ');
}

export async function indexSystemTools(identify: (fd: number) => ContentIdentity): Promise<SystemToolIndex> {
  const stamp = systemToolStamp();
  const tools: Record<string, string> = {};
  let inTurn = 0;
  for (const file of toolFiles()) {
    for (const key of identityKeys(file, identify)) tools[key] ??= file;
    inTurn += 1;
    if (inTurn % FILES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return { tools, stamp };
}

/** Real files only: a link's target is listed where it lies (on merged systems /bin is a link itself). */
function toolFiles(): string[] {
  const realFolders = new Set([...FOLDERS].filter(isRootOwned).map((folder) => fs.realpathSync(folder)));
  const files = [...realFolders].flatMap((folder) => list(folder).map((name) => path.join(folder, name)));
  const loaders = LOADER_FOLDERS.filter(isRootOwned).flatMap((folder) => list(folder).filter((name) => LOADER_NAME.test(name)).map((name) => path.join(fs.realpathSync(folder), name)));
  return [...new Set([...files, ...loaders])].filter(isExecutableFile);
}

function list(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function isRootOwned(folder: string): boolean {
  const found = fs.statSync(folder, { throwIfNoEntry: false });
  return found?.uid === 0 && (found.mode & 0o022) === 0;
}

function isExecutableFile(file: string): boolean {
  const found = fs.lstatSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true && (found.mode & 0o111) !== 0;
}

function identityKeys(file: string, identify: (fd: number) => ContentIdentity): string[] {
  try {
    const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
    try {
      return contentKeys(identify(fd));
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    // Removed or unreadable meanwhile (a package is being installed): the next index has it.
    return [];
  }
}

function changedAt(folder: string): number {
  return fs.statSync(folder, { throwIfNoEntry: false })?.ctimeMs ?? 0;
}
