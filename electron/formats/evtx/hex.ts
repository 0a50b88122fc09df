/** Binary data and GUIDs in capital hexadecimal digits, as most versions of Windows write both. */

const DIGITS = Buffer.from('0123456789ABCDEF', 'latin1');

/** A GUID's text; its hyphens and braces stay where they are. */
const guid = Buffer.from('{00000000-0000-0000-0000-000000000000}', 'latin1');
/** Where in the text each byte of a GUID stands: the first three groups are numbers, lowest byte first. */
const GUID_PLACES = [7, 5, 3, 1, 12, 10, 17, 15, 20, 22, 25, 27, 29, 31, 33, 35];

export function guidText(view: DataView, offset: number): string {
  for (let index = 0; index < GUID_PLACES.length; index += 1) {
    const byte = view.getUint8(offset + index);
    const place = GUID_PLACES[index] ?? 0;
    guid[place] = DIGITS[byte >> 4] ?? 0;
    guid[place + 1] = DIGITS[byte & 15] ?? 0;
  }
  return guid.toString('latin1');
}

export function hexText(bytes: Buffer, offset: number, size: number): string {
  return bytes.toString('hex', offset, offset + size).toUpperCase();
}
