/** The settings of the window program, kept by electron-store. A file that can not be used is set aside under a name that says so. */
import fs from 'node:fs';
import path from 'node:path';
import Store from 'electron-store';
import { z } from 'zod';
import { windowSettingsSchema, type WindowSettings } from '../../shared/ipc/table.ts';
import { APP } from './words.ts';

const VERSION = 1;
const DEFAULTS: WindowSettings = { theme: 'system', notices: 'all', firstRunDone: false };

const fileSchema = z.strictObject({
  version: z.literal(VERSION),
  window: windowSettingsSchema,
  /** Up to this entry history has been looked at. */
  seenThrough: z.string().nullable(),
});
type File = z.infer<typeof fileSchema>;

/** Lifts a document by one version; the first of the list lifts version 1 to 2. */
const MIGRATIONS: readonly ((document: Readonly<Record<string, unknown>>) => Record<string, unknown>)[] = [];

export class WindowSettingsStore {
  readonly problem: string | null;
  private readonly store: Store<File>;

  /** `folder` belongs to this account alone. */
  constructor(folder: string, nowMs: number) {
    const file = path.join(folder, 'window.json');
    const checked = checkFile(file);
    this.problem = checked === null ? null : setAside(file, checked, nowMs);
    this.store = new Store<File>({ cwd: folder, name: 'window', defaults: { version: VERSION, window: DEFAULTS, seenThrough: null }, accessPropertiesByDotNotation: false });
  }

  get window(): WindowSettings {
    return this.store.get('window');
  }

  get seenThrough(): string | null {
    return this.store.get('seenThrough');
  }

  change(wanted: Partial<WindowSettings>): void {
    this.store.set('window', windowSettingsSchema.parse({ ...this.window, ...wanted }));
  }

  setSeen(historyId: string): void {
    this.store.set('seenThrough', historyId);
  }
}

/** What is wrong with the file, in words; null when it can be used or is not there. */
export function checkFile(file: string): string | null {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : 'it can not be read';
  }
  try {
    const lifted = lift(JSON.parse(text));
    const parsed = fileSchema.safeParse(lifted);
    if (!parsed.success) return parsed.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; ').slice(0, 300);
    fs.writeFileSync(file, JSON.stringify(parsed.data, null, 2), { mode: 0o600 });
    return null;
  } catch {
    return 'it is not valid JSON';
  }
}

function lift(document: unknown): unknown {
  const version = (document as { version?: unknown } | null)?.version;
  if (typeof version !== 'number' || version < 1 || version > VERSION) return document;
  let lifted = document as Record<string, unknown>;
  for (const [index, step] of MIGRATIONS.slice(version - 1).entries()) lifted = { ...step(lifted), version: version + index + 1 };
  return lifted;
}

function setAside(file: string, why: string, nowMs: number): string {
  const kept = `${file}.unusable-${new Date(nowMs).toISOString().replaceAll(':', '-')}`;
  fs.renameSync(file, kept);
  return APP.settingsSetAside(path.basename(kept), why);
}
