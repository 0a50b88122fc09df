import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../electron/engine/packs/limits.ts';
import { readSource } from '../../../../electron/engine/packs/load-source.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'source-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Entry {
  readonly name: string;
  readonly content: Buffer;
  readonly mode?: number;
  /** What the archive claims, when it lies. */
  readonly claimed?: number;
  readonly checksum?: number;
}

function zip(entries: readonly Entry[]): string {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const { name, content, mode = 0o100644, claimed = content.length, checksum = crc32(content) } of entries) {
    const packed = deflateRawSync(content);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(checksum, 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(claimed, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), head, tail, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  const file = path.join(folder, 'x.zip');
  writeFileSync(file, Buffer.concat([...locals, directory, end]));
  return file;
}

const RULE = Buffer.from('title: x\n');

describe('an archive', () => {
  it('gives its rule files and the first line of its licence', async () => {
    const file = zip([{ name: 'rules/a.yml', content: RULE }, { name: 'LICENSE', content: Buffer.from('# Some licence\n') }, { name: 'readme.txt', content: RULE }]);
    expect(await readSource(file)).toEqual({ ok: true, value: { kind: 'zip', files: [{ path: 'rules/a.yml', text: 'title: x\n' }], refused: [], licence: 'Some licence' } });
  });

  it.each(['../../etc/cron.d/x.yml', '/etc/x.yml', 'a\\..\\..\\x.yml'])('with the name %s is refused as a whole', async (name) => {
    expect(await readSource(zip([{ name: 'good.yml', content: RULE }, { name, content: RULE }]))).toMatchObject({ ok: false, error: { code: 'unreadable' } });
  });

  it('with a link, a bomb or bytes that are no text: those are named and left out', async () => {
    const bomb = Buffer.alloc(LIMITS.fileBytes * 20, 'a');
    const read = await readSource(zip([{ name: 'a.yml', content: RULE }, { name: 'link.yml', content: Buffer.from('/etc/shadow'), mode: 0o120777 }, { name: 'bomb.yml', content: bomb }, { name: 'bytes.yml', content: Buffer.from([0xff, 0xfe]) }]));
    expect(read).toMatchObject({ ok: true, value: { files: [{ path: 'a.yml' }], refused: [{ file: 'link.yml' }, { file: 'bomb.yml' }, { file: 'bytes.yml' }] } });
  });

  it('that lies about a size is refused', async () => {
    expect((await readSource(zip([{ name: 'bomb.yml', content: Buffer.alloc(LIMITS.fileBytes * 20, 'a'), claimed: 100 }]))).ok).toBe(false);
  });

  it('that is cut off or noise is refused', async () => {
    writeFileSync(path.join(folder, 'cut.zip'), 'PK\x03\x04 and nothing more');
    expect(await readSource(path.join(folder, 'cut.zip'))).toMatchObject({ ok: false, error: { code: 'unreadable' } });
  });
});

it('an archive with a damaged file is refused', async () => {
  const file = zip([{ name: 'a.yml', content: RULE, checksum: 1 }]);
  expect(await readSource(file)).toMatchObject({ ok: false, error: { code: 'unreadable', message: expect.stringContaining('a.yml is damaged') as string } });
});

describe('a folder', () => {
  it('is read without following any link', async () => {
    mkdirSync(path.join(folder, 'rules'));
    writeFileSync(path.join(folder, 'rules/a.yml'), RULE);
    symlinkSync('/etc/passwd', path.join(folder, 'rules/secret.yml'));
    symlinkSync('/etc', path.join(folder, 'elsewhere'));
    expect(await readSource(folder)).toMatchObject({ ok: true, value: { files: [{ path: 'rules/a.yml' }], refused: [{ file: 'rules/secret.yml', reason: 'is a link, which is not followed' }] } });
  });

  it('that is nested without end is refused', async () => {
    mkdirSync(path.join(folder, ...Array.from({ length: LIMITS.folderDepth + 2 }, () => 'd')), { recursive: true });
    expect(await readSource(folder)).toMatchObject({ ok: false, error: { code: 'too-much' } });
  });
});
