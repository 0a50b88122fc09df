/**
 * What may be excluded. An exclusion is for a program or a folder of programs that somebody knows; one that takes in most
 * of what runs here, or the places where attacks arrive, would switch a rule off while it still shows as on.
 *
 * The rule, on top of an absolute path without `.`, `..` or empty parts:
 * 1. The first folder is written out.
 * 2. A folder (`…/`) or `**` may not take in a broad folder: one of the list below, or somebody's whole home folder.
 * 3. `*` alone (any program) may not stand directly in a broad folder; beside a wildcard three characters of the name are
 *    written out there. `/usr/bin/python3*` is fine, `/usr/bin/*sh` is every shell.
 * 4. Programs that exist to start others (env, sudo, busybox, the dynamic loader) can not be excluded: whatever they start
 *    would go through with them.
 * Folders below a broad folder (`/opt/tool/`, `/home/ann/work/`) and single programs are fine.
 */
import { fail, ok, type Result } from '../../../shared/result.ts';
import { pathPattern } from '../asr/path-pattern.ts';
import { hasManyNames, isLoader } from '../behavior/start/in-process.ts';
import { isWrapper } from '../behavior/start/wrappers.ts';
import { ruleExclusions } from './rule-modes.ts';
import type { Settings } from './settings-schema.ts';

const MAX_CHARACTERS = 4096;
const MIN_LITERAL = 3;

/** Folders that hold programs of all kinds, or into which anybody may write. */
const BROAD = [
  '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/usr', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/lib32', '/usr/lib64', '/usr/libexec', '/usr/share',
  '/usr/local', '/usr/local/bin', '/usr/local/sbin', '/usr/local/lib', '/opt', '/snap', '/snap/bin', '/nix', '/nix/store', '/var', '/var/lib', '/var/tmp', '/var/www',
  '/tmp', '/dev', '/dev/shm', '/run', '/run/user', '/proc', '/sys', '/etc', '/boot', '/root', '/home', '/srv', '/media', '/mnt',
];
/** Each folder directly below these belongs to one person and holds all that person's files. */
const FOLDERS_OF_PEOPLE = ['/home', '/run/user', '/media', '/run/media'];

/** The exclusion as it is to be saved, or why not. */
export function checkExclusion(typed: string): Result<string> {
  const problem = formProblem(typed) ?? widthProblem(typed) ?? carrierProblem(typed);
  return problem === null ? ok(typed) : fail('bad-exclusion', `"${shown(typed)}" can not be excluded: ${problem}`);
}

function formProblem(text: string): string | null {
  if (text === '') return 'it is empty. Name a program, a folder (ends with /) or a pattern with * and ?.';
  if (text.length > MAX_CHARACTERS) return `it is longer than ${MAX_CHARACTERS} characters.`;
  if (CONTROL.test(text)) return 'it holds control characters.';
  if (!text.startsWith('/')) return 'it is not an absolute path. Write it from the first /.';
  const parts = text.slice(1).split('/');
  const inner = text.endsWith('/') ? parts.slice(0, -1) : parts;
  if (text !== '/' && inner.some((part) => part === '' || part === '.' || part === '..')) return 'it has an empty part, "." or ".."; write the path as the system shows it.';
  return null;
}

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

function widthProblem(text: string): string | null {
  const deepAt = text.endsWith('/') && !text.includes('**') ? text.length : text.indexOf('**');
  const first = text.slice(1).split('/')[0] ?? '';
  if (first === '' || /[*?]/.test(first)) return 'it would exclude most of what runs on this device. Write out the first folder.';
  if (deepAt >= 0) {
    const broad = broadBelow(text.slice(0, deepAt));
    return broad === null ? null : `it would take in all of ${broad}, which holds programs of many kinds. Name the folder of the one program.`;
  }
  const slash = text.lastIndexOf('/');
  const name = text.slice(slash + 1);
  const literal = name.replace(/[*?]/g, '').length;
  if (literal === name.length) return null;
  const folder = broadAt(text.slice(0, slash));
  if (folder === null || literal >= MIN_LITERAL) return null;
  return `it would take in too many of the programs in ${folder}. Write out at least ${MIN_LITERAL} characters of the program's name.`;
}

