/**
 * Rule files of a folder and the folders below it. On Linux every name is opened below the descriptor of the folder it was
 * seen in, so that nobody who owns a part of the way can lead the reader elsewhere between looking and opening.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { RefusedFile } from '../../../shared/packs/pack.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { LIMITS, RULE_FILE } from './limits.ts';
import { readBounded } from './load-bounded.ts';
import type { RuleSource, RuleText } from './rule-text.ts';
import { licenceLine, LICENCE_FILE } from './licence.ts';
import { SOURCE } from './words.ts';

interface Walk {
  readonly files: RuleText[];
  readonly refused: RefusedFile[];
  licence: string | null;
  entries: number;
  bytes: number;
}

class TooMuch extends Error {}

export function readFolder(folder: string): Result<RuleSource> {
  const walk: Walk = { files: [], refused: [], licence: null, entries: 0, bytes: 0 };
  try {
    // The folder a person names may be a link; those below may not.
    enter(walk, folder, '', 0, 0);
  } catch (error) {
    if (error instanceof TooMuch) return fail('too-much', error.message);
    return fail('unreadable', SOURCE.unreadable(folder, (error as NodeJS.ErrnoException).code ?? String(error)));
  }
  return ok({ kind: 'folder', files: walk.files, refused: walk.refused, licence: walk.licence });
}

function enter(walk: Walk, place: string, inside: string, depth: number, flags: number): void {
  const fd = fs.openSync(place, fs.constants.O_RDONLY | directoryOnly() | flags);
  try {
    const here = throughDescriptor(fd, place);
    const names = fs.readdirSync(here, { withFileTypes: true });
    for (const entry of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      walk.entries += 1;
      if (walk.entries > LIMITS.entries) throw new TooMuch(SOURCE.tooManyEntries(LIMITS.entries));
      take(walk, entry, path.join(here, entry.name), inside === '' ? entry.name : `${inside}/${entry.name}`, depth);
    }
  } finally {
    fs.closeSync(fd);
  }
}

function take(walk: Walk, entry: fs.Dirent, place: string, inside: string, depth: number): void {
  if (entry.isSymbolicLink()) {
    if (RULE_FILE.test(entry.name)) refuse(walk, inside, SOURCE.link);
  } else if (entry.isDirectory()) {
    if (depth + 1 > LIMITS.folderDepth) throw new TooMuch(SOURCE.tooDeep(LIMITS.folderDepth));
    if (!entry.name.startsWith('.')) openOrRefuse(walk, inside, () => enter(walk, place, inside, depth + 1, noFollow()));
  } else if (RULE_FILE.test(entry.name) || (depth === 0 && LICENCE_FILE.test(entry.name))) {
    openOrRefuse(walk, inside, () => readOne(walk, place, inside));
  }
}

function readOne(walk: Walk, place: string, inside: string): void {
  const fd = fs.openSync(place, fs.constants.O_RDONLY | noFollow() | ((fs.constants as Partial<typeof fs.constants>).O_NONBLOCK ?? 0));
  try {
    if (!fs.fstatSync(fd).isFile()) return refuse(walk, inside, SOURCE.noFile);
    const text = readBounded(fd, LIMITS.fileBytes);
    if (!RULE_FILE.test(inside)) {
      walk.licence = text.ok ? licenceLine(text.value) : null;
      return;
    }
    if (!text.ok) return refuse(walk, inside, text.error.message);
    walk.bytes += text.value.length;
    if (walk.bytes > LIMITS.totalBytes) throw new TooMuch(SOURCE.tooLarge(LIMITS.totalBytes));
    if (walk.files.length >= LIMITS.files) throw new TooMuch(SOURCE.tooManyFiles(LIMITS.files));
    walk.files.push({ path: inside, text: text.value });
  } finally {
    fs.closeSync(fd);
  }
}

/** One part that can not be entered or read does not cost the others. */
function openOrRefuse(walk: Walk, inside: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    if (error instanceof TooMuch) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    refuse(walk, inside, code === 'ELOOP' || code === 'ENOTDIR' ? SOURCE.link : SOURCE.notRead(code));
  }
}

function refuse(walk: Walk, file: string, reason: string): void {
  walk.refused.push({ file, line: null, column: null, reason });
}

function throughDescriptor(fd: number, place: string): string {
  return process.platform === 'linux' ? `/proc/self/fd/${fd}` : place;
}

/** Windows has no such flags. */
function noFollow(): number {
  return (fs.constants as Partial<typeof fs.constants>).O_NOFOLLOW ?? 0;
}

function directoryOnly(): number {
  return (fs.constants as Partial<typeof fs.constants>).O_DIRECTORY ?? 0;
}
