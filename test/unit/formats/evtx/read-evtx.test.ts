import { describe, expect, it } from 'vitest';
import { NO_HEADER } from '../../../../electron/formats/header.ts';
import { readEvtx } from '../../../../electron/formats/evtx/read-evtx.ts';
import { ARRAY, dataTemplate, nothing, raw, recordOf, recordOfElement, recordWith, SOME_TIME, text, uint32 } from '../../../support/evtx-values.ts';
import { ChunkWriter, element, evtxFile, hole, sealChunk, type WrittenElement, type WrittenRecord, type WrittenValue } from '../../../support/evtx-writer.ts';
import { inPieces, readAll, type ReadAll } from '../../../support/read-items.ts';

const HEAD = 4096;
const CHUNK = 65_536;
const body = dataTemplate(['Image']);

function record(id: number): WrittenRecord {
  return recordOf(BigInt(id), body, [text(`${id}.exe`)]);
}

function chunkOf(...ids: readonly number[]): Buffer {
  const writer = new ChunkWriter();
  for (const id of ids) writer.add(record(id));
  return writer.finish();
}

function read(file: Buffer): Promise<ReadAll> {
  return readAll(readEvtx(inPieces(file)));
}

function images({ records }: ReadAll): unknown[] {
  return records.map(({ fields }) => fields['Image']);
}

async function fieldsOf(shape: WrittenElement, values: readonly WrittenValue[] = []): Promise<unknown> {
  const { records, problems } = await read(evtxFile([new ChunkWriter().add(recordOfElement(1n, shape, values)).finish()]));
  expect(problems).toEqual([]);
  return { ...records[0]?.fields };
}

describe('an event', () => {
  it('has provider, channel, id, computer, time and its data', async () => {
    const { records, problems } = await read(evtxFile([chunkOf(7)]));
    expect(problems).toEqual([]);
    expect(records).toEqual([
      {
        provider: 'Microsoft-Windows-Sysmon',
        channel: 'Microsoft-Windows-Sysmon/Operational',
        eventId: 1,
        computer: 'PC-01',
        header: NO_HEADER,
        time: '2026-08-05T10:11:12.1234574Z',
        group: null,
        fields: { Image: '7.exe' },
      },
    ]);
  });

  it('has level, keywords and the process that wrote it, where it says them', async () => {
    const system = element('System', {}, element('EventID', {}, '1'), element('Level', {}, '4'), element('Keywords', {}, '0x8000000000000000'), element('Execution', { ProcessID: '3308', ThreadID: '4008' }));
    const { records } = await read(evtxFile([new ChunkWriter().add({ id: 1n, time: SOME_TIME, event: element('Event', {}, system) }).finish()]));
    expect(records[0]?.header).toEqual({ level: '4', keywords: '0x8000000000000000', writerPid: 3308 });
  });

  it('is read from a template that an earlier record of the chunk defined, in each chunk anew', async () => {
    expect(images(await read(evtxFile([chunkOf(1, 2, 3), chunkOf(4, 5)])))).toEqual(['1.exe', '2.exe', '3.exe', '4.exe', '5.exe']);
  });

  it('may be written without templates, with its time in the head of the record only', async () => {
    const event = element('Event', {}, element('System', {}, element('EventID', { Qualifiers: '0' }, '4688'), element('Channel', {}, 'Security')), element('EventData', {}, element('Data', { Name: 'NewProcessName' }, 'a.exe')));
    const { records, problems } = await read(evtxFile([new ChunkWriter().add({ id: 1n, time: SOME_TIME, event }).finish()]));
    expect(problems).toEqual([]);
    expect(records).toMatchObject([{ eventId: 4688, channel: 'Security', provider: '', time: '2026-08-05T10:11:12.1234567Z', fields: { NewProcessName: 'a.exe' } }]);
  });

  it('may have its data as elements without a template', async () => {
    const fragment = element('EventData', {}, element('Data', { Name: 'Image' }, 'a.exe'));
    const { records, problems } = await read(evtxFile([new ChunkWriter().add(recordWith(1n, { fragment })).finish()]));
    expect(problems).toEqual([]);
    expect(records[0]?.fields).toEqual({ Image: 'a.exe' });
  });
});