/** A broad folder that lies in what begins with `head`; null when there is none. */
function broadBelow(head: string): string | null {
  for (const folder of [...BROAD, ...probesFor(head)]) {
    const whole = `${folder}/`;
    for (let end = 1; end <= whole.length; end += 1) if (isSame(head, whole.slice(0, end))) return folder;
  }
  return null;
}

/** The broad folder that the pattern of a folder means; null when it means none. */
function broadAt(pattern: string): string | null {
  return [...BROAD, ...probesFor(`${pattern}/`)].find((folder) => isSame(pattern, folder)) ?? null;
}

/** Somebody's whole folder has no fixed name, so the one that is named stands for it: of `/home/a*\/x` it is `/home/a*`. */
function probesFor(head: string): string[] {
  return FOLDERS_OF_PEOPLE.flatMap((folder) => {
    const name = head.startsWith(`${folder}/`) ? (head.slice(folder.length + 1).split('/')[0] ?? '') : '';
    return name === '' ? [] : [`${folder}/${name}`];
  });
}

/** The end mark keeps a last slash from being read as "and everything below". */
function isSame(pattern: string, path: string): boolean {
  return pattern === path || pathPattern(`${pattern}|`)(`${path}|`);
}

function carrierProblem(text: string): string | null {
  if (text.endsWith('/')) return null;
  const plain = text.replace(/[*?]/g, '');
  const name = plain.slice(plain.lastIndexOf('/') + 1);
  if (!isWrapper(name) && !isLoader(plain) && !hasManyNames(plain)) return null;
  return `${name} starts other programs, and all of them would go through with it. Exclude the program that it starts.`;
}

function shown(text: string): string {
  const clean = text.replace(new RegExp(CONTROL, 'g'), '?');
  return clean.length > 100 ? `${clean.slice(0, 100)}…` : clean;
}

/** Settings with an exclusion added or removed; `ruleId` null is for all rules. */
export function withExclusion(settings: Settings, ruleId: string | null, typed: string, remove: boolean): Result<Settings> {
  const present = ruleId === null ? settings.exclusions.global : ruleExclusions(settings, ruleId);
  if (remove) {
    if (!present.includes(typed)) return fail('not-excluded', `"${shown(typed)}" is not excluded, so there is nothing to remove. "holdfast rules exclude" lists what is.`);
    return ok(replaced(settings, ruleId, present.filter((path) => path !== typed)));
  }
  const checked = checkExclusion(typed);
  if (!checked.ok) return checked;
  return ok(present.includes(checked.value) ? settings : replaced(settings, ruleId, [...present, checked.value]));
}

function replaced(settings: Settings, ruleId: string | null, paths: string[]): Settings {
  const { exclusions } = settings;
  if (ruleId === null) return { ...settings, exclusions: { ...exclusions, global: paths } };
  const perRule = new Map(Object.entries(exclusions.perRule));
  if (paths.length === 0) perRule.delete(ruleId.toLowerCase());
  else perRule.set(ruleId.toLowerCase(), paths);
  return { ...settings, exclusions: { ...exclusions, perRule: Object.fromEntries(perRule) } };
}

/** Exclusions in the settings that are not obeyed (a hand wrote them, or the rule above became stricter), with the reason; for doctor. */
export function refusedExclusions(settings: Settings): { readonly ruleId: string | null; readonly path: string; readonly reason: string }[] {
  const lists: readonly (readonly [string | null, readonly string[]])[] = [[null, settings.exclusions.global], ...Object.entries(settings.exclusions.perRule)];
  return lists.flatMap(([ruleId, paths]) =>
    paths.flatMap((path) => {
      const checked = checkExclusion(path);
      return checked.ok ? [] : [{ ruleId, path, reason: checked.error.message }];
    }),
  );
}

/** The exclusions that are obeyed, each once. */
export function obeyedExclusions(paths: readonly string[]): string[] {
  return [...new Set(paths)].filter((path) => checkExclusion(path).ok);
}
