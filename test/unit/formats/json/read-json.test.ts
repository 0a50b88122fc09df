import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_VALUE_BYTES } from '../../../../electron/formats/json/json-values.ts';
import { readJson } from '../../../../electron/formats/json/read-json.ts';
import { inPieces, readAll, type ReadAll } from '../../../support/read-items.ts';

function read(text: string | Buffer, pieceBytes = 7): Promise<ReadAll> {
  return readAll(readJson(inPieces(Buffer.from(text), pieceBytes)));
}

function line(id: number, fields: object = { Image: 'a.exe' }): string {
  return JSON.stringify({ eventId: id, channel: 'C', provider: 'P', computer: 'PC', time: null, group: null, fields });
}

function ids({ records }: ReadAll): number[] {
  return records.map(({ eventId }) => eventId);
}

describe('events are found', () => {
  it.each<[string, string]>([
    ['on lines', [1, 2, 3].map((id) => line(id)).join('\n')],
    ['on lines that end as on Windows, the last one too', [1, 2, 3].map((id) => `${line(id)}\r\n`).join('')],
    ['behind the mark of UTF-8', `\ufeff${[1, 2, 3].map((id) => line(id)).join('\n')}`],
    ['with empty lines between', `\n\n${[1, 2, 3].map((id) => line(id)).join('\n\n \n')}\n`],
    ['over many lines, one behind the other', [1, 2, 3].map((id) => JSON.stringify(JSON.parse(line(id)), null, 2)).join('\n')],
    ['in a list on one line', `[${[1, 2, 3].map((id) => line(id)).join(',')}]`],
    ['in a list on many lines', JSON.stringify([1, 2, 3].map((id) => JSON.parse(line(id)) as unknown), null, 4)],
    ['in a list with one on each line', `[\n${[1, 2, 3].map((id) => line(id)).join(',\n')}\n]`],
    ['one behind the other on one line', [1, 2, 3].map((id) => line(id)).join(' ')],
  ])('%s', async (_name, text) => {
    const all = await read(text);
    expect(all.problems).toEqual([]);
    expect(ids(all)).toEqual([1, 2, 3]);
  });

  it('with strings that hold what opens and closes', async () => {
    const fields = { A: '{"[\\', B: '}]"\n', C: '漢字 \u2028' };
    const all = await read(JSON.stringify(JSON.parse(line(1, fields)), null, 1));
    expect(all.records[0]?.fields).toEqual(fields);
  });

  it('with an escape cut in two, whatever the buffer holds behind it of earlier pieces', async () => {
    const pieces = [`${'\n'.repeat(200)}${line(1)}\n`, '{\n"eventId":2,"channel":"C","fields":{"A":"b\\', '"c"}\n}'];
    const all = await readAll(readJson(Readable.from(pieces.map((piece) => Buffer.from(piece)))));
    expect(all.problems).toEqual([]);
    expect(all.records[1]?.fields).toEqual({ A: 'b"c' });
  });

  it('however the bytes are cut into pieces', { timeout: 30_000 }, async () => {
    const texts = fc.array(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'binary' }), { maxKeys: 5 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 64 }), fc.constantFrom(undefined, 1, '\t'), async (events, pieceBytes, indent) => {
        const written = events.map((fields, index) => JSON.stringify(JSON.parse(line(index, { ...fields, Data: '' })), null, indent));
        const all = await read(written.join('\n'), pieceBytes);
        expect(all.problems).toEqual([]);
        expect(all.records.map(({ fields }) => ({ ...fields }))).toEqual(events.map((fields) => ({ ...fields, Data: '' })));
      }),
    );
  });
});

describe('what is broken is told with its line and passed over', () => {
  it.each<[string, string, number, string]>([
    ['a line that is cut off', `${line(1)}\n{"eventId":2,"fie\n${line(3)}`, 2, 'inside a string'],
    ['a line that is cut off between members', `${line(1)}\n{"eventId":2,\n${line(3)}`, 2, 'not closed'],
    ['a line that is no JSON', `${line(1)}\nhello {world}\n${line(3)}`, 2, 'no JSON object'],
    ['a line that is not quite JSON', `${line(1)}\n{'eventId':2}\n${line(3)}`, 2, 'no valid JSON'],
    ['a line that is no event', `${line(1)}\n{"a":1}\n${line(3)}`, 2, 'no event'],
    ['an event without a number', `${line(1)}\n${line(2).replace('2', '"two"')}\n${line(3)}`, 2, 'no event'],
    ['an object over many lines with a broken string', `${line(1)}\n{\n  "eventId": 2,\n  "a": "b\n  "c": {\n    "d": 1\n  }\n}\n${line(3)}`, 2, 'inside a string'],
  ])('%s', async (_name, text, at, reason) => {
    const all = await read(text);
    expect(ids(all)).toEqual([1, 3]);
    expect(all.problems).toEqual([{ offset: Buffer.byteLength(line(1)) + 1, whole: false, reason: expect.stringMatching(new RegExp(`^line ${at}: .*${reason}`)) as string }]);
  });

  it('the end of a text in the middle of an object', async () => {
    const all = await read(`${line(1)}\n${line(2).slice(0, -3)}`);
    expect(ids(all)).toEqual([1]);
    expect(all.problems).toMatchObject([{ reason: expect.stringContaining('line 2: the text ends') as string }]);
  });

  it('a line longer than any event, without keeping it', async () => {
    const long = `{"eventId":2,"fields":{"A":"${'x'.repeat(LONGEST_VALUE_BYTES + 70_000)}"}}`;
    for (const text of [`${line(1)}\n${long}\n${line(3)}`, `[${line(1)},\n${long},\n${line(3)}]`]) {
      const all = await read(text, 50_000);
      expect(ids(all)).toEqual([1, 3]);
      expect(all.problems).toMatchObject([{ reason: expect.stringContaining('line 2: an object is longer') as string }]);
    }
  });

  it('a line without end that is no object', async () => {
    const all = await read(`${line(1)}\n${'x'.repeat(300_000)}\n${line(3)}`, 50_000);
    expect(ids(all)).toEqual([1, 3]);
    expect(all.problems).toHaveLength(1);
  });

  it('lists in lists a million deep', async () => {
    const all = await read(`${line(1)}\n{"a":${'['.repeat(1_000_000)}\n${line(3)}`, 50_000);
    expect(ids(all)).toEqual([1, 3]);
    expect(all.problems).toHaveLength(1);
    const closed = await read(`{"EventID":1,"Channel":"C","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n${line(3)}`, 50_000);
    expect(ids(closed)).toEqual([3]);
    expect(closed.problems).toHaveLength(1);
  });

  it('any changed bytes: never a crash, and the lines around are read', { timeout: 30_000 }, async () => {
    const text = Buffer.from([1, 2, 3, 4, 5].map((id) => line(id)).join('\n'));
    const change = fc.tuple(fc.integer({ min: line(1).length + 1, max: text.length - line(5).length - 2 }), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 8 }), fc.integer({ min: 1, max: 300 }), async (changes, pieceBytes) => {
        const changed = Buffer.from(text);
        for (const [at, byte] of changes) changed[at] = byte;
        const found = ids(await read(changed, pieceBytes));
        expect(found.at(0)).toBe(1);
        expect(found.at(-1)).toBe(5);
      }),
    );
  });
});
