/**
 * What a test can need of the machine, and how to find out whether it is here. Plain JavaScript, because the runner asks
 * the same questions again after the tests to see whether each skip was honest.
 *
 * A probe answers null when the thing is here, else why not. It must not change the machine.
 */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..', '..');
const POLKITD = ['/usr/lib/polkit-1/polkitd', '/usr/libexec/polkitd', '/usr/libexec/polkit-1/polkitd'];
const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;
const CAP_SYS_NICE = 23n;

/** Recordings of real attacks, kept outside the repository. */
export const corpusDir = path.resolve(root, process.env['HOLDFAST_CORPUS'] ?? '../shared/corpus');

/** @type {Readonly<Record<import('./probe-names.d.ts').ProbeName, () => string | null>>} */
export const probes = {
  linux: () => (process.platform === 'linux' ? null : 'this is not Linux'),
  windows: () => (process.platform === 'win32' ? null : 'this is not Windows'),
  x64: () => (process.arch === 'x64' ? null : `this is ${process.arch}`),
  arm64: () => (process.arch === 'arm64' ? null : `this is ${process.arch}`),
  'arm64-emulator': () => (onPath(['qemu-aarch64', 'qemu-aarch64-static']) ? null : 'no qemu-aarch64 is installed'),
  root: () => (process.getuid?.() === 0 ? null : 'needs root'),
  'not-root': () => (process.getuid?.() === 0 ? 'needs an ordinary user' : null),
  'exec-gate': () => capability(CAP_SYS_ADMIN, 'fanotify permission events'),
  'process-news': () => capability(CAP_NET_ADMIN, 'the proc connector'),
  'real-time': () => (availableParallelism() < 2 ? 'needs two processors' : capability(CAP_SYS_NICE, 'real-time priority')),
  mounts: () => capability(CAP_SYS_ADMIN, 'mounting a tmpfs'),
  fuse: () => readable('/dev/fuse') ?? capability(CAP_SYS_ADMIN, 'mounting FUSE'),
  'c-compiler': () => (onPath(['cc', 'gcc', 'clang']) ? null : 'no C compiler is installed'),
  python: () => (onPath(['python3']) ? null : 'no python3 is installed'),
  display: () => (process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'] ? null : 'there is no display'),
  xvfb: () => (onPath(['Xvfb']) ? null : 'no Xvfb is installed'),
  chromium: () => (existsSync(process.env['HOLDFAST_CHROMIUM'] ?? '/usr/bin/chromium') ? null : 'no Chromium at /usr/bin/chromium (set HOLDFAST_CHROMIUM)'),
  'notification-service': () => (onPath(['dunst']) && onPath(['notify-send']) && onPath(['dbus-daemon']) ? null : 'dunst, notify-send or dbus-daemon is not installed'),
  polkitd: () => (POLKITD.some((file) => existsSync(file)) && ['pkcheck', 'pkaction', 'dbus-daemon', 'nsenter', 'unshare'].every((name) => onPath([name])) ? null : 'polkitd, its tools, dbus-daemon, nsenter or unshare is not installed'),
  electron: () => electronRuntime(),
  corpus: () => (existsSync(corpusDir) ? null : `no corpus at ${corpusDir} (set HOLDFAST_CORPUS)`),
};

/**
 * @param {bigint} bit
 * @param {string} what
 */
function capability(bit, what) {
  if (process.platform !== 'linux') return 'this is not Linux';
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${effective}`) >> bit) & 1n) === 1n ? null : `${what} needs rights this process does not have`;
}

/** @param {string} file */
function readable(file) {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    return null;
  } catch {
    return `${file} is not there or not accessible`;
  }
}

/** @param {readonly string[]} names */
function onPath(names) {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return names.some((name) => folders.some((folder) => existsSync(path.join(folder, name))));
}

/** Set by the runner, which made sure of a runtime or found that there is none. */
function electronRuntime() {
  const executable = process.env['HOLDFAST_TEST_ELECTRON'];
  if (executable !== undefined && existsSync(executable)) return null;
  return process.env['HOLDFAST_TEST_NO_ELECTRON'] ?? 'no Electron runtime was set up (tests are started by npm test)';
}
