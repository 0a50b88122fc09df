/**
 * The system libraries Electron links against. The loader itself is asked what is missing, so nothing is installed that
 * another package already brought.
 */
import { createInterface } from 'node:readline/promises';
import { lastLines, run } from '../lib/run.mjs';
import { say, seconds } from '../lib/say.mjs';

const ASK_LOADER_MS = 10_000;
const UPDATE_TIMEOUT_MS = 2 * 60_000;
const INSTALL_TIMEOUT_MS = 5 * 60_000;

/** Library files by the Debian package that brings them; the second name is the one since the 64-bit time change. */
const PACKAGES = /** @type {const} */ ([
  [/^lib(nss|smime|ssl|nspr|plc|plds)/, 'libnss3', 'libnss3'],
  [/^lib(atk|atspi)/, 'libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'],
  [/^libasound/, 'libasound2', 'libasound2t64'],
  [/^libcups/, 'libcups2', 'libcups2t64'],
  [/^libgbm/, 'libgbm1', 'libgbm1'],
  [/^libdrm/, 'libdrm2', 'libdrm2'],
]);
/** GTK pulls in all else: cairo, pango, glib and the X libraries. */
const GTK = /** @type {const} */ ([/^/, 'libgtk-3-0', 'libgtk-3-0t64']);

/**
 * @param {string} executable
 * @returns {Promise<string | null>} why Electron can not start here, or null when it can
 */
export async function ensureSystemLibraries(executable) {
  if (process.platform !== 'linux') return null;
  const missing = await missingLibraries(executable);
  if (missing.length === 0) return null;
  const names = missing.join(', ');
  if (!(await run('apt-get', ['--version'], { timeoutMs: ASK_LOADER_MS })).ok) {
    return `system libraries are missing (${names}); install them with this system's package manager`;
  }
  const root = process.getuid?.() === 0;
  const mayInstall = root && (await agreed(missing));
  if (mayInstall) {
    await install(missing);
  }
  const still = mayInstall ? await missingLibraries(executable) : missing;
  if (still.length === 0) return null;
  const command = `apt-get install -y --no-install-recommends ${(await packagesFor(still)).join(' ')}`;
  return `system libraries are missing (${still.join(', ')}); install them with: ${root ? '' : 'sudo '}${command}`;
}

/**
 * @param {string} executable
 * @returns {Promise<string[]>}
 */
export async function missingLibraries(executable) {
  if (process.platform !== 'linux') return [];
  const result = await run('ldd', [executable], { timeoutMs: ASK_LOADER_MS });
  const names = [...result.output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
  return [...new Set(names)];
}

/** @param {readonly string[]} missing */
async function agreed(missing) {
  if (!process.stdin.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const packages = (await packagesFor(missing)).join(' ');
    const answer = await terminal.question(`Electron needs system packages (${packages}). Install them now with apt-get? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

/** @param {readonly string[]} missing */
async function install(missing) {
  const from = performance.now();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  say(`installing the system packages Electron needs (missing: ${missing.join(', ')}) …`);
  // A fresh container has no package lists at all.
  const update = await run('apt-get', ['update', '-q'], { timeoutMs: UPDATE_TIMEOUT_MS, env });
  if (!update.ok) say(`apt-get update did not work, trying with the lists that are here: ${lastLines(update, 2)}`);
  const args = ['install', '-y', '-q', '--no-install-recommends', ...(await packagesFor(missing))];
  const result = await run('apt-get', args, { timeoutMs: INSTALL_TIMEOUT_MS, env });
  say(result.ok ? `system packages installed in ${seconds(from)}` : `apt-get install failed: ${lastLines(result)}`);
}

/**
 * @param {readonly string[]} missing
 * @returns {Promise<string[]>}
 */
async function packagesFor(missing) {
  const names = new Set();
  for (const library of missing) {
    const pair = packageOf(library);
    names.add((await known(pair.since64BitTime)) ? pair.since64BitTime : pair.before);
  }
  return [...names];
}

/**
 * @param {string} library such as `libgtk-3.so.0`
 * @returns {{ before: string, since64BitTime: string }}
 */
export function packageOf(library) {
  const [, before, since64BitTime] = PACKAGES.find(([pattern]) => pattern.test(library)) ?? GTK;
  return { before, since64BitTime };
}

/** @param {string} name */
async function known(name) {
  const result = await run('apt-cache', ['show', '--no-all-versions', name], { timeoutMs: ASK_LOADER_MS });
  return result.ok && /^Filename:/m.test(result.output);
}
