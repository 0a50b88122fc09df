/**
 * A root file system on a tmpfs of the test's own, with Node.js, the built Holdfast and nothing else; and a way to run something in
 * namespaces where it is the only one. The machine's own file systems are not mounted there, so nothing can mark them.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { detach, mount } from './libc.ts';

const repository = path.join(import.meta.dirname, '../../..');
const MODULES = ['koffi', '@koromix/koffi-linux-x64', 'libsql', '@libsql/linux-x64-gnu', '@neon-rs/load', 'detect-libc', 'yaml'];
const LIMIT_MS = 40_000;

/** The mounts of the machine are private first, so that nothing here reaches it; the old root is let go before anything else runs. */
const ENTER = `set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
mkdir -p old proc
pivot_root . old
cd /
mount -t proc proc /proc
umount -l /old
rmdir /old
shift
exec "$@"
`;

export class ThrowAwayRoot {
  readonly path: string;

  constructor() {
    this.path = mkdtempSync(path.join(os.tmpdir(), 'holdfast-root-'));
    mount('holdfast-test', this.path, 'tmpfs', 'mode=0755,size=512m');
    for (const folder of ['app/node_modules', 'tools', 'tmp', 'var/lib', 'run', 'etc', 'root', 'home', 'dev', 'usr/bin', 'bin', 'sbin']) mkdirSync(path.join(this.path, folder), { recursive: true });
    for (const program of [process.execPath, '/bin/sh', '/usr/bin/mount', '/usr/bin/umount', '/usr/bin/rmdir', '/usr/bin/mkdir', '/usr/sbin/pivot_root']) this.addProgram(program);
    for (const folder of ['dist', 'resources']) cpSync(path.join(repository, folder), path.join(this.path, 'app', folder), { recursive: true });
    for (const name of MODULES) cpSync(realpathSync(path.join(repository, 'node_modules', name)), path.join(this.path, 'app/node_modules', name), { recursive: true, dereference: true });
    for (const native of ['@koromix/koffi-linux-x64/linux_x64/koffi.node', '@libsql/linux-x64-gnu/index.node']) this.addLibrariesOf(path.join(repository, 'node_modules', native));
    copyFileSync(path.join(repository, 'package.json'), path.join(this.path, 'app/package.json'));
    writeFileSync(path.join(this.path, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/false\n');
    for (const [name, minor] of [['null', 3], ['zero', 5], ['urandom', 9]] as const) execFileSync('mknod', ['-m', '666', path.join(this.path, 'dev', name), 'c', '1', String(minor)]);
  }

  /** With the libraries it needs, each where it expects them. */
  private addProgram(program: string): void {
    this.add(program);
    this.addLibrariesOf(program);
  }

  private addLibrariesOf(binary: string): void {
    const listing = execFileSync('ldd', [binary], { encoding: 'utf8' });
    for (const library of listing.split('\n').flatMap((line) => /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1] ?? [])) this.add(library);
  }

  private add(file: string): void {
    const target = path.join(this.path, file);
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(realpathSync(file), target);
  }

  /** Runs Node.js there on a file of the tree, as the first process of a process namespace that ends with it. Gives what it wrote. */
  run(script: string, ...args: readonly string[]): Promise<string> {
    const command = ['-m', '-p', '-f', '--kill-child=SIGKILL', '/bin/sh', '-c', ENTER, 'enter', this.path, process.execPath, script, ...args];
    return new Promise((resolve, reject) => {
      const child = spawn('unshare', command, { stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS, killSignal: 'SIGKILL', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } });
      let [out, errors] = ['', ''];
      child.stdout.on('data', (data) => { out += String(data); });
      child.stderr.on('data', (data) => { errors += String(data); });
      child.once('error', reject);
      child.once('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`ended with ${code}: ${out} ${errors}`))));
    });
  }

  remove(): void {
    detach(this.path);
    rmdirSync(this.path);
  }
}

/** Device of the machine's own root, as mount tables write it. */
export function rootDevice(): string {
  const rows = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').map((line) => line.split(' '));
  const device = rows.filter((row) => row[4] === '/').at(-1)?.[2];
  if (device === undefined) throw new Error('the mount table names no root');
  return device;
}
