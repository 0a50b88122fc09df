/**
 * Values as they look inside encoded text: UTF-16 and Base64. `base64offset` gives three values, one for each place that
 * the first byte can have in a group of three; what its neighbours decide is cut off at both ends.
 */
import type { PatternToken } from '../model.ts';

export type Encoding = 'base64' | 'base64offset' | 'utf16' | 'utf16le' | 'utf16be';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Characters at the front that hold bits of the 0, 1 or 2 bytes before the value. */
const CUT_FRONT = [0, 2, 3] as const;
/** Characters at the end that hold bits of bytes behind the value, by the bytes in the last group. */
const CUT_END = [0, 3, 2] as const;

/** The encoded forms of one value, any of which may stand in an event; else in words what is wrong. */
export function encodeValue(tokens: readonly PatternToken[], encodings: readonly Encoding[]): readonly (readonly PatternToken[])[] | string {
  if (!encodings.some((one) => one.startsWith('base64'))) return [tokens.map((token, index) => (typeof token === 'string' ? fromBytes(encodeText(token, encodings, index === 0)) : token))];
  const text = tokens.reduce<string | null>((joined, token) => (joined === null || typeof token !== 'string' ? null : joined + token), '');
  if (text === null) return 'a value with a wildcard can not be encoded';
  const bytes = encodeText(text, encodings, true);
  if (encodings.at(-1) !== 'base64offset') return [[fromBytes(bytes)]];
  const forms = [0, 1, 2].map((offset) => atOffset(bytes, offset));
  return forms.some((form) => form === '') ? 'the value is too short for base64offset' : forms.map((form) => [form]);
}

/** All encodings but base64offset, one after the other. */
function encodeText(text: string, encodings: readonly Encoding[], first: boolean): readonly number[] {
  let bytes: readonly number[] | null = null;
  for (const encoding of encodings) {
    if (encoding === 'base64offset') break;
    const source: string = bytes === null ? text : fromBytes(bytes);
    bytes = encoding === 'base64' ? toBytes(base64(bytes ?? toUtf8(text))) : utf16(source, encoding, first);
  }
  return bytes ?? toUtf8(text);
}

function utf16(text: string, encoding: Encoding, first: boolean): readonly number[] {
  const mark = encoding === 'utf16' && first ? [0xff, 0xfe] : [];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (encoding === 'utf16be') mark.push(unit >> 8, unit & 0xff);
    else mark.push(unit & 0xff, unit >> 8);
  }
  return mark;
}

function atOffset(bytes: readonly number[], offset: number): string {
  const shifted = [...new Array<number>(offset).fill(0), ...bytes];
  const text = base64(shifted);
  return text.slice(CUT_FRONT[offset], text.length - (CUT_END[shifted.length % 3] ?? 0));
}

function base64(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [one = 0, two, three] = bytes.slice(at, at + 3);
    const bits = (one << 16) | ((two ?? 0) << 8) | (three ?? 0);
    text += ALPHABET.charAt(bits >> 18) + ALPHABET.charAt((bits >> 12) & 63);
    text += two === undefined ? '=' : ALPHABET.charAt((bits >> 6) & 63);
    text += three === undefined ? '=' : ALPHABET.charAt(bits & 63);
  }
  return text;
}

function toUtf8(text: string): readonly number[] {
  return [...new TextEncoder().encode(text)];
}

function toBytes(text: string): readonly number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

/** A character for each byte, as a log shows them at best. */
function fromBytes(bytes: readonly number[]): string {
  return bytes.map((byte) => String.fromCharCode(byte)).join('');
}
