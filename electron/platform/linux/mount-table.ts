/** /proc/<pid>/mountinfo as a table (proc_pid_mountinfo(5)): pure parsing, no I/O. */
import { decodeBytes } from '../../../shared/text/surrogate-escape.ts';

export interface MountRow {
  readonly id: number;
  readonly parent: number;
  readonly device: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
  readonly fsType: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

export function parseMountTable(content: Uint8Array): MountRow[] {
  const rows: MountRow[] = [];
  // One character per byte, so that escapes and bytes that are no UTF-8 survive until each field is decoded.
  for (const line of Buffer.from(content).toString('latin1').split('\n')) {
    const row = parseRow(line);
    if (row !== null) rows.push(row);
  }
  return rows;
}

/** `36 35 98:0 /root /mount rw,noatime master:1 - ext3 /dev/root rw`: the optional fields before the dash vary in number. */
function parseRow(line: string): MountRow | null {
  const fields = line.split(' ');
  const dash = fields.indexOf('-', 6);
  const [id, parent, device, , mountPoint, options] = fields;
  const [fsType, source, superOptions] = dash === -1 ? [] : fields.slice(dash + 1);
  if (id === undefined || parent === undefined || device === undefined || mountPoint === undefined || options === undefined || fsType === undefined) return null;
  return {
    id: Number(id),
    parent: Number(parent),
    device,
    mountPoint: unescapeField(mountPoint),
    options: options.split(','),
    fsType: unescapeField(fsType),
    source: unescapeField(source ?? ''),
    superOptions: (superOptions ?? '').split(','),
  };
}

/** Space, tab, newline and backslash are written as three octal digits (seq_path in the kernel). */
function unescapeField(field: string): string {
  const bytes = field.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8) & 0xff));
  return decodeBytes(Buffer.from(bytes, 'latin1'));
}

/**
 * The mounts that a path still leads to: of several on one mount point the one mounted last, and none that another mount on a folder above
 * has covered. Walks each mount point from the root, as the kernel does.
 */
export function reachableMounts(rows: readonly MountRow[]): MountRow[] {
  const ids = new Set(rows.map((row) => row.id));
  const children = new Map<number, Map<string, MountRow>>();
  for (const row of rows) {
    const parent = ids.has(row.parent) && row.parent !== row.id ? row.parent : OUTSIDE;
    const siblings = children.get(parent) ?? new Map<string, MountRow>();
    children.set(parent, siblings.set(row.mountPoint, row));
  }
  return rows.filter((row) => mountAt(row.mountPoint, children) === row);
}

/** Parent of the mounts whose own parent is not in the table: the root, or what a chroot shows. */
const OUTSIDE = -1;

function mountAt(path: string, children: ReadonlyMap<number, ReadonlyMap<string, MountRow>>): MountRow | null {
  let found: MountRow | null = null;
  let current = OUTSIDE;
  for (const prefix of prefixes(path)) {
    for (let depth = 0; depth < children.size + 1; depth += 1) {
      const next: MountRow | undefined = children.get(current)?.get(prefix);
      if (next === undefined) break;
      found = next;
      current = next.id;
    }
  }
  return found;
}

/** `/`, `/a`, `/a/b` for `/a/b`. */
function prefixes(path: string): string[] {
  const result = ['/'];
  for (let slash = path.indexOf('/', 1); slash !== -1; slash = path.indexOf('/', slash + 1)) result.push(path.slice(0, slash));
  if (path !== '/') result.push(path);
  return result;
}
