import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvtx } from '../../../../electron/formats/evtx/read-evtx.ts';
import { ARRAY, dataTemplate, nothing, raw, recordOf, recordOfElement, recordWith, text, uint32 } from '../../../support/evtx-values.ts';
import { ChunkWriter, element, evtxFile, hole, sealChunk, template, type WrittenElement, type WrittenPart, type WrittenValue } from '../../../support/evtx-writer.ts';
import { inPieces, readAll, type ReadAll } from '../../../support/read-items.ts';

/** A second each in every run; an hour when a person asks for it. */
const FUZZ_SECONDS = Number(process.env['HOLDFAST_FUZZ_SECONDS'] ?? '1');
const FUZZ_LIMITS = { numRuns: FUZZ_SECONDS * 5_000, interruptAfterTimeLimit: FUZZ_SECONDS * 1_000, markInterruptAsFailure: false };
const TEST_TIMEOUT_MS = (FUZZ_SECONDS + 60) * 1_000;
const HEAD = 4096;

function read(file: Buffer): Promise<ReadAll> {
  return readAll(readEvtx(inPieces(file)));
}

function charactersOf({ records }: ReadAll): number {
  return records.flatMap(({ fields }) => Object.values(fields)).reduce((sum, value) => sum + (typeof value === 'string' ? value.length : value.join('').length), 0);
}

/** Two chunks with what real files have: templates defined and used again, many value types, UserData, mixed text. */
function sample(): Buffer {
  const body = dataTemplate(['Image', 'CommandLine', 'ProcessId', 'GrantedAccess', 'Groups', 'User']);
  const values = (id: number): WrittenValue[] => [
    text(`C:\\Windows\\${id}.exe`),
    text(`"漢 ${id}.exe" -x`),
    uint32(id),
    raw(0x14, [0xff, 0xff, 0x1f, 0]),
    raw(ARRAY | 0x01, Buffer.from('a\0b\0', 'utf16le')),
    raw(0x13, [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]),
  ];
  const user = element('UserData', {}, element('Operation', { mode: '1' }, element('User', {}, 'x', hole(0), { entity: 'amp' })));
  const chunk = (first: number): Buffer => {
    const writer = new ChunkWriter();
    for (let id = first; id < first + 8; id += 1) writer.add(recordOf(BigInt(id), body, values(id)));
    return writer.add(recordOfElement(BigInt(first + 8), user, [text('SYSTEM')])).finish();
  };
  return evtxFile([chunk(1), chunk(10)]);
}

describe('whatever happens to a file', () => {
  const whole = sample();
  /** Where something is written; a changed byte in the unused rest of a chunk changes nothing. */
  const used = [...whole.keys()].filter((at) => whole[at] !== 0 || at < HEAD + 512);

  it('is read as far as it makes sense when it is cut anywhere', { timeout: TEST_TIMEOUT_MS }, async () => {
    const all = await read(whole);
    expect(all.problems).toEqual([]);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        const cut = await read(whole.subarray(0, length));
        expect(all.records.slice(0, cut.records.length)).toEqual(cut.records);
        expect(cut.problems.length).toBeGreaterThan(0);
      }),
      FUZZ_LIMITS,
    );
  });

  it('is read with a problem told, or to the same events, when any bytes are changed', { timeout: TEST_TIMEOUT_MS }, async () => {
    const all = await read(whole);
    const change = fc.tuple(fc.constantFrom(...used), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        const file = Buffer.from(whole);
        for (const [at, bits] of changes) file[at] = (file[at] ?? 0) ^ bits;
        const changed = await read(file);
        if (changed.problems.length === 0) expect(changed.records).toEqual(all.records);
      }),
      FUZZ_LIMITS,
    );
  });

  it('stays bounded when the checksums are made right again after the change', { timeout: TEST_TIMEOUT_MS }, async () => {
    const change = fc.tuple(fc.constantFrom(...used.filter((at) => at >= HEAD && at < HEAD + 65_536)), fc.constantFrom(0, 1, 2, 0x0c, 0x0e, 0x21, 0x7f, 0x80, 0xff));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        const file = Buffer.from(whole);
        for (const [at, value] of changes) file[at] = value;
        const chunk = file.subarray(HEAD, HEAD + 65_536);
        if (chunk.readUInt32LE(48) <= chunk.length) sealChunk(chunk);
        expect(charactersOf(await read(file))).toBeLessThan(16 << 20);
      }),
      FUZZ_LIMITS,
    );
  });

  it('is no reason to crash when it is noise behind the right beginnings', { timeout: TEST_TIMEOUT_MS }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4_000 }), async (noise) => {
        const chunk = Buffer.alloc(65_536);
        chunk.set(noise, 512);
        chunk.write('ElfChnk\0', 0, 'latin1');
        chunk.writeUInt32LE(512 + noise.length, 48);
        [0x2a, 0x2a, 0, 0].forEach((byte, index) => (chunk[512 + index] = byte));
        await read(evtxFile([sealChunk(chunk)]));
      }),
      FUZZ_LIMITS,
    );
  });
});

