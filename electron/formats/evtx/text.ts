/**
 * Strings from bytes. What fits Latin-1, nearly everything, becomes a string of one byte a character: half the memory, and
 * quicker to search for who reads the fields.
 */

/** The same bytes in two views. */
export interface TextBytes {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** A chunk holds no longer one; fields never keep a part of it alive. */
const scratch = Buffer.alloc(1 << 16);

/** UTF-16, little-endian; `size` in bytes. Closing zeros are no part of a text. */
export function utf16({ bytes, view }: TextBytes, offset: number, size: number): string {
  let end = offset + (size & ~1);
  while (end > offset && view.getUint16(end - 2, true) === 0) end -= 2;
  let length = 0;
  let seen = 0;
  for (let at = offset; at < end; at += 2) {
    const unit = view.getUint16(at, true);
    scratch[length] = unit;
    seen |= unit;
    length += 1;
  }
  return seen < 0x100 ? scratch.toString('latin1', 0, length) : bytes.toString('utf16le', offset, end);
}

/** What Windows-1252 has at 0x80 to 0x9f; elsewhere it is Latin-1. (Node 20's own decoder takes it for Latin-1 throughout.) */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** The file does not say which code page the writer had; Western European is what Windows assumes elsewhere. */
export function ansiText(bytes: Buffer, offset: number, size: number): string {
  let end = offset + size;
  while (end > offset && bytes[end - 1] === 0) end -= 1;
  return bytes.toString('latin1', offset, end).replace(/[\u0080-\u009f]/g, (character) => WINDOWS_1252.charAt(character.charCodeAt(0) - 0x80));
}

/** UTF-16 texts, each closed by a zero; the last may lack it. One at least. */
export function utf16List(source: TextBytes, offset: number, size: number): string[] {
  const end = offset + (size & ~1);
  const found: string[] = [];
  let start = offset;
  for (let at = offset; at < end; at += 2) {
    if (source.view.getUint16(at, true) !== 0) continue;
    found.push(utf16(source, start, at - start));
    start = at + 2;
  }
  if (start < end || found.length === 0) found.push(utf16(source, start, end - start));
  return found;
}

/** Byte texts, each closed by a zero; the last may lack it. */
export function ansiList(bytes: Buffer, offset: number, size: number): string[] {
  const end = offset + size;
  const found: string[] = [];
  let start = offset;
  for (let at = offset; at < end; at += 1) {
    if (bytes[at] !== 0) continue;
    found.push(ansiText(bytes, start, at - start));
    start = at + 1;
  }
  if (start < end) found.push(ansiText(bytes, start, end - start));
  return found;
}
