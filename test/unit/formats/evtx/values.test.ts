import { describe, expect, it } from 'vitest';
import { readEvtx } from '../../../../electron/formats/evtx/read-evtx.ts';
import { ARRAY, dataTemplate, nothing, raw, recordOf, text, written } from '../../../support/evtx-values.ts';
import { ChunkWriter, evtxFile, type WrittenValue } from '../../../support/evtx-writer.ts';
import { inPieces, readAll } from '../../../support/read-items.ts';

const SID = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0];
const GUID = [0x67, 0x45, 0x23, 0xa1, 0xab, 0x89, 0xef, 0xcd, 1, 2, 3, 4, 5, 6, 7, 8];
const GUID_TEXT = '{A1234567-89AB-CDEF-0102-030405060708}';
/** 1601-01-01, 1970-01-01, 2000-02-29, 9999-12-31, later years (of which the last four digits are written), the last that has a sign, and how Windows writes them. */
const TIMES: readonly (readonly [bigint, string])[] = [
  [0n, '1601-01-01T00:00:00.0000000Z'],
  [116_444_736_000_000_000n, '1970-01-01T00:00:00.0000000Z'],
  [125_963_423_999_999_999n, '2000-02-29T23:59:59.9999999Z'],
  [2_650_467_743_999_999_999n, '9999-12-31T23:59:59.9999999Z'],
  [2_650_467_744_000_000_000n, '0000-01-01T00:00:00.0000000Z'],
  [0x4000_0000_0000_0000n, '6214-11-08T13:24:02.7387904Z'],
  [0x7fff_ffff_ffff_ffffn, '0828-09-14T02:48:05.4775807Z'],
  [0xffff_ffff_ffff_ffffn, '0000-00-00T00:00:00.0000000Z'],
];

function numbers(type: number, size: number, write: (bytes: Buffer) => void): WrittenValue {
  return written(type, size, write);
}

function systemTime(year: number, month: number, day: number): WrittenValue {
  return written(0x12, 16, (bytes) => [year, month, 0, day, 1, 2, 3, 45].forEach((part, index) => bytes.writeUInt16LE(part, index * 2)));
}

async function rendered(value: WrittenValue): Promise<string | readonly string[] | undefined> {
  const file = evtxFile([new ChunkWriter().add(recordOf(1n, dataTemplate(['Value']), [value])).finish()]);
  const { records, problems } = await readAll(readEvtx(inPieces(file)));
  expect(problems).toEqual([]);
  return records[0]?.fields['Value'];
}

