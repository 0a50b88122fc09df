import { chmodSync, chownSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../../electron/engine/edr/open-store.ts';
import { itNeeds } from '../../../support/requirement.ts';
import { deps, finding, folder, opened, query, storeFile, value } from './support.ts';

/** A store with lines, closed again; big enough to be damaged in many places. */
function filled(): string {
  const file = storeFile();
  const store = opened(file);
  value(store.recordAll(Array.from({ length: 200 }, (_, index) => finding(`old-${index}`))));
  value(store.close());
  return file;
}

function refusal(file: string): { code: string; message: string } {
  const result = openStore(file, deps());
  if (result.ok) throw new Error('it was opened');
  return result.error;
}

/** Reproducible noise. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 12345;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

describe('the file of a new store', () => {
  itNeeds(['linux'], 'can be read by its owner alone, whatever the umask', () => {
    const before = process.umask(0);
    try {
      const file = storeFile();
      value(opened(file).record(finding('a')));
      for (const name of readdirSync(path.dirname(file))) expect(statSync(path.join(path.dirname(file), name)).mode & 0o777).toBe(0o600);
    } finally {
      process.umask(before);
    }
  });

  it('says in words when its folder is not there', () => {
    const error = refusal(path.join(folder(), 'missing', 'history.db'));
    expect(error).toMatchObject({ code: 'store-not-opened' });
    expect(error.message).toContain('ENOENT');
  });
});

describe('a damaged store', () => {
  const harm: readonly (readonly [string, (file: string) => void])[] = [
    ['random garbage', (file) => writeFileSync(file, noise(50_000))],
    ['a short piece of text', (file) => writeFileSync(file, 'hello')],
    ['cut off in the middle', (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ['cut off within the header', (file) => truncateSync(file, 60)],
    ['a flipped bit in the name of the format', (file) => change(file, (bytes) => bytes.writeUInt8(bytes.readUInt8(3) ^ 4, 3))],
    ['a flipped bit in the size of pages', (file) => change(file, (bytes) => bytes.writeUInt8(bytes.readUInt8(16) ^ 1, 16))],
    ['a page of noise', (file) => change(file, (bytes) => noise(4096).copy(bytes, 5 * 4096))],
    ['no tables at all', (file) => replace(file, 'PRAGMA user_version = 1')],
    ['tables of something else', (file) => replace(file, 'CREATE TABLE history (id)')],
  ];

  function change(file: string, edit: (bytes: Buffer) => void): void {
    const bytes = readFileSync(file);
    edit(bytes);
    writeFileSync(file, bytes);
  }

  function replace(file: string, sql: string): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    writeFileSync(file, '', { mode: 0o600 });
    const db = new Database(file);
    db.exec(sql);
    db.close();
  }

  for (const [what, damage] of harm) {
    it(`with ${what} is put aside, whole and named, and a new one begun`, () => {
      const file = filled();
      damage(file);
      const bytes = readFileSync(file);
      const result = value(openStore(file, deps()));
      expect(result.setAside).toMatch(/history\.db\.damaged-2030-01-01T00-00-00-000Z$/);
      expect(readFileSync(result.setAside ?? '').equals(bytes)).toBe(true);
      expect(value(result.store.history(query())).entries).toEqual([]);
      value(result.store.record(finding('new')));
      value(result.store.close());
      expect(value(opened(file).history(query())).entries).toHaveLength(1);
    });
  }

  it('takes its log along, and a second one gets a name of its own', () => {
    const file = filled();
    writeFileSync(file, noise(9000));
    writeFileSync(`${file}-wal`, 'log', { mode: 0o600 });
    const first = value(openStore(file, deps()));
    expect(readFileSync(`${first.setAside ?? ''}-wal`, 'utf8')).toBe('log');
    value(first.store.close());
    writeFileSync(file, noise(9000));
    const second = value(openStore(file, deps()));
    expect(second.setAside).not.toBe(first.setAside);
    expect(existsSync(first.setAside ?? '')).toBe(true);
  });

  it('is not seen in a sound one, nor in one whose engine was killed', () => {
    const file = storeFile();
    const killed = opened(file);
    value(killed.record(finding('a')));
    const copy = path.join(folder(), 'history.db');
    for (const suffix of ['', '-wal']) writeFileSync(copy + suffix, readFileSync(file + suffix), { mode: 0o600 });
    const result = value(openStore(copy, deps()));
    expect(result.setAside).toBeNull();
    expect(result.store.has('a')).toBe(true);
  });
});

describe('a store that is not opened', () => {
  it('was written by a newer Holdfast, and stays as it is', () => {
    const file = filled();
    const db = new Database(file);
    db.exec('PRAGMA user_version = 99');
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    const [bytes, names] = [readFileSync(file), readdirSync(path.dirname(file))];
    expect(refusal(file)).toMatchObject({ code: 'store-too-new', message: expect.stringContaining('layout 99') as string });
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(readdirSync(path.dirname(file))).toEqual(names);
  });

  itNeeds(['linux'], 'is a link, or beside a link, or has a second name', () => {
    const file = filled();
    const link = path.join(folder(), 'history.db');
    symlinkSync(file, link);
    expect(refusal(link)).toMatchObject({ code: 'store-not-trusted', message: expect.stringContaining('is a link') as string });
    const dangling = path.join(folder(), 'history.db');
    symlinkSync('/nowhere/history.db', dangling);
    expect(refusal(dangling).code).toBe('store-not-trusted');
    const beside = filled();
    symlinkSync(file, `${beside}-journal`);
    expect(refusal(beside).message).toContain('-journal');
    linkSync(file, path.join(path.dirname(file), 'other.db'));
    expect(refusal(file).message).toContain('second name');
  });

  itNeeds(['linux'], 'can be read by others, is a folder, or lies where others can write', () => {
    const open = filled();
    chmodSync(open, 0o644);
    expect(refusal(open).message).toContain('chmod 600');
    const made = path.join(folder(), 'history.db');
    mkdirSync(made);
    expect(refusal(made).message).toContain('is not a file');
    const shared = filled();
    chmodSync(path.dirname(shared), 0o777);
    expect(refusal(shared).message).toContain('chmod go-w');
  });

  itNeeds(['linux', 'root'], 'belongs to somebody else, or lies in a folder of somebody else', () => {
    const foreign = filled();
    chownSync(foreign, 65534, 65534);
    expect(refusal(foreign).message).toContain('belongs to the user with the number 65534');
    const theirs = filled();
    chownSync(path.dirname(theirs), 65534, 65534);
    expect(refusal(theirs).message).toContain('belongs to the user with the number 65534');
  });
});
