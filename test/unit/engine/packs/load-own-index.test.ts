import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readOwnIndex, sealOwnIndex } from '../../../../electron/engine/packs/load-own-index.ts';
import { NO_REST } from './pack-samples.ts';

const CONTENT = new TextEncoder().encode('nc -e /bin/sh');
let folder = '';
beforeAll(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-own-index-'))));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

async function written(): Promise<{ readonly file: string; readonly sha256: string }> {
  const sealed = await sealOwnIndex(CONTENT);
  const file = path.join(folder, 'own.index');
  fs.writeFileSync(file, sealed.bytes);
  return { file, sha256: sealed.sha256 };
}

it('what the build worked out is read again, and is no plain text on the disk', async () => {
  const { file, sha256 } = await written();
  expect(fs.readFileSync(file).includes('/bin/sh')).toBe(false);
  const read = await readOwnIndex(file, sha256, NO_REST);
  expect(read.ok && new TextDecoder().decode(read.value)).toBe('nc -e /bin/sh');
});

it.each<[string, (file: string) => void, RegExp]>([
  ['is another', (file) => fs.appendFileSync(file, 'x'), /not the one it was built with/],
  ['is gone', (file) => fs.rmSync(file), /ENOENT/],
])('a file that %s is not used, and it is said why', async (_name, change, reason) => {
  const { file, sha256 } = await written();
  change(file);
  const read = await readOwnIndex(file, sha256, NO_REST);
  expect(read.ok ? '' : read.error.message).toMatch(reason);
});
