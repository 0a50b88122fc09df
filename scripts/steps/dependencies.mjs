/** node_modules as package-lock.json says, without running anybody's install script. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths, root } from '../lib/paths.mjs';
import { lastLines, npm } from '../lib/run.mjs';
import { say, seconds } from '../lib/say.mjs';
import { readState, writeState } from '../lib/state-file.mjs';

const INSTALL_TIMEOUT_MS = 10 * 60_000;
const stampFile = join(paths.setup, 'dependencies.json');
/** npm's own account of what it installed. */
const installedFile = join(paths.nodeModules, '.package-lock.json');

export function dependenciesReady() {
  return existsSync(installedFile) && readState(stampFile)['lockfile'] === wantedStamp();
}

/** @returns {Promise<void>} */
export async function ensureDependencies() {
  if (dependenciesReady()) return;
  if (!existsSync(installedFile) || !installedMatches()) {
    const from = performance.now();
    say('installing dependencies (npm ci, install scripts off) …');
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const result = await npm(args, { cwd: root, timeoutMs: INSTALL_TIMEOUT_MS });
    if (!result.ok) throw new Error(`npm ci failed:\n${lastLines(result, 12)}`);
    say(`dependencies installed in ${seconds(from)}`);
  }
  writeState(stampFile, { lockfile: wantedStamp() });
}

function wantedStamp() {
  return createHash('sha256').update(readFileSync(paths.lockfile)).digest('hex');
}

/** True when someone already ran npm by hand and all that the lockfile needs here stands in the wanted version. */
function installedMatches() {
  return holdsAll(packagesOf(paths.lockfile), packagesOf(installedFile));
}

/**
 * @typedef {Record<string, { version?: string, optional?: boolean }>} Packages by their folder, '' for the project itself
 * @param {Packages} wanted
 * @param {Packages} installed
 * @returns {boolean}
 */
export function holdsAll(wanted, installed) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    // An optional one may be for another system.
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
}

/**
 * @param {string} file
 * @returns {Packages}
 */
function packagesOf(file) {
  const packages = readState(file)['packages'];
  return typeof packages === 'object' && packages !== null
    ? /** @type {Packages} */ (packages)
    : {};
}