describe('a file made to exhaust its reader', () => {
  it('nests elements deeper than any real one: the record is passed over', async () => {
    let deep: WrittenElement = element('A');
    for (let depth = 0; depth < 300; depth += 1) deep = element('A', {}, deep);
    const { records, problems } = await read(evtxFile([new ChunkWriter().add(recordOfElement(1n, deep)).add(recordOf(2n, dataTemplate(['A']), [text('next')])).finish()]));
    expect(records.map(({ fields }) => fields['A'])).toEqual(['next']);
    expect(problems).toMatchObject([{ offset: HEAD + 512, reason: expect.stringContaining('nested') as string }]);
  });

  it('nests values deeper than any real one: the record is passed over', async () => {
    const nest = template(element('A', {}, hole(0, true)));
    let value: WrittenValue = nothing;
    for (let depth = 0; depth < 40; depth += 1) value = { instance: { template: nest, values: [value] } };
    const { records, problems } = await read(evtxFile([new ChunkWriter().add(recordWith(1n, value)).finish()]));
    expect(records).toEqual([]);
    expect(problems).toMatchObject([{ reason: expect.stringContaining('nested') as string }]);
  });

  it('unfolds one value a billion times: it ends within the chunk’s allowance', async () => {
    const many = Array.from({ length: 60 }, (): WrittenPart => hole(0));
    const grow = template(element('A', {}, ...many.map((part) => element('B', {}, part))));
    let value: WrittenValue = text('boom');
    for (let depth = 0; depth < 10; depth += 1) value = { instance: { template: grow, values: [value] } };
    const started = process.cpuUsage();
    const all = await read(evtxFile([new ChunkWriter().add(recordWith(1n, value)).finish()]));
    expect(all.problems).toMatchObject([{ reason: expect.stringContaining('unfolds') as string }]);
    expect(charactersOf(all)).toBe(0);
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(10);
  });

  it('names one long value in thousands of places', async () => {
    const holes = Array.from({ length: 1_500 }, () => element('Data', { Name: 'A' }, hole(0)));
    const all = await read(evtxFile([new ChunkWriter().add(recordOfElement(1n, element('EventData', {}, ...holes), [text('x'.repeat(8_000))])).finish()]));
    expect(all.problems).toMatchObject([{ reason: expect.stringContaining('unfolds') as string }]);
  });

  it('asks for a million fractions, whose texts take long', async () => {
    const holes = Array.from({ length: 1_000 }, () => element('Data', { Name: 'A' }, hole(0)));
    const fractions = raw(ARRAY | 0x0b, Buffer.alloc(4_000, Buffer.from([1, 0x40, 0, 0])));
    const started = process.cpuUsage();
    const all = await read(evtxFile(Array.from({ length: 20 }, () => new ChunkWriter().add(recordOfElement(1n, element('EventData', {}, ...holes), [fractions])).finish())));
    expect(all.problems.length).toBe(20);
    expect(all.problems).toMatchObject(all.problems.map(() => ({ reason: expect.stringContaining('unfolds') as string })));
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5);
  });

  it('points at a template outside its chunk', async () => {
    const chunk = new ChunkWriter().add(recordOf(1n, dataTemplate(['A']), [text('a')])).add(recordOf(2n, dataTemplate(['A']), [text('b')])).finish();
    // Token (1), unknown (1), id (4), pointer to the definition: of the first record, behind its head and fragment header.
    chunk.writeUInt32LE(0xffff_fff0, 512 + 24 + 4 + 6);
    const { records, problems } = await read(evtxFile([sealChunk(chunk)]));
    expect(records.map(({ fields }) => fields['A'])).toEqual(['b']);
    expect(problems).toMatchObject([{ offset: HEAD + 512, reason: expect.stringContaining('outside its chunk') as string }]);
  });
});
