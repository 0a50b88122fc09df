/**
 * Lossless text for bytes that the kernel hands us: paths, arguments, user-chosen names.
 *
 * Linux names are bytes, not text. Valid UTF-8 becomes the same text; every byte that is not part of a valid sequence
 * becomes one lone surrogate U+DC80..U+DCFF (Python's "surrogateescape", PEP 383). `JSON.stringify` writes such a
 * surrogate as `\udcXX`, so files and messages stay ASCII-safe and `encodeBytes` gives back the very bytes.
 */

const ESCAPE_BASE = 0xdc00;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Bytes to text; never throws, never loses a byte. */
export function decodeBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeWithEscapes(bytes);
  }
}

/** Text from `decodeBytes` back to the same bytes; text from elsewhere is encoded as UTF-8. */
export function encodeBytes(text: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(text)) return encoder.encode(text);
  const out: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= ESCAPE_BASE + 0x80 && code <= ESCAPE_BASE + 0xff) out.push(code - ESCAPE_BASE);
    else out.push(...encoder.encode(character));
  }
  return Uint8Array.from(out);
}

function decodeWithEscapes(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const length = validSequenceLength(bytes, at);
    if (length === 0) {
      text += String.fromCharCode(ESCAPE_BASE + (bytes[at] ?? 0));
      at += 1;
      continue;
    }
    text += strict.decode(bytes.subarray(at, at + length));
    at += length;
  }
  return text;
}

/** Length of the valid UTF-8 sequence that starts at `at`, 0 when there is none (RFC 3629, table 3-7 of Unicode). */
function validSequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i += 1) {
    const next = bytes[at + i] ?? 0;
    if (next < 0x80 || next > 0xbf) return 0;
  }
  return length;
}
