/** The file of the index: whole or refused, never trusted when another may have written it, never readable for a scanner. */
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexKey, loadIndex, saveIndex, type IndexFile } from '../../../../electron/engine/packs/load-index.ts';
import { signerOf } from '../../../../electron/engine/packs/load-device-key.ts';
import { itNeeds } from '../../../support/requirement.ts';
import { NO_REST } from './pack-samples.ts';

const KEY = indexKey(['rules of today']);
const newSigner = (): IndexFile['signer'] => signerOf(crypto.generateKeyPairSync('ed25519').privateKey);
const signer = newSigner();
const CONTENT = Buffer.from('a very telling string, '.repeat(100_000));
let folder = '';
let file = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-index-'));
  file = path.join(folder, 'rules.index');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const place = (more: Partial<IndexFile> = {}): IndexFile => ({ file, ownUid: process.getuid?.() ?? null, signer, rest: NO_REST, ...more });

/** Writes over one byte. */
function spoil(at: number): void {
  const bytes = fs.readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  fs.writeFileSync(file, bytes);
}

describe('the file of the index', () => {
  beforeEach(() => saveIndex(place(), CONTENT, KEY));

  it('gives back what was put in, also in more than one slice', async () => {
    let rests = 0;
    const loaded = await loadIndex(place({ rest: () => Promise.resolve(void (rests += 1)) }), KEY);
    expect(loaded.ok && loaded.value.equals(CONTENT)).toBe(true);
    expect(rests).toBeGreaterThan(2);
  });

  it('holds no string of a rule as it stands, and nobody else may read it', () => {
    expect(fs.readFileSync(file, 'latin1')).not.toContain('telling');
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is of no use for other rules', async () => {
    expect(await loadIndex(place(), indexKey(['rules of tomorrow']))).toMatchObject({ ok: false, error: { message: 'it was made of other rules or by another version' } });
  });

  it('is refused when another device, or nobody, has signed it', async () => {
    expect(await loadIndex(place({ signer: newSigner() }), KEY)).toMatchObject({ ok: false, error: { message: 'this device has not signed it' } });
  });

  it('is refused when a bit of its head, of its signature or of its content is another', async () => {
    for (const at of [0, 8, 8 + 64, 8 + 64 + 32, 8 + 64 + 32 + 64, CONTENT.length]) {
      spoil(at);
      expect((await loadIndex(place(), KEY)).ok, `byte ${at}`).toBe(false);
      spoil(at);
    }
    expect((await loadIndex(place(), KEY)).ok).toBe(true);
  });

  it('is refused when it is cut off or grew', async () => {
    const bytes = fs.readFileSync(file);
    for (const other of [bytes.subarray(0, bytes.length - 1), Buffer.concat([bytes, Buffer.alloc(1)]), bytes.subarray(0, 10), Buffer.alloc(0)]) {
      fs.writeFileSync(file, other);
      expect((await loadIndex(place(), KEY)).ok).toBe(false);
    }
  });

  it('is replaced as a whole, also over what a crash left', async () => {
    fs.writeFileSync(`${file}.new`, 'half of it');
    await saveIndex(place(), CONTENT, KEY);
    expect(fs.readdirSync(folder)).toEqual(['rules.index']);
  });

  it('stays what it was when the new one can not be written', async () => {
    fs.mkdirSync(`${file}.new`);
    await expect(saveIndex(place(), Buffer.from('other'), KEY)).rejects.toThrow();
    const loaded = await loadIndex(place(), KEY);
    expect(loaded.ok && loaded.value.equals(CONTENT)).toBe(true);
  });
});

describe('without a file of the index', () => {
  it('it is simply made', async () => {
    expect(await loadIndex(place(), KEY)).toMatchObject({ ok: false, error: { code: 'no-index' } });
  });
});

itNeeds(['linux'], 'the file of the index is refused when it is a link or others may write to it', async () => {
  await saveIndex(place(), CONTENT, KEY);
  fs.symlinkSync(file, path.join(folder, 'link'));
  expect((await loadIndex(place({ file: path.join(folder, 'link') }), KEY)).ok).toBe(false);
  fs.chmodSync(file, 0o666);
  expect((await loadIndex(place(), KEY)).ok).toBe(false);
});