describe('fields', () => {
  it('of one name become a list, and none is lost to a name that objects have of their own', async () => {
    const names = ['Path', 'Path', 'Path', '__proto__', 'constructor'];
    const shape = element('EventData', {}, ...names.map((name, index) => element('Data', { Name: name }, hole(index))));
    const fields = await fieldsOf(shape, ['a', 'b', 'c', 'd', 'e'].map(text));
    expect(Object.entries(fields as object)).toEqual([['Path', ['a', 'b', 'c']], ['__proto__', 'd'], ['constructor', 'e']]);
  });

  it('without a name are called Data, and Binary is called so', async () => {
    const shape = element('EventData', {}, element('Data', {}, hole(0)), element('Binary', {}, hole(1)));
    expect(await fieldsOf(shape, [raw(ARRAY | 1, Buffer.from('stopped\0\0DCOM\0', 'utf16le')), raw(0x0e, [1, 0xff])])).toEqual({ Data: ['stopped', '', 'DCOM'], Binary: '01FF' });
  });

  it('are left out with the element when an optional value is missing, and empty when one is not optional', async () => {
    const shape = element('EventData', {}, element('Data', { Name: 'A' }, hole(0, true)), element('Data', { Name: 'B' }, hole(0)), element('Data', { Name: 'C' }, hole(9, true)), element('Data', { Name: 'D' }));
    expect(await fieldsOf(shape, [nothing])).toEqual({ B: '', D: '' });
  });

  it('may mix text, values, references, sections and instructions', async () => {
    const parts = ['a', hole(0), { entity: 'lt' }, { entity: 'amp' }, { entity: 'constructor' }, { character: 0x2192 }, { cdata: '<x>' }, { instruction: 'pi', text: 'ignored' }, hole(1)];
    expect(await fieldsOf(element('EventData', {}, element('Data', { Name: 'A' }, ...parts)), [uint32(5), text('z')])).toEqual({ A: 'a5<&&constructor;→<x>z' });
  });

  it('may have their name in a value', async () => {
    expect(await fieldsOf(element('EventData', {}, element('Data', { Name: [hole(0)] }, hole(1))), [text('Image'), text('a.exe')])).toEqual({ Image: 'a.exe' });
  });

  it('with an empty name in a value are called Data, those with several names stand under each', async () => {
    const shape = element('EventData', {}, element('Data', { Name: [hole(0, true)] }, 'a'), element('Data', { Name: [hole(1)] }, 'b'));
    expect(await fieldsOf(shape, [nothing, raw(ARRAY | 1, Buffer.from('one\0two\0', 'utf16le'))])).toEqual({ Data: 'a', one: 'b', two: 'b' });
  });

  it('repeat the text around a list for each of its values', async () => {
    const shape = element('EventData', {}, element('Data', { Name: 'A' }, 'n=', hole(0), ';'));
    expect(await fieldsOf(shape, [raw(ARRAY | 0x06, [1, 0, 2, 0])])).toEqual({ A: ['n=1;', 'n=2;'] });
  });

  it('inside ComplexData keep their names', async () => {
    const complex = element('ComplexData', { Name: 'C' }, element('Data', { Name: 'm1' }, hole(0)), element('Data', { Name: 'm2' }, 'b'));
    expect(await fieldsOf(element('EventData', {}, complex, element('Data', { Name: 'D' }, 'c')), [text('a')])).toEqual({ m1: 'a', m2: 'b', D: 'c' });
  });

  it('of UserData are named by the elements inside its one wrapper, attributes behind a dot', async () => {
    const shape = element('UserData', {}, element('Operation', { xmlns: 'urn:x', mode: '1' }, element('User', { sid: 'S-1-5-18' }, hole(0)), element('Inner', {}, element('Deep', {}, 'x')), element('Empty', {})));
    expect(await fieldsOf(shape, [text('SYSTEM')])).toEqual({ 'Operation.mode': '1', 'User.sid': 'S-1-5-18', User: 'SYSTEM', Deep: 'x', Empty: '' });
  });

  it('are not mistaken for properties of the event, nor elements of System for what objects have', async () => {
    const event = element('Event', {}, element('System', {}, element('constructor', {}, 'x'), element('__proto__', {}, 'y'), element('EventID', {}, '1')), element('EventData', {}, element('Data', { Name: 'EventID' }, '2')));
    const { records } = await read(evtxFile([new ChunkWriter().add({ id: 1n, time: 0n, event }).finish()]));
    expect(records).toMatchObject([{ eventId: 1, fields: { EventID: '2' } }]);
  });

  it('of UserData may be binary XML inside the wrapper', async () => {
    const inner: WrittenValue = { fragment: element('User', {}, 'SYSTEM') };
    expect(await fieldsOf(element('UserData', {}, element('Operation', {}, hole(0))), [inner])).toEqual({ User: 'SYSTEM' });
  });

  it('of other parts of an event are there too, texts for people are not', async () => {
    const event = element(
      'Event',
      {},
      element('System', {}, element('EventID', {}, '91')),
      element('ProcessingErrorData', {}, element('ErrorCode', {}, '15005'), element('EventPayload', {}, 'FF')),
      element('RenderingInfo', { Culture: 'en-US' }, element('Message', {}, 'It happened.')),
    );
    const { records } = await read(evtxFile([new ChunkWriter().add({ id: 1n, time: 0n, event }).finish()]));
    expect(records[0]?.fields).toEqual({ ErrorCode: '15005', EventPayload: 'FF' });
  });
});

