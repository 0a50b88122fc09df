/**
 * Finds the files that rules on reading guard: patterns like `/etc/shadow` or `~/.ssh/id_*`, for every home folder.
 *
 * With a scope, patterns are taken below each scope folder as if it were the root of a machine. Nothing is opened; paths
 * on file systems whose server could keep us waiting (FUSE, network, automount) are left out before they are touched.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { MountEntry } from '../../platform/contract.ts';

/** Against a home full of look-alikes: enough for any person, too few to fill the kernel's marks. */
const MOST_FILES = 4_096;

export interface GuardedFileSearch {
  readonly patterns: readonly string[];
  readonly scope: readonly string[];
  readonly mounts: readonly MountEntry[];
}

export function findGuardedFiles(search: GuardedFileSearch): string[] {
  const roots = search.scope.length === 0 ? [''] : search.scope;
  const waits = search.mounts.filter((mount) => mount.volume === 'fuse' || mount.volume === 'network' || mount.fsType === 'autofs');
  const found = new Set<string>();
  const look = onceEach();
  for (const root of roots) {
    const homes = homeFolders(root);
    for (const pattern of search.patterns) {
      for (const full of expandHome(pattern, root, homes)) collect(full, waits, look, found);
      if (found.size >= MOST_FILES) return [...found];
    }
  }
  return [...found];
}

function expandHome(pattern: string, root: string, homes: readonly string[]): string[] {
  return pattern.startsWith('~/') ? homes.map((home) => home + pattern.slice(1)) : [root + pattern];
}

/** Homes of the password file, and with a scope the usual places below it. */
function homeFolders(root: string): string[] {
  const usual = [`${root}/root`, ...list(`${root}/home`).map((name) => `${root}/home/${name}`)];
  if (root !== '') return usual;
  const listed = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':')[5] ?? '')
    .filter((home) => home.startsWith('/') && home !== '/' && !home.startsWith('/nonexistent'));
  return [...new Set([...usual, ...listed])];
}

/** Walks the pattern folder by folder; `*` and `?` stay within one name. */
function collect(pattern: string, waits: readonly MountEntry[], look: Look, found: Set<string>): void {
  let folders = ['/'];
  const parts = pattern.split('/').filter((part) => part !== '');
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    folders = folders.flatMap((folder) => matches(folder, part, waits)).filter((entry) => (last ? look(entry)?.isFile() === true : look(entry)?.isDirectory() === true));
    if (folders.length > MOST_FILES) return;
  }
  for (const file of folders) found.add(file);
}

function matches(folder: string, part: string, waits: readonly MountEntry[]): string[] {
  const entry = path.join(folder, part);
  if (waits.some((mount) => entry === mount.mountPoint || entry.startsWith(`${mount.mountPoint}/`) || folder === mount.mountPoint)) return [];
  if (!/[*?]/.test(part)) return [entry];
  const expression = new RegExp(`^${part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '[^/]*').replace(/\?/g, '[^/]')}$`);
  return list(folder)
    .filter((name) => expression.test(name))
    .map((name) => path.join(folder, name))
    .filter((file) => !waits.some((mount) => file === mount.mountPoint));
}

function list(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** Links to folders are not followed: a user could lead the search anywhere. Null: gone, or a folder on the way can not be entered. */
type Look = (entry: string) => fs.Stats | null;

/** Most patterns share their first folders, and the search is made every few seconds. */
function onceEach(): Look {
  const seen = new Map<string, fs.Stats | null>();
  return (entry) => {
    const known = seen.get(entry);
    if (known !== undefined) return known;
    const stats = kindOf(entry);
    seen.set(entry, stats);
    return stats;
  };
}

function kindOf(entry: string): fs.Stats | null {
  try {
    return fs.lstatSync(entry, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
