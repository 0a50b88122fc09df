/** C library calls that only tests need: mounting their own file systems. The product never mounts. */
import koffi from 'koffi';
import { describeError } from '../../../electron/platform/ffi/libc.ts';

const library = koffi.load(null);
const nativeMount = library.func('mount', 'int', ['str', 'str', 'str', 'ulong', 'str']) as (source: string, target: string, type: string, flags: number, data: string) => number;
const nativeUnmount = library.func('umount2', 'int', ['str', 'int']) as (target: string, flags: number) => number;

// sys/mount.h
const MNT_DETACH = 2;
const MS_BIND = 4096;

export function mount(source: string, target: string, type: string, data = ''): void {
  if (nativeMount(source, target, type, 0, data) !== 0) throw new Error(`mount ${target}: ${describeError(-koffi.errno())}`);
}

/** Shows a folder in a second place, where accounts may enter that can not reach the first. */
export function bindMount(source: string, target: string): void {
  if (nativeMount(source, target, '', MS_BIND, '') !== 0) throw new Error(`bind ${target}: ${describeError(-koffi.errno())}`);
}

/** Takes the mount out of the tree at once; it ends when its last user does. A target that is no mount is left alone. */
export function detach(target: string): void {
  nativeUnmount(target, MNT_DETACH);
}