describe('a file', () => {
  it('that was in use is read from its chunks, whatever its header counts', async () => {
    const file = evtxFile([chunkOf(1), chunkOf(2), chunkOf(3)], { dirty: true, chunkCount: 1 });
    expect(await read(file).then((all) => [images(all), all.problems])).toEqual([['1.exe', '2.exe', '3.exe'], []]);
  });

  it('whose header is damaged says so and is read', async () => {
    const file = evtxFile([chunkOf(1)]);
    file[42] = 99;
    const all = await read(file);
    expect(images(all)).toEqual(['1.exe']);
    expect(all.problems).toEqual([{ offset: 0, whole: false, reason: expect.stringContaining('file header') as string }]);
  });

  it('with fewer chunks than its header counts says so', async () => {
    const { problems } = await read(evtxFile([chunkOf(1)], { chunkCount: 2 }));
    expect(problems).toMatchObject([{ offset: HEAD + CHUNK, whole: false }]);
  });

  it('with room that was never used is whole', async () => {
    expect((await read(evtxFile([chunkOf(1), Buffer.alloc(CHUNK)], { chunkCount: 1 }))).problems).toEqual([]);
  });

  it('with a chunk that was wiped says so', async () => {
    const all = await read(evtxFile([chunkOf(1), Buffer.alloc(CHUNK), chunkOf(3)]));
    expect(images(all)).toEqual(['1.exe', '3.exe']);
    expect(all.problems).toMatchObject([{ offset: HEAD + CHUNK, whole: false }]);
  });

  it('that is no event file is a problem as a whole', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('ElfFile'), Buffer.alloc(10_000, 1)]) {
      expect(await read(bytes)).toEqual({ records: [], problems: [{ offset: 0, whole: true, reason: expect.stringContaining('ElfFile') as string }] });
    }
  });

  it('with a chunk whose beginning was overwritten says so and gives what is there', async () => {
    const [flipped, wiped] = [chunkOf(2, 3), chunkOf(4)];
    flipped[0] = 0x44;
    wiped.fill(0, 0, 512);
    const all = await read(evtxFile([chunkOf(1), flipped, wiped, chunkOf(5)]));
    expect(images(all)).toEqual(['1.exe', '2.exe', '3.exe', '4.exe', '5.exe']);
    expect(all.problems).toMatchObject([{ offset: HEAD + CHUNK }, { offset: HEAD + 2 * CHUNK }, { offset: HEAD + 2 * CHUNK + 512 }]);
  });

  it('of nothing but beginnings of chunks is passed over in large steps', async () => {
    const noise = Buffer.concat([Buffer.from('x'), Buffer.alloc(4 * CHUNK, 'ElfChnk\0', 'latin1')]);
    const all = await read(Buffer.concat([evtxFile([chunkOf(1)]), noise, chunkOf(2)]));
    expect(images(all)).toEqual(['1.exe', '2.exe']);
    expect(all.problems.length).toBeLessThan(10);
  });

  it('that ends in the middle of a chunk gives what is there', async () => {
    const file = evtxFile([chunkOf(1), chunkOf(2, 3)]);
    const all = await read(file.subarray(0, HEAD + CHUNK + 4000));
    expect(images(all)).toEqual(['1.exe', '2.exe', '3.exe']);
    expect(all.problems).toMatchObject([{ offset: HEAD + CHUNK, reason: expect.stringContaining('ends in the middle') as string }]);
  });

  it('from which bytes were cut is read again where the next chunk begins', async () => {
    const [first, second, third] = [chunkOf(1), chunkOf(2), chunkOf(3)];
    const all = await read(Buffer.concat([evtxFile([first]), second.subarray(1000), third]));
    expect(images(all)).toEqual(['1.exe', '3.exe']);
    expect(all.problems).toMatchObject([{ offset: HEAD + CHUNK }]);
  });
});

