import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMountTable, reachableMounts } from '../../../../electron/platform/linux/mount-table.ts';

const TABLE = `21 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/root rw,discard
30 21 0:30 / /mnt/with\\040space rw - tmpfs none rw,size=1k
31 21 8:1 /sub /mnt/back\\134slash\\012line ro,nosuid - vfat /dev/sda1 ro
`;

describe('parseMountTable', () => {
  it('reads fields, escapes and any number of optional fields', () => {
    const rows = parseMountTable(Buffer.from(TABLE));
    expect(rows.map((row) => row.mountPoint)).toEqual(['/', '/mnt/with space', '/mnt/back\\slash\nline']);
    expect(rows[0]).toMatchObject({ id: 21, parent: 1, device: '254:0', fsType: 'ext4', source: '/dev/root', superOptions: ['rw', 'discard'] });
    expect(rows[2]?.options).toContain('ro');
  });

  it('keeps bytes that are not UTF-8', () => {
    const line = Buffer.concat([Buffer.from('1 0 0:1 / /mnt/'), Buffer.from([0xff]), Buffer.from(' rw - tmpfs none rw\n')]);
    expect(parseMountTable(line)[0]?.mountPoint).toBe('/mnt/\udcff');
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => {
      reachableMounts(parseMountTable(Buffer.from(text)));
    }));
  });
});

describe('reachableMounts', () => {
  const names = (table: string): string[] => reachableMounts(parseMountTable(Buffer.from(table))).map((row) => `${row.mountPoint} ${row.source}`);
  const row = (id: number, parent: number, point: string, source: string): string => `${id} ${parent} 0:${id} / ${point} rw - tmpfs ${source} rw\n`;

  it('lists the mount on top of a mount point', () => {
    expect(names(row(1, 0, '/', 'root') + row(2, 1, '/a', 'below') + row(3, 2, '/a', 'above'))).toEqual(['/ root', '/a above']);
  });

  it('leaves out what a later mount on a folder above covers', () => {
    expect(names(row(1, 0, '/', 'root') + row(2, 1, '/a/b', 'hidden') + row(3, 1, '/a', 'cover'))).toEqual(['/ root', '/a cover']);
  });

  it('lists mounts inside of mounts, and those of a root whose parent is not in the table', () => {
    expect(names(row(5, 4, '/', 'chroot') + row(6, 5, '/a', 'one') + row(7, 6, '/a/b', 'two'))).toEqual(['/ chroot', '/a one', '/a/b two']);
    expect(names(row(6, 5, '/a', 'orphan'))).toEqual(['/a orphan']);
  });

  it('ends on a table whose mounts name each other as parents', () => {
    expect(names(row(1, 2, '/', 'one') + row(2, 1, '/', 'two'))).toEqual([]);
  });
});
