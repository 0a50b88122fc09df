import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSettings } from '../../../../electron/engine/settings/settings-file.ts';
import { defaultSettings, migrate, type Settings } from '../../../../electron/engine/settings/settings-schema.ts';

const NOW = Date.UTC(2030, 0, 2, 3, 4, 5, 6);
const RULE = '01443614-cd74-433a-b99e-2ecdc07bfc25';
const ownUid = process.getuid?.() ?? null;

let folder: string;
const file = (name: string): string => path.join(folder, name);
const MAIN = 'settings.json';
const COPY = 'settings.last-good.json';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-settings-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

function open() {
  const opened = openSettings(folder, { ownUid, nowMs: NOW });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

function chosen(mode: 'block' | 'audit' = 'block'): Settings {
  return { ...defaultSettings(), rules: { [RULE]: mode, '00000000-0000-4000-8000-00000000abcd': 'audit' } };
}

function plant(text: string | Buffer, name = MAIN): void {
  fs.writeFileSync(file(name), text, { mode: 0o600 });
}

const asides = (): string[] => fs.readdirSync(folder).filter((name) => name.includes('.bad-'));

function failing(method: 'fsyncSync' | 'renameSync' | 'writeFileSync' | 'openSync', code: string, times = Infinity): void {
  let left = times;
  const real = fs[method] as (...all: unknown[]) => unknown;
  vi.spyOn(fs, method).mockImplementation(((...all: unknown[]) => {
    if (left <= 0) return real(...all);
    left -= 1;
    throw Object.assign(new Error(code), { code });
  }));
}

describe('openSettings', () => {
  it('begins with the defaults and says nothing on the first start', () => {
    const { settings, problem } = open();
    expect(problem).toBeNull();
    expect(settings.current).toEqual(defaultSettings());
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('gives back what was saved, rules it does not know among it, in files for its owner alone', () => {
    expect(open().settings.save(chosen()).ok).toBe(true);
    const again = open();
    expect(again.problem).toBeNull();
    expect(again.settings.current).toEqual(chosen());
    expect(fs.readdirSync(folder).sort()).toEqual([MAIN, COPY].sort());
    for (const name of [MAIN, COPY]) expect(fs.statSync(file(name)).mode & 0o777).toBe(0o600);
  });

  it('keeps bytes that are not UTF-8 exactly', () => {
    const next = { ...chosen(), exclusions: { global: ['/opt/x\udcff/tool'], perRule: {} } };
    open().settings.save(next);
    expect(open().settings.current.exclusions.global).toEqual(['/opt/x\udcff/tool']);
  });

  const bad: Record<string, () => void> = {
    'cut JSON': () => plant(JSON.stringify(chosen()).slice(0, 40)),
    'an empty file': () => plant(''),
    'a wrong schema': () => plant(JSON.stringify({ ...chosen(), deadlineMs: 'soon' })),
    'an unknown key': () => plant(JSON.stringify({ ...chosen(), more: 1 })),
    'a newer version': () => plant(JSON.stringify({ ...chosen(), version: 2 })),
    'no version': () => plant('{}'),
    'a list': () => plant('[]'),
    'a prototype key': () => plant(JSON.stringify(chosen()).replace('"perRule":{}', '"perRule":{"__proto__":["/opt/x"]}')),
    'deep nesting': () => plant('['.repeat(1_000_000)),
    'bytes that are not text': () => plant(Buffer.from([0x7b, 0xff, 0xfe])),
    'a huge file': () => plant(Buffer.alloc(4 * 1024 * 1024 + 1, 0x20)),
    'a link': () => {
      fs.writeFileSync(file('elsewhere'), JSON.stringify(chosen('audit')));
      fs.symlinkSync(file('elsewhere'), file(MAIN));
    },
    'a folder': () => fs.mkdirSync(file(MAIN)),
    'a file that others may write': () => {
      plant(JSON.stringify(chosen('audit')));
      fs.chmodSync(file(MAIN), 0o666);
    },
  };

  for (const [what, make] of Object.entries(bad)) {
    it(`sets ${what} aside, names it, and uses the last good settings`, () => {
      plant(JSON.stringify(chosen()), COPY);
      make();
      const { settings, problem } = open();
      expect(settings.current).toEqual(chosen());
      expect(asides()).toEqual([`${MAIN}.bad-2030-01-02T03-04-05-006Z`]);
      expect(problem).toContain(asides()[0]!);
      expect(problem).toContain('last good');
      expect(open().problem).toBeNull();
    });
  }

  it('refuses the file of another account', () => {
    plant(JSON.stringify(chosen()));
    const opened = openSettings(folder, { ownUid: (ownUid ?? 0) + 1, nowMs: NOW });
    expect(opened.ok && opened.value.problem).toContain('another account');
  });

  it('never writes over what a link names', () => {
    fs.writeFileSync(file('elsewhere'), 'precious');
    fs.symlinkSync(file('elsewhere'), file(MAIN));
    fs.symlinkSync(file('elsewhere'), file(`${MAIN}.new`));
    open().settings.save(chosen());
    expect(fs.readFileSync(file('elsewhere'), 'utf8')).toBe('precious');
    expect(fs.lstatSync(file(MAIN)).isFile()).toBe(true);
  });

  it('uses the defaults, and says so, when both files are bad; no aside is lost', () => {
    for (let time = 0; time < 2; time += 1) {
      plant('x');
      plant('y', COPY);
      const { settings, problem } = open();
      expect(settings.current).toEqual(defaultSettings());
      expect(problem).toContain('default settings');
    }
    expect(asides()).toHaveLength(4);
  });

  it('says so when the file is missing and only the copy is left', () => {
    plant(JSON.stringify(chosen()), COPY);
    const { settings, problem } = open();
    expect(settings.current).toEqual(chosen());
    expect(problem).toContain('missing');
  });

  it('leaves a bad file alone when it can not be set aside, and writes nothing over it', () => {
    plant('x');
    failing('renameSync', 'EROFS');
    const { settings, problem } = open();
    expect(problem).toContain('move it away by hand');
    expect(settings.save(chosen()).ok).toBe(false);
    expect(fs.readFileSync(file(MAIN), 'utf8')).toBe('x');
    vi.restoreAllMocks();
    expect(settings.save(chosen()).ok).toBe(true);
    expect(fs.readFileSync(file(asides()[0]!), 'utf8')).toBe('x');
  });

  it('does not set settings aside because descriptors ran out', () => {
    plant(JSON.stringify(chosen()));
    failing('openSync', 'EMFILE');
    const opened = openSettings(folder, { ownUid, nowMs: NOW });
    expect(opened).toMatchObject({ ok: false, error: { code: 'settings-unreadable' } });
    expect(asides()).toEqual([]);
  });
});

describe('save', () => {
  for (const method of ['writeFileSync', 'fsyncSync'] as const) {
    it(`names a full disk (${method}); the old settings stay in force and on disk`, () => {
      const { settings } = open();
      settings.save(chosen());
      failing(method, 'ENOSPC');
      const saved = settings.save(chosen('audit'));
      vi.restoreAllMocks();
      expect(saved).toMatchObject({ ok: false, error: { code: 'settings-not-saved' } });
      expect(!saved.ok && saved.error.message).toContain('disk is full');
      expect(settings.current).toEqual(chosen());
      expect(open().settings.current).toEqual(chosen());
      expect(fs.readdirSync(folder).sort()).toEqual([MAIN, COPY].sort());
    });
  }

  it('leaves the old settings readable when the engine dies between writing and renaming', () => {
    const { settings } = open();
    settings.save(chosen());
    plant('{"version":1,"rules":', `${MAIN}.new`);
    plant(JSON.stringify(chosen('audit')), `${COPY}.new`);
    const again = open();
    expect(again.problem).toBeNull();
    expect(again.settings.current).toEqual(chosen());
    expect(again.settings.save(chosen('audit')).ok).toBe(true);
    expect(open().settings.current).toEqual(chosen('audit'));
  });

  it('waits for a scanner that holds the file for a moment', () => {
    const { settings } = open();
    failing('renameSync', 'EBUSY', 2);
    expect(settings.save(chosen()).ok).toBe(true);
  });

  it('gives up on a file that is held for good', () => {
    const { settings } = open();
    failing('renameSync', 'EPERM');
    expect(settings.save(chosen()).ok).toBe(false);
    expect(settings.current).toEqual(defaultSettings());
  });

  it('refuses settings that it could not read again', () => {
    const { settings } = open();
    expect(settings.save({ ...chosen(), deadlineMs: 1 }).ok).toBe(false);
    const wide = Array.from({ length: 1100 }, (_, index) => `/opt/${index}`.padEnd(4096, 'x'));
    expect(settings.save({ ...chosen(), exclusions: { global: wide, perRule: {} } })).toMatchObject({ ok: false, error: { code: 'settings-too-large' } });
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('migrate', () => {
  it('lifts an old document step by step', () => {
    const steps = [(old: object) => ({ ...old, second: true }), (old: object) => ({ ...old, third: true })];
    expect(migrate({ version: 1 }, steps)).toEqual({ ok: true, value: { version: 3, second: true, third: true } });
    expect(migrate({ version: 2 }, steps)).toEqual({ ok: true, value: { version: 3, third: true } });
    expect(migrate({ version: 4 }, steps)).toMatchObject({ ok: false, error: { code: 'settings-newer' } });
  });
});
