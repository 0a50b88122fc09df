/** Security identifiers as text (`S-1-5-18`) and how many bytes they take. */
import { Damage } from './damage.ts';

const HEAD_BYTES = 8;
const MOST_SUB_AUTHORITIES = 15;

/** Bytes of the SID at `offset`. */
export function sidSize(view: DataView, offset: number, end: number): number {
  const count = offset + HEAD_BYTES <= end ? view.getUint8(offset + 1) : MOST_SUB_AUTHORITIES + 1;
  const size = HEAD_BYTES + count * 4;
  if (count > MOST_SUB_AUTHORITIES || offset + size > end) throw new Damage('a security identifier does not fit its value');
  return size;
}

export function sidText(view: DataView, offset: number, end: number): string {
  const size = sidSize(view, offset, end);
  const authority = view.getUint16(offset + 2, false) * 0x1_0000_0000 + view.getUint32(offset + 4, false);
  let text = `S-${view.getUint8(offset)}-${authorityText(authority)}`;
  for (let at = HEAD_BYTES; at < size; at += 4) text += `-${view.getUint32(offset + at, true)}`;
  return text;
}

/** Windows writes what does not fit 32 bits in hexadecimal. */
function authorityText(authority: number): string {
  return authority > 0xffff_ffff ? `0x${authority.toString(16).padStart(12, '0')}` : String(authority);
}