describe('a text in an event that looks like a chunk', () => {
  it('does not hide the chunk behind it when the one around it is damaged', async () => {
    const around = new ChunkWriter().add(recordOf(2n, body, [text(Buffer.from('ElfChnk\0'.repeat(8), 'latin1').toString('utf16le'))])).finish();
    around.fill(0xff, 0, 8);
    around.fill(0xff, 512, 520);
    const all = await read(evtxFile([chunkOf(1), around, chunkOf(3)]));
    expect(images(all)).toEqual(['1.exe', '3.exe']);
    expect(all.problems[0]).toMatchObject({ offset: HEAD + CHUNK });
  });
});

describe('a chunk', () => {
  it('whose records were changed says so and gives what makes sense', async () => {
    const chunk = chunkOf(1, 2);
    chunk[chunk.indexOf(Buffer.from('2.exe', 'utf16le'))] = 0x33;
    const all = await read(evtxFile([chunk]));
    expect(images(all)).toEqual(['1.exe', '3.exe']);
    expect(all.problems).toEqual([{ offset: HEAD + 512, whole: false, reason: expect.stringContaining('checksum of the records') as string }]);
  });

  it('whose head was changed is read to its end', async () => {
    const chunk = chunkOf(1, 2);
    chunk.writeUInt32LE(600, 48);
    const all = await read(evtxFile([chunk]));
    expect(images(all)).toEqual(['1.exe', '2.exe']);
    expect(all.problems).toMatchObject([{ offset: HEAD }, { offset: HEAD + 512 }]);
  });

  it('with a damaged record gives those behind it', async () => {
    const chunk = chunkOf(1, 2, 3);
    const second = 512 + chunk.readUInt32LE(516);
    const third = second + chunk.readUInt32LE(second + 4);
    chunk.writeUInt32LE(0xffff_ffff, second + 4);
    chunk.writeUInt32LE(0xffff_ffff, third - 4);
    const all = await read(evtxFile([sealChunk(chunk)]));
    expect(images(all)).toEqual(['1.exe', '3.exe']);
    expect(all.problems).toMatchObject([{ offset: HEAD + second, reason: expect.stringContaining('passed over') as string }]);
  });

  it.each<[string, (record: Buffer) => void]>([
    ['its size at the front', (bytes) => bytes.writeUInt32LE(0xffff_ffff, 4)],
    ['its size at the end', (bytes) => bytes.writeUInt32LE(0xffff_ffff, bytes.length - 4)],
    ['what marks its beginning', (bytes) => bytes.writeUInt32LE(0x2a2b)],
  ])('gives a record that is whole but for %s, and says so', async (_name, damage) => {
    for (const place of [1, 2]) {
      const chunk = chunkOf(1, 2, 3);
      const starts = [512];
      for (let at = 512; at < chunk.readUInt32LE(48); at = starts.at(-1) ?? at) starts.push(at + chunk.readUInt32LE(at + 4));
      damage(chunk.subarray(starts[place], starts[place + 1]));
      const all = await read(evtxFile([sealChunk(chunk)]));
      expect(images(all)).toEqual(['1.exe', '2.exe', '3.exe']);
      expect(all.problems).toMatchObject([{ offset: HEAD + (starts[place] ?? 0), reason: expect.stringContaining('what it holds is read') as string }]);
    }
  });

  it('does not give what is left of an older use when only the checksum of its head is wrong', async () => {
    const [chunk, old] = [chunkOf(11, 12), chunkOf(1, 2, 3, 4, 5)];
    const end = chunk.readUInt32LE(48);
    const oldRecord = 512 + old.readUInt32LE(516);
    old.copy(chunk, end, oldRecord, old.readUInt32LE(48));
    chunk[124] = (chunk[124] ?? 0) ^ 1;
    const all = await read(evtxFile([chunk]));
    expect(images(all)).toEqual(['11.exe', '12.exe']);
    expect(all.problems).toMatchObject([{ offset: HEAD }]);
  });

  it('in use is read to its newest record, not into what is left of an older use', async () => {
    const [fresh, old] = [chunkOf(11, 12, 13), chunkOf(1, 2, 3)];
    const third = 512 + fresh.readUInt32LE(516) + fresh.readUInt32LE(512 + fresh.readUInt32LE(516) + 4);
    fresh.writeUInt32LE(third, 48);
    expect(images(await read(evtxFile([sealChunk(fresh)], { dirty: true })))).toEqual(['11.exe', '12.exe', '13.exe']);
    old.writeUInt32LE(third, 48);
    old.writeBigUInt64LE(9n, 512 + old.readUInt32LE(516) + 8);
    expect(images(await read(evtxFile([sealChunk(old)], { dirty: true })))).toEqual(['1.exe', '2.exe']);
  });
});
