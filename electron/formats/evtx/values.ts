/** One value of a template instance as the text that Windows shows for it. */
import { ARRAY, ValueType } from './binxml.ts';
import { Damage } from './damage.ts';
import { hexText, guidText } from './hex.ts';
import { sidSize, sidText } from './sid.ts';
import { ansiList, ansiText, utf16, utf16List, type TextBytes } from './text.ts';
import { fileTimeText, systemTimeText } from './time.ts';

/** Bytes of one value; what is absent has no fixed size. */
const FIXED_SIZES: Readonly<Record<number, number>> = {
  [ValueType.int8]: 1,
  [ValueType.uint8]: 1,
  [ValueType.int16]: 2,
  [ValueType.uint16]: 2,
  [ValueType.int32]: 4,
  [ValueType.uint32]: 4,
  [ValueType.int64]: 8,
  [ValueType.uint64]: 8,
  [ValueType.real32]: 4,
  [ValueType.real64]: 8,
  [ValueType.boolean]: 4,
  [ValueType.guid]: 16,
  [ValueType.fileTime]: 8,
  [ValueType.systemTime]: 16,
  [ValueType.hexInt32]: 4,
  [ValueType.hexInt64]: 8,
};

/** Of one value: a time is 28 characters. */
const LEAST_COST = 32;
/** Each element of an array takes some memory, however small it is. */
const COST_IN_ARRAY = 8;
/** The text of a fraction takes ten times as long as another. */
const FRACTION = 8;

/** What a value may take of the memory and time that its chunk has, as bytes of text. Told before it is rendered. */
export function valueCost(type: number, size: number): number {
  const kind = type & ~ARRAY;
  const factor = kind === ValueType.real32 || kind === ValueType.real64 ? FRACTION : 1;
  return factor * ((type & ARRAY) === 0 ? Math.max(size, LEAST_COST) : size * COST_IN_ARRAY);
}

/** The value must lie inside the bytes. Binary XML has no text of its own and is the caller's matter. */
export function valueText(source: TextBytes, type: number, offset: number, size: number): string | string[] {
  if (type === ValueType.string) return utf16(source, offset, size);
  if (size === 0 || type === ValueType.null) return '';
  if ((type & ARRAY) !== 0) return arrayTexts(source, type & ~ARRAY, offset, size);
  const needed = FIXED_SIZES[type];
  if (needed !== undefined) {
    if (size < needed) throw new Damage(`a value of type ${type} has ${size} bytes where ${needed} are needed`);
    return fixedText(source.view, type, offset);
  }
  return sizedText(source, type, offset, size);
}

function sizedText(source: TextBytes, type: number, offset: number, size: number): string {
  const { bytes, view } = source;
  switch (type) {
    case ValueType.ansiString:
      return ansiText(bytes, offset, size);
    case ValueType.xml:
      return utf16(source, offset, size);
    case ValueType.binary:
      return hexText(bytes, offset, size);
    case ValueType.sid:
      return sidText(view, offset, offset + size);
    case ValueType.size:
    case ValueType.handle:
      return fixedText(view, size >= 8 ? ValueType.hexInt64 : ValueType.hexInt32, size >= 4 ? offset : tooShort(type, size));
    default:
      throw new Damage(`there is no value type ${type}`);
  }
}

function tooShort(type: number, size: number): never {
  throw new Damage(`a value of type ${type} has only ${size} bytes`);
}

function fixedText(view: DataView, type: number, offset: number): string {
  switch (type) {
    case ValueType.uint8:
      return String(view.getUint8(offset));
    case ValueType.uint16:
      return String(view.getUint16(offset, true));
    case ValueType.uint32:
      return String(view.getUint32(offset, true));
    case ValueType.uint64:
      return uint64Text(view, offset);
    case ValueType.boolean:
      return view.getUint32(offset, true) === 0 ? 'false' : 'true';
    case ValueType.guid:
      return guidText(view, offset);
    case ValueType.fileTime:
      return fileTimeText(view.getUint32(offset, true), view.getUint32(offset + 4, true));
    case ValueType.systemTime:
      return systemTimeText(view, offset);
    case ValueType.hexInt32:
      return `0x${view.getUint32(offset, true).toString(16)}`;
    case ValueType.hexInt64:
      return hex64Text(view, offset);
    default:
      return signedOrRealText(view, type, offset);
  }
}

function signedOrRealText(view: DataView, type: number, offset: number): string {
  switch (type) {
    case ValueType.int8:
      return String(view.getInt8(offset));
    case ValueType.int16:
      return String(view.getInt16(offset, true));
    case ValueType.int32:
      return String(view.getInt32(offset, true));
    case ValueType.int64:
      return view.getBigInt64(offset, true).toString();
    case ValueType.real32:
      return real32Text(view.getFloat32(offset, true));
    default:
      return realText(view.getFloat64(offset, true));
  }
}

function uint64Text(view: DataView, offset: number): string {
  return view.getUint32(offset + 4, true) === 0 ? String(view.getUint32(offset, true)) : view.getBigUint64(offset, true).toString();
}

function hex64Text(view: DataView, offset: number): string {
  const high = view.getUint32(offset + 4, true);
  const low = view.getUint32(offset, true).toString(16);
  return high === 0 ? `0x${low}` : `0x${high.toString(16)}${low.padStart(8, '0')}`;
}

/** Below it numbers have fewer digits than others. */
const LEAST_NORMAL_REAL32 = 2 ** -126;

/** The fewest digits that give the same 32-bit number again; nine always do, and six bring back any number that was written with up to six. */
function real32Text(value: number): string {
  for (let precision = Math.abs(value) < LEAST_NORMAL_REAL32 ? 1 : 6; precision < 9; precision += 1) {
    const text = Number(value.toPrecision(precision));
    if (Math.fround(text) === value) return realText(text);
  }
  return realText(Number(value.toPrecision(9)));
}

/** As an XML number: infinity and not-a-number have names of their own there. */
function realText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'INF' : '-INF';
}

function arrayTexts(source: TextBytes, type: number, offset: number, size: number): string[] {
  if (type === ValueType.string) return utf16List(source, offset, size);
  if (type === ValueType.ansiString) return ansiList(source.bytes, offset, size);
  const step = FIXED_SIZES[type] ?? 0;
  const found: string[] = [];
  if (step > 0) {
    if (size % step !== 0) throw new Damage(`an array of values of ${step} bytes has ${size}`);
    for (let at = 0; at < size; at += step) found.push(fixedText(source.view, type, offset + at));
    return found;
  }
  if (type === ValueType.sid) {
    for (let at = offset; at < offset + size; at += sidSize(source.view, at, offset + size)) found.push(sidText(source.view, at, offset + size));
    return found;
  }
  if (type === ValueType.size) return arrayTexts(source, size % 8 === 0 ? ValueType.hexInt64 : ValueType.hexInt32, offset, size);
  throw new Damage(`there are no arrays of value type ${type}`);
}
