/**
 * The settings on disk: `settings.json`, and beside it the last good copy. A file that can not be used is set aside under
 * a name that says so, and a person is told: settings are never reset in silence.
 */
import path from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { errorCode, loadOwnFile, MAX_FILE_BYTES, setAside, stageFile, type OwnUid, type StagedFile } from './load-and-save.ts';
import { checkSettings, defaultSettings, parseSettings, type Settings } from './settings-schema.ts';

const FILE = 'settings.json';
const LAST_GOOD = 'settings.last-good.json';

export interface SettingsStore {
  /** What is in force. Replace it with `save`; never change it in place. */
  readonly current: Settings;
  /** On disk when it returns ok. When it fails the old settings stay in force and on disk. */
  save(next: Settings): Result<void>;
}

export interface OpenedSettings {
  readonly settings: SettingsStore;
  /** What happened to the settings and what is used instead, for status and doctor; null when all is well. */
  readonly problem: string | null;
}

export interface OpenOptions {
  readonly ownUid: OwnUid;
  readonly nowMs: number;
}

export function openSettings(dir: string, options: OpenOptions): Result<OpenedSettings> {
  const opening = new Opening(dir, options);
  const main = opening.read(FILE);
  if (!main.ok) return main;
  if (main.value !== null) return ok({ settings: new FileStore(dir, options.nowMs, main.value, opening.stuck), problem: null });
  const copy = opening.read(LAST_GOOD);
  if (!copy.ok) return copy;
  const isFirstStart = copy.value === null && opening.problems.length === 0;
  const settings = new FileStore(dir, options.nowMs, copy.value ?? defaultSettings(), opening.stuck);
  return ok({ settings, problem: isFirstStart ? null : describeFallback(opening, copy.value !== null, settings) });
}

/** Writes the fallback down, so that the next start finds what is in force now. */
function describeFallback(opening: Opening, hasCopy: boolean, settings: FileStore): string {
  const { problems } = opening;
  if (problems.length === 0) problems.push(`${FILE} was missing.`);
  problems.push(hasCopy ? 'The last good settings are used.' : 'There is no good copy, so the default settings are used: no rule acts until you choose, for example with "holdfast rules preset standard".');
  const saved = settings.save(settings.current);
  if (!saved.ok) problems.push(saved.error.message);
  return problems.join(' ');
}

/** Reads the files, sets bad ones aside, and notes what a person has to know. */
class Opening {
  readonly problems: string[] = [];
  /** A bad file that could not be set aside; nothing may be written over it. */
  stuck: string | null = null;
  private readonly dir: string;
  private readonly options: OpenOptions;

  constructor(dir: string, options: OpenOptions) {
    this.dir = dir;
    this.options = options;
  }

  /** Null: absent, or bad and out of the way. */
  read(name: string): Result<Settings | null> {
    const file = path.join(this.dir, name);
    const content = loadOwnFile(file, this.options.ownUid);
    if (!content.ok) return content;
    if (content.value.state === 'absent') return ok(null);
    const parsed = content.value.state === 'text' ? parseSettings(content.value.text) : fail('settings-bad', content.value.reason);
    if (parsed.ok) return parsed;
    this.problems.push(this.putAway(file, parsed.error.message));
    return ok(null);
  }

  private putAway(file: string, reason: string): string {
    try {
      return `${path.basename(file)} could not be used: ${reason}. It was kept as ${path.basename(setAside(file, this.options.nowMs))}.`;
    } catch (error) {
      this.stuck = file;
      return `${file} could not be used: ${reason}. It could not be set aside either (${errorCode(error)}); move it away by hand.`;
    }
  }
}

class FileStore implements SettingsStore {
  current: Settings;
  private readonly dir: string;
  private readonly openedMs: number;
  private stuck: string | null;

  constructor(dir: string, openedMs: number, current: Settings, stuck: string | null) {
    this.dir = dir;
    this.openedMs = openedMs;
    this.current = current;
    this.stuck = stuck;
  }

  save(next: Settings): Result<void> {
    const checked = checkSettings(next);
    if (!checked.ok) return fail('settings-bad', `These settings can not be saved; ${checked.error.message}.`);
    const text = `${JSON.stringify(checked.value, null, 2)}\n`;
    if (Buffer.byteLength(text) > MAX_FILE_BYTES) return fail('settings-too-large', `The settings would be larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB. Remove exclusions or allows that are no longer needed.`);
    try {
      this.retrySettingAside();
      this.write(text);
    } catch (error) {
      return fail('settings-not-saved', notSaved(this.dir, errorCode(error)));
    }
    this.current = checked.value;
    return ok(undefined);
  }

  private retrySettingAside(): void {
    if (this.stuck === null) return;
    setAsideIfThere(this.stuck, this.openedMs);
    this.stuck = null;
  }

  /** Both versions are complete on disk before either takes its place, so that a full disk is met while nothing has changed. */
  private write(text: string): void {
    const staged: StagedFile[] = [];
    try {
      for (const name of [FILE, LAST_GOOD]) staged.push(stageFile(path.join(this.dir, name), text));
      staged[0]?.commit();
    } catch (error) {
      staged.forEach((file) => file.discard());
      throw error;
    }
    try {
      staged[1]?.commit();
    } catch {
      // The settings are saved. An older copy does until the next time.
      staged[1]?.discard();
    }
  }
}

function setAsideIfThere(file: string, nowMs: number): void {
  try {
    setAside(file, nowMs);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

function notSaved(dir: string, code: string): string {
  const advice: Readonly<Record<string, string>> = {
    ENOSPC: 'The disk is full; free some space and try again',
    EDQUOT: 'The disk quota is used up; free some space and try again',
    EROFS: 'The file system is read-only',
    EACCES: 'The engine may not write there',
    EPERM: 'The engine may not write there',
    ENOENT: 'The folder is gone',
  };
  return `The settings could not be saved in ${dir} (${code}). ${advice[code] ?? 'Check the disk'}. The old settings stay in force.`;
}
