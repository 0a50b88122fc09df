/**
 * What a mapping can make of the values of an event, so that they read as Sysmon would have written them. Each gets the
 * values of the fields it names, in that order; undefined stands for a field that the event does not have.
 */

type Given = readonly (string | undefined)[];
type Transform = (given: Given) => string | undefined;

export const TRANSFORM_NAMES = ['decimal', 'account', 'identity', 'integrity', 'registry-path', 'registry-value', 'registry-act'] as const;
export type TransformName = (typeof TRANSFORM_NAMES)[number];

/** Accounts whose names Windows writes in the language of the device; Sysmon's form of them is what rules know. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  'S-1-5-18': 'NT AUTHORITY\\SYSTEM',
  'S-1-5-19': 'NT AUTHORITY\\LOCAL SERVICE',
  'S-1-5-20': 'NT AUTHORITY\\NETWORK SERVICE',
};
const NOBODY = 'S-1-0-0';

/** Mandatory levels, [MS-DTYP] 2.4.2.4. */
const INTEGRITY: Readonly<Record<string, string>> = {
  'S-1-16-0': 'Untrusted',
  'S-1-16-4096': 'Low',
  'S-1-16-8192': 'Medium',
  'S-1-16-8448': 'Medium',
  'S-1-16-12288': 'High',
  'S-1-16-16384': 'System',
};

/** Message numbers that the Security log writes for the act of a 4657. */
const REGISTRY_ACTS: Readonly<Record<string, string>> = { '%%1904': 'SetValue', '%%1905': 'SetValue', '%%1906': 'DeleteValue' };
const REG_DWORD = '%%1876';
const REG_QWORD = '%%1883';

const ROOTS: readonly (readonly [RegExp, string])[] = [
  [/^\\REGISTRY\\MACHINE(?=\\|$)/i, 'HKLM'],
  [/^\\REGISTRY\\USER(?=\\|$)/i, 'HKU'],
];

const TRANSFORMS: Readonly<Record<TransformName, Transform>> = {
  decimal: ([number]) => decimal(number),
  account: accountOf,
  identity: (given) => given.find(says),
  integrity: ([sid]) => (sid === undefined ? undefined : INTEGRITY[sid]),
  'registry-path': ([key, value]) => registryPath(key, value),
  'registry-value': ([value, type]) => registryValue(value, type),
  'registry-act': ([act]) => (act === undefined ? undefined : REGISTRY_ACTS[act]),
};

export function transform(name: TransformName, given: Given): string | undefined {
  return TRANSFORMS[name](given);
}

/** `0x2b8` as Sysmon writes it; other text as it is. */
function decimal(text: string | undefined): string | undefined {
  return text !== undefined && /^0x[0-9a-f]{1,13}$/i.test(text) ? String(Number.parseInt(text, 16)) : text;
}

/** Domain, name and SID of several accounts: the first that is one, as `DOMAIN\name`. */
function accountOf(given: Given): string | undefined {
  for (let at = 0; at + 2 < given.length; at += 3) {
    const [domain, name, sid] = [given[at], given[at + 1], given[at + 2]];
    const known = sid === undefined ? undefined : WELL_KNOWN[sid];
    if (known !== undefined) return known;
    if (sid === NOBODY || name === undefined || !says(name)) continue;
    return domain !== undefined && says(domain) ? `${domain}\\${name}` : name;
  }
  return undefined;
}

/** Windows writes a hyphen, or an identity of zero, for "none". */
function says(text: string | undefined): boolean {
  return text !== undefined && text !== '' && text !== '-' && text !== '0x0';
}

function registryPath(key: string | undefined, value: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  const root = ROOTS.find(([pattern]) => pattern.test(key));
  const path = root === undefined ? key : key.replace(root[0], root[1]);
  return value === undefined || !says(value) ? path : `${path}\\${value}`;
}

/** Sysmon writes numbers as `DWORD (0x00000001)` and `QWORD (0x00000000-0x00000001)`, high half first. */
function registryValue(value: string | undefined, type: string | undefined): string | undefined {
  if (value === undefined || !/^(?:\d{1,20}|0x[0-9a-f]{1,16})$/i.test(value)) return value;
  if (type === REG_DWORD) return `DWORD (0x${hex(value, 8)})`;
  if (type !== REG_QWORD) return value;
  const digits = hex(value, 16);
  return `QWORD (0x${digits.slice(0, 8)}-0x${digits.slice(8)})`;
}

function hex(value: string, digits: number): string {
  return BigInt(value).toString(16).padStart(digits, '0');
}
