import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listInputs } from '../../../electron/formats/list-inputs.ts';
import { MOST_PROBLEMS, readEvents } from '../../../electron/formats/read-events.ts';
import { dataTemplate, recordOf, text } from '../../support/evtx-values.ts';
import { ChunkWriter, evtxFile } from '../../support/evtx-writer.ts';
import { inPieces, readAll, type ReadAll } from '../../support/read-items.ts';
import { itNeeds } from '../../support/requirement.ts';

const EVTX = evtxFile([new ChunkWriter().add(recordOf(1n, dataTemplate(['Image']), [text('a.exe')])).finish()]);
const JSON_LINE = Buffer.from('{"eventId":1,"fields":{"Image":"a.exe"}}\n');

function read(bytes: Buffer, pieceBytes = 3): Promise<ReadAll> {
  return readAll(readEvents({ stream: inPieces(bytes, pieceBytes) }));
}

describe('a stream is read by what its bytes are', () => {
  it.each<[string, Buffer]>([
    ['an event file', EVTX],
    ['JSON', JSON_LINE],
    ['a packed event file', gzipSync(EVTX)],
    ['packed JSON', gzipSync(JSON_LINE)],
    ['JSON packed in two parts', Buffer.concat([gzipSync(JSON_LINE.subarray(0, 10)), gzipSync(JSON_LINE.subarray(10))])],
  ])('%s', async (_name, bytes) => {
    const { records, problems } = await read(bytes, 1000);
    expect(problems).toEqual([]);
    expect(records.map(({ fields }) => fields['Image'])).toEqual(['a.exe']);
    expect((await read(bytes.subarray(0, 4_000), 3)).problems.filter(({ whole }) => whole && bytes.length <= 4_000)).toEqual([]);
  });

  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'empty'],
    ['bytes of something else', Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8]), 'neither'],
    ['a zip archive', Buffer.from('PK\u0003\u0004....', 'latin1'), 'zip'],
    ['UTF-16', Buffer.from('\ufeff{"eventId":1}', 'utf16le'), 'UTF-16'],
    ['a packed file in a packed file', gzipSync(gzipSync(JSON_LINE)), 'neither'],
    ['gzip that is damaged', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff]), 'damaged'],
  ])('%s is a problem as a whole', async (_name, bytes, reason) => {
    expect(await read(bytes)).toEqual({ records: [], problems: [{ offset: 0, whole: true, reason: expect.stringContaining(reason) as string }] });
  });

  it.each<[string, string]>([['text', 'Dear Ann,\nall is well.\n'], ['JSON without events', '{"a":1}\n{"b":2}\n']])('%s is no event file, and says so at the end', async (_name, content) => {
    const { records, problems } = await read(Buffer.from(content));
    expect(records).toEqual([]);
    expect(problems.at(-1)).toEqual({ offset: 0, whole: true, reason: 'nothing in it could be read as an event' });
  });

  it('what comes before the damage in a packed file is read', async () => {
    const lines = Buffer.concat(Array.from({ length: 50_000 }, () => JSON_LINE));
    const packed = gzipSync(lines, { level: 0 });
    const { records, problems } = await read(packed.subarray(0, packed.length - 100), 50_000);
    expect(records.length).toBeGreaterThan(10_000);
    expect(problems).toMatchObject([{ whole: false, reason: expect.stringContaining('damaged or cut off') as string }]);
  });

  it('a packed file that unfolds without end is left', { timeout: 60_000 }, async () => {
    const bomb = gzipSync(Buffer.alloc(70 << 20, ' '));
    const { problems } = await read(bomb, 50_000);
    expect(problems).toMatchObject([{ reason: expect.stringContaining('200 times') as string }]);
  });

  it('of nothing but problems tells enough of them, and gives the events behind', async () => {
    const { records, problems } = await read(Buffer.concat([Buffer.from('{\n'.repeat(MOST_PROBLEMS * 2)), JSON_LINE]), 50_000);
    expect(records).toHaveLength(1);
    expect(problems).toHaveLength(MOST_PROBLEMS + 1);
    expect(problems.at(-1)).toMatchObject({ whole: false, reason: expect.stringContaining('further ones are not told') as string });
  });

  it('an error of the system while reading is told', async () => {
    const failing = (async function* () {
      yield await Promise.resolve(JSON_LINE);
      throw Object.assign(new Error('EIO: i/o error, read'), { syscall: 'read' });
    })();
    const { records, problems } = await readAll(readEvents({ stream: failing }));
    expect(records).toHaveLength(1);
    expect(problems).toMatchObject([{ whole: false, reason: expect.stringContaining('EIO') as string }]);
  });

  it('a reader that stops early lets go of the stream', async () => {
    let closed = false;
    const stream = (async function* () {
      try {
        for (;;) yield await Promise.resolve(JSON_LINE);
      } finally {
        closed = true;
      }
    })();
    for await (const item of readEvents({ stream })) if ('record' in item) break;
    expect(closed).toBe(true);
  });
});

describe('a file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-formats-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read from its path, also through a link', async () => {
    writeFileSync(join(folder, 'a'), EVTX);
    symlinkSync(join(folder, 'a'), join(folder, 'link'));
    expect((await readAll(readEvents({ path: join(folder, 'link') }))).records).toHaveLength(1);
  });

  it('that is not there or a folder is a problem as a whole', async () => {
    for (const path of [join(folder, 'missing'), folder]) {
      expect((await readAll(readEvents({ path }))).problems).toMatchObject([{ whole: true }]);
    }
  });

  itNeeds(['linux'], 'that is a pipe or a device is refused at once', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const path of [join(folder, 'pipe'), '/dev/zero']) {
      expect((await readAll(readEvents({ path }))).problems).toMatchObject([{ whole: true, reason: expect.stringContaining('no ordinary file') as string }]);
    }
  });

  it('of a folder is found by its name, in order, and no link is followed', async () => {
    mkdirSync(join(folder, 'b'));
    for (const name of ['c.evtx', 'a.JSON', 'b/x.jsonl.gz', 'b/y.ndjson', 'notes.txt', 'info.yml']) writeFileSync(join(folder, name), '');
    symlinkSync(folder, join(folder, 'b', 'again'));
    symlinkSync(join(folder, 'c.evtx'), join(folder, 'd.evtx'));
    expect(await listInputs(folder)).toEqual({ ok: true, value: ['a.JSON', 'b/x.jsonl.gz', 'b/y.ndjson', 'c.evtx'].map((name) => ({ path: join(folder, name), problem: null })) });
    expect(await listInputs(join(folder, 'notes.txt'))).toEqual({ ok: true, value: [{ path: join(folder, 'notes.txt'), problem: null }] });
    expect(await listInputs(join(folder, 'missing'))).toMatchObject({ ok: false, error: { code: 'can-not-list' } });
  });

  it('lies in no more folders than anybody makes', async () => {
    mkdirSync(join(folder, ...Array.from({ length: 40 }, () => 'd')), { recursive: true });
    expect(await listInputs(folder)).toMatchObject({ ok: false, error: { code: 'too-much' } });
  });
});
