/**
 * What kind of volume a mount is, and whether a permission mark may be put on it.
 *
 * A mark makes every start on the file system wait for us, and our look at the file may then wait for whoever serves the file
 * system. So what is served by another program or machine (FUSE, network, automount) is never marked: starts there are judged after the fact.
 */
import { readFileSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { VolumeKind } from '../contract.ts';
import type { MountRow } from './mount-table.ts';

const NETWORK = new Set([
  'nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', 'ncpfs', 'afs', 'ceph', 'coda', 'lustre', 'gpfs', 'gfs', 'gfs2', 'ocfs2', 'orangefs', 'pvfs2', 'beegfs',
  // Folders of the host of a virtual machine: another system serves them.
  '9p', 'virtiofs', 'vboxsf', 'vmhgfs', 'prl_fs',
]);
const MEMORY = new Set(['tmpfs', 'ramfs', 'devtmpfs']);
const IMAGE = new Set(['squashfs', 'erofs', 'iso9660', 'udf', 'cramfs', 'romfs']);
/** Views of the kernel: they hold no programs. */
const KERNEL = new Set([
  'proc', 'sysfs', 'devpts', 'cgroup', 'cgroup2', 'cpuset', 'debugfs', 'tracefs', 'securityfs', 'pstore', 'bpf', 'efivarfs', 'configfs', 'fusectl',
  'mqueue', 'hugetlbfs', 'binfmt_misc', 'nsfs', 'pipefs', 'sockfs', 'rpc_pipefs', 'nfsd', 'selinuxfs', 'smackfs', 'resctrl', 'bdev', 'anon_inodefs',
]);
/** Local although they have no device number of their own. */
const LOCAL_WITHOUT_DEVICE = new Set(['overlay', 'aufs', 'btrfs', 'zfs', 'bcachefs', 'ecryptfs', 'ubifs', 'jffs2']);
const LOOP_MAJOR = '7:';

export function isFuse(fsType: string): boolean {
  return fsType === 'fuse' || fsType === 'fuseblk' || fsType.startsWith('fuse.');
}

/** A view of the kernel, no place for programs. */
export function isKernelView(fsType: string): boolean {
  return KERNEL.has(fsType);
}

/** Null: permission marks may be put on it. Else the reason, in words. */
export function whyNotMarkable(row: Pick<MountRow, 'fsType' | 'device'>): string | null {
  const { fsType, device } = row;
  if (isFuse(fsType)) return 'a program serves this file system (FUSE) and could block every start on it; starts are judged right after they happen';
  if (NETWORK.has(fsType)) return 'another machine serves this file system and could block every start on it; starts are judged right after they happen';
  if (fsType === 'autofs') return 'an automount point holds no programs itself; what gets mounted there counts';
  if (KERNEL.has(fsType)) return 'a view of the kernel, holds no programs';
  if (device.startsWith('0:') && !MEMORY.has(fsType) && !LOCAL_WITHOUT_DEVICE.has(fsType)) {
    return `file system type ${fsType} is not known to answer by itself; starts are judged right after they happen`;
  }
  return null;
}

export function volumeKind(row: Pick<MountRow, 'fsType' | 'device' | 'mountPoint' | 'source'>): VolumeKind {
  if (NETWORK.has(row.fsType)) return 'network';
  if (MEMORY.has(row.fsType) || KERNEL.has(row.fsType)) return 'memory';
  // Before FUSE: a stick with a foreign file system is often served by a program (fuseblk) and still a stick.
  if (isRemovableDevice(row.device)) return 'removable';
  if (isFuse(row.fsType)) return 'fuse';
  if (/^\/(run\/)?media\//.test(row.mountPoint)) return 'removable';
  if (IMAGE.has(row.fsType) || row.device.startsWith(LOOP_MAJOR)) return 'image';
  return 'fixed';
}

const SYSFS_BLOCK = '/sys/dev/block';
const MOST_LAYERS = 8;

/** By the kernel's device tree: removable medium, USB, or memory card; also below encryption or volume management (`slaves`). */
export function isRemovableDevice(device: string, sysfs = SYSFS_BLOCK, layers = MOST_LAYERS): boolean {
  if (device.startsWith('0:') || layers === 0) return false;
  try {
    const folder = realpathSync(path.join(sysfs, device));
    const disk = hasFile(folder, 'partition') ? path.dirname(folder) : folder;
    if (readWord(disk, 'removable') === '1' || /\/usb\d+\//.test(disk) || readWord(disk, 'device/type') === 'SD') return true;
    return slavesOf(folder).some((slave) => isRemovableDevice(slave, sysfs, layers - 1));
  } catch {
    return false; // gone, or no sysfs here
  }
}

function slavesOf(folder: string): string[] {
  try {
    return readdirSync(path.join(folder, 'slaves')).map((name) => readWord(path.join(folder, 'slaves', name), 'dev') ?? '0:0');
  } catch {
    return [];
  }
}

function hasFile(folder: string, name: string): boolean {
  return readWord(folder, name) !== null;
}

function readWord(folder: string, name: string): string | null {
  try {
    return readFileSync(path.join(folder, name), 'latin1').trim();
  } catch {
    return null;
  }
}
