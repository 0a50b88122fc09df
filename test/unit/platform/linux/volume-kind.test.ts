import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRemovableDevice, volumeKind, whyNotMarkable } from '../../../../electron/platform/linux/volume-kind.ts';

describe('whyNotMarkable', () => {
  it.each([['ext4', '8:1'], ['tmpfs', '0:40'], ['overlay', '0:41'], ['btrfs', '0:42'], ['zfs', '0:43'], ['squashfs', '7:3'], ['unheardof', '8:2'], ['devtmpfs', '0:5']])('lets %s be marked', (fsType, device) => {
    expect(whyNotMarkable({ fsType, device })).toBeNull();
  });

  it.each([['fuse', '0:40'], ['fuse.sshfs', '0:41'], ['fuseblk', '8:1'], ['nfs4', '0:42'], ['cifs', '0:43'], ['9p', '0:44'], ['autofs', '0:45'], ['proc', '0:4'], ['cgroup2', '0:7'], ['unheardof', '0:99']])('says why %s is not marked', (fsType, device) => {
    expect(whyNotMarkable({ fsType, device })).toMatch(/\w+ \w+/);
  });
});

describe('volumeKind', () => {
  const kind = (fsType: string, device = '0:99', mountPoint = '/mnt'): string => volumeKind({ fsType, device, mountPoint, source: 'x' });

  it('goes by type, device and place', () => {
    expect([kind('nfs'), kind('tmpfs'), kind('fuse.x'), kind('ext4', '250:250'), kind('squashfs', '7:9'), kind('ext4', '7:9')]).toEqual(['network', 'memory', 'fuse', 'fixed', 'image', 'image']);
    expect(kind('vfat', '250:250', '/media/me/stick')).toBe('removable');
    expect(kind('vfat', '250:250', '/run/media/me/stick')).toBe('removable');
    expect(kind('nfs4', '0:9', '/media/share')).toBe('network');
  });
});

describe('isRemovableDevice', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'sysfs-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function disk(device: string, folder: string, files: Record<string, string>): void {
    const at = path.join(root, folder);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(at, name)), { recursive: true });
      writeFileSync(path.join(at, name), content);
    }
    symlinkSync(at, path.join(root, device));
  }

  it('asks the disk of a partition', () => {
    disk('8:0', 'pci/sda', { removable: '1\n' });
    disk('8:1', 'pci/sda/sda1', { partition: '1\n' });
    disk('8:16', 'pci/sdb', { removable: '0\n' });
    disk('8:17', 'pci/sdb/sdb1', { partition: '1\n' });
    expect([isRemovableDevice('8:1', root), isRemovableDevice('8:17', root)]).toEqual([true, false]);
  });

  it('knows USB disks and memory cards that do not call themselves removable', () => {
    disk('8:0', 'pci/usb2/2-1/host6/block/sdc', { removable: '0\n' });
    disk('179:0', 'mmc/block/mmcblk0', { removable: '0\n', 'device/type': 'SD\n' });
    disk('179:8', 'mmc/block/mmcblk1', { removable: '0\n', 'device/type': 'MMC\n' });
    expect([isRemovableDevice('8:0', root), isRemovableDevice('179:0', root), isRemovableDevice('179:8', root)]).toEqual([true, true, false]);
  });

  it('looks below encryption, and ends where devices name each other', () => {
    disk('8:0', 'pci/usb1/1-1/sda', { removable: '0' });
    disk('253:0', 'virtual/dm-0', { 'slaves/sda/dev': '8:0\n' });
    disk('253:1', 'virtual/dm-1', { 'slaves/dm-1/dev': '253:1\n' });
    expect([isRemovableDevice('253:0', root), isRemovableDevice('253:1', root), isRemovableDevice('9:9', root)]).toEqual([true, false, false]);
  });
});