describe('a value is rendered as Windows does', () => {
  it.each<[string, WrittenValue, string | string[]]>([
    ['no value in a hole that is not optional', nothing, ''],
    ['a string', text('C:\\Windows\\System32\\cmd.exe'), 'C:\\Windows\\System32\\cmd.exe'],
    ['a string with a closing zero', text('cmd.exe\0\0'), 'cmd.exe'],
    ['a string with a zero inside, where something could hide', text('cmd\0 /c evil'), 'cmd\0 /c evil'],
    ['a string beyond Latin-1, with a half of a pair', text('naïve → 漢字 \ud83d'), 'naïve → 漢字 \ud83d'],
    ['white space at the ends', text(' "a.exe"  '), ' "a.exe"  '],
    ['an array of strings with room for none', raw(ARRAY | 0x01, [1]), ''],
    ['an ANSI string', raw(0x02, [0x80, 0x41, 0xe9, 0]), '€Aé'],
    ['int8', raw(0x03, [0x80]), '-128'],
    ['uint8', raw(0x04, [0xff]), '255'],
    ['int16', raw(0x05, [0xfe, 0xff]), '-2'],
    ['uint16', raw(0x06, [0xfe, 0xff]), '65534'],
    ['int32', numbers(0x07, 4, (bytes) => bytes.writeInt32LE(-2_147_483_648)), '-2147483648'],
    ['uint32', numbers(0x08, 4, (bytes) => bytes.writeUInt32LE(4_294_967_295)), '4294967295'],
    ['int64', numbers(0x09, 8, (bytes) => bytes.writeBigInt64LE(-9_007_199_254_740_993n)), '-9007199254740993'],
    ['uint64', numbers(0x0a, 8, (bytes) => bytes.writeBigUInt64LE(18_446_744_073_709_551_615n)), '18446744073709551615'],
    ['a small uint64', numbers(0x0a, 8, (bytes) => bytes.writeBigUInt64LE(7n)), '7'],
    ['real32', numbers(0x0b, 4, (bytes) => bytes.writeFloatLE(0.1)), '0.1'],
    ['real32 of six digits', numbers(0x0b, 4, (bytes) => bytes.writeFloatLE(123456)), '123456'],
    ['real32 of nine digits', numbers(0x0b, 4, (bytes) => bytes.writeFloatLE(0.300000042)), '0.30000004'],
    ['the smallest real32', numbers(0x0b, 4, (bytes) => bytes.writeUInt32LE(1)), '1e-45'],
    ['real64', numbers(0x0c, 8, (bytes) => bytes.writeDoubleLE(-1234.5678)), '-1234.5678'],
    ['an infinite real64', numbers(0x0c, 8, (bytes) => bytes.writeDoubleLE(-Infinity)), '-INF'],
    ['true', raw(0x0d, [1, 0, 0, 0]), 'true'],
    ['false', raw(0x0d, [0, 0, 0, 0]), 'false'],
    ['binary', raw(0x0e, [0, 0xab, 0x10]), '00AB10'],
    ['no binary', raw(0x0e, []), ''],
    ['a GUID', raw(0x0f, GUID), GUID_TEXT],
    ['a size of 4 bytes', raw(0x10, [0xff, 1, 0, 0]), '0x1ff'],
    ['a size of 8 bytes', raw(0x10, [0xff, 1, 0, 0, 1, 0, 0, 0]), '0x1000001ff'],
    ['a SYSTEMTIME', written(0x12, 16, (bytes) => [2026, 8, 3, 5, 1, 2, 3, 45].forEach((part, index) => bytes.writeUInt16LE(part, index * 2))), '2026-08-05T01:02:03.0450000Z'],
    ['a SYSTEMTIME beyond the year 9999', systemTime(10_001, 2, 28), '0001-02-28T01:02:03.0450000Z'],
    ['a SYSTEMTIME of a leap year', systemTime(2024, 2, 29), '2024-02-29T01:02:03.0450000Z'],
    ['a SYSTEMTIME that was never set', raw(0x12, Buffer.alloc(16)), '1601-01-01T00:00:00.0000000Z'],
    ['a SYSTEMTIME of a day that does not exist', systemTime(2023, 2, 29), '1601-01-01T00:00:00.0000000Z'],
    ['a SID', raw(0x13, SID), 'S-1-5-32-544'],
    ['a SID of an authority beyond 32 bits', raw(0x13, [1, 1, 0, 1, 0, 0, 0, 0xab, 9, 0, 0, 0]), 'S-1-0x0001000000ab-9'],
    ['a hexadecimal integer, not padded', raw(0x14, [0xff, 0xff, 0x1f, 0]), '0x1fffff'],
    ['a zero', raw(0x14, [0, 0, 0, 0]), '0x0'],
    ['a hexadecimal integer of 64 bits', raw(0x15, [0x0d, 0, 0, 0, 0x0a, 0, 0, 0x80]), '0x8000000a0000000d'],
    ['a small hexadecimal integer of 64 bits', raw(0x15, [0xe7, 3, 0, 0, 0, 0, 0, 0]), '0x3e7'],
    ['XML as text', raw(0x23, Buffer.from('<a>1</a>', 'utf16le')), '<a>1</a>'],
  ])('%s', async (_name, value, expected) => {
    expect(await rendered(value)).toEqual(expected);
  });

  it.each(TIMES)('a FILETIME to 100 ns: %s', async (ticks, expected) => {
    expect(await rendered(written(0x11, 8, (bytes) => bytes.writeBigUInt64LE(ticks)))).toBe(expected);
  });

  it.each<[string, WrittenValue, string[]]>([
    ['strings', raw(ARRAY | 0x01, Buffer.from('one\0\0three\0', 'utf16le')), ['one', '', 'three']],
    ['strings, the last without a zero', raw(ARRAY | 0x01, Buffer.from('one\0two', 'utf16le')), ['one', 'two']],
    ['ANSI strings', raw(ARRAY | 0x02, Buffer.from('a\0b\0', 'latin1')), ['a', 'b']],
    ['uint16', raw(ARRAY | 0x06, [1, 0, 2, 1]), ['1', '258']],
    ['booleans', raw(ARRAY | 0x0d, [1, 0, 0, 0, 0, 0, 0, 0]), ['true', 'false']],
    ['GUIDs', raw(ARRAY | 0x0f, [...GUID, ...GUID]), [GUID_TEXT, GUID_TEXT]],
    ['sizes', raw(ARRAY | 0x10, [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]), ['0x1', '0x2']],
    ['SIDs', raw(ARRAY | 0x13, [...SID, ...SID]), ['S-1-5-32-544', 'S-1-5-32-544']],
    ['hexadecimal integers', raw(ARRAY | 0x14, [1, 0, 0, 0, 16, 0, 0, 0]), ['0x1', '0x10']],
  ])('an array of %s becomes a list', async (_name, value, expected) => {
    expect(await rendered(value)).toEqual(expected);
  });

  it('an array of one becomes a text', async () => {
    expect(await rendered(raw(ARRAY | 0x01, Buffer.from('one\0', 'utf16le')))).toBe('one');
  });

  it.each<[string, WrittenValue]>([
    ['an unknown type', raw(0x30, [1])],
    ['a number that is too short', raw(0x08, [1, 2])],
    ['a SID that leaves its value', raw(0x13, [1, 15, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0])],
    ['an array that does not divide', raw(ARRAY | 0x08, [1, 2, 3, 4, 5])],
  ])('%s makes the record a problem and the next one is read', async (_name, value) => {
    const body = dataTemplate(['Value']);
    const chunk = new ChunkWriter().add(recordOf(1n, body, [value])).add(recordOf(2n, body, [text('next')]));
    const { records, problems } = await readAll(readEvtx(inPieces(evtxFile([chunk.finish()]))));
    expect(records.map(({ fields }) => fields['Value'])).toEqual(['next']);
    expect(problems).toEqual([{ offset: 4096 + 512, whole: false, reason: expect.stringContaining('record 1: ') as string }]);
  });
});
