/** IP addresses and networks as bytes. IPv4 inside IPv6 (`::ffff:10.0.0.1`) counts as IPv4, whichever side writes it so. */
import type { CidrNetwork } from './model.ts';

/** 4 or 16 bytes, or null for what is no address. A zone (`fe80::1%12`) is left out. */
export function parseAddress(text: string): readonly number[] | null {
  if (text.length > 64) return null;
  const bytes = rawAddress(text.trim());
  return bytes !== null && isMapped(bytes) ? bytes.slice(12) : bytes;
}

/** `10.0.0.0/8`, `fe80::/10` or a single address; else in words what is wrong. Bits behind the prefix are ignored. */
export function parseNetwork(text: string): CidrNetwork | string {
  const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const raw = address.length > 64 || address.includes('%') ? null : rawAddress(address);
  if (raw === null) return `"${text}" is no network such as 10.0.0.0/8 or fe80::/10`;
  const bits = prefix === undefined ? raw.length * 8 : Number(prefix);
  if (bits > raw.length * 8) return `"${text}" has more than ${raw.length * 8} bits`;
  if (isMapped(raw) && bits >= 96) return { shown: text, bytes: raw.slice(12), bits: bits - 96 };
  return { shown: text, bytes: raw, bits };
}

export function contains(network: CidrNetwork, address: readonly number[]): boolean {
  if (network.bytes.length !== address.length) return false;
  const whole = network.bits >> 3;
  for (let index = 0; index < whole; index += 1) if (network.bytes[index] !== address[index]) return false;
  const rest = network.bits & 7;
  if (rest === 0) return true;
  const mask = (0xff << (8 - rest)) & 0xff;
  return ((network.bytes[whole] ?? 0) & mask) === ((address[whole] ?? 0) & mask);
}

function rawAddress(text: string): number[] | null {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function isMapped(bytes: readonly number[]): boolean {
  return bytes.length === 16 && bytes.every((byte, index) => (index < 10 ? byte === 0 : index > 11 || byte === 0xff));
}

function parseV4(text: string): number[] | null {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!found) return null;
  const bytes = found.slice(1).map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

function parseV6(text: string): number[] | null {
  const [address = '', zone] = text.split('%');
  if (zone === '') return null;
  const halves = address.split('::');
  if (halves.length > 2) return null;
  const [front, back] = halves.map(bytesOfGroups);
  if (!front || back === null) return null;
  if (back === undefined) return front.length === 16 ? front : null;
  const gap = 16 - front.length - back.length;
  return gap >= 2 ? [...front, ...new Array<number>(gap).fill(0), ...back] : null;
}

/** `fe80:0:1` as bytes; the last group may be an IPv4 address. */
function bytesOfGroups(text: string): number[] | null {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    const v4 = index === groups.length - 1 && group.includes('.') ? parseV4(group) : null;
    if (v4) bytes.push(...v4);
    else if (/^[0-9a-fA-F]{1,4}$/.test(group)) bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff);
    else return null;
  }
  return bytes.length <= 16 ? bytes : null;
}
