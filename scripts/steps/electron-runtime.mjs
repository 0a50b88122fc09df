/**
 * Which Electron runs the main process here: the official one, else the stated fallback for development and tests on
 * linux-x64, else none (then the engine runs under plain Node).
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../lib/paths.mjs';
import { lastLines, run } from '../lib/run.mjs';
import { say, seconds } from '../lib/say.mjs';
import { readState, writeState } from '../lib/state-file.mjs';
import { ensureFallback, FALLBACK_VERSION, installedFallback } from './electron-fallback.mjs';

/** Behind a firewall a download can hang for minutes; nobody waits longer than this for what has a fallback. */
const OFFICIAL_TIMEOUT_MS = 20_000;
const stateFile = join(paths.setup, 'electron-runtime.json');
const electronPackage = join(paths.nodeModules, 'electron');

/**
 * @typedef {{ kind: 'official' | 'fallback', executable: string, version: string }} ElectronRuntime
 * @typedef {{ kind: 'none', reason: string }} NoRuntime
 */

/**
 * What is here without fetching anything. The stand-in counts only where the official one was tried in vain.
 * @returns {ElectronRuntime | null}
 */
export function installedRuntime() {
  const version = officialVersion();
  if (version === null) return null;
  const official = officialExecutable(version);
  if (official !== null) return { kind: 'official', executable: official, version };
  const fallback = readState(stateFile)['officialFailedFor'] === version ? installedFallback() : null;
  return fallback === null ? null : { kind: 'fallback', executable: fallback, version: FALLBACK_VERSION };
}

/**
 * @param {{ retryOfficial: boolean }} options
 * @returns {Promise<ElectronRuntime | NoRuntime>}
 */
export async function ensureElectronRuntime(options) {
  const version = officialVersion();
  if (version === null) return { kind: 'none', reason: 'the electron package is not installed' };
  const installed = officialExecutable(version);
  if (installed !== null) return { kind: 'official', executable: installed, version };

  const remembered = readState(stateFile);
  const failedBefore = remembered['officialFailedFor'] === version && !options.retryOfficial;
  if (!failedBefore) {
    const downloaded = await tryOfficial(version);
    if (downloaded !== null) return { kind: 'official', executable: downloaded, version };
  }
  return fallbackOrNone(failedBefore);
}

/**
 * @param {boolean} failedBefore
 * @returns {Promise<ElectronRuntime | NoRuntime>}
 */
async function fallbackOrNone(failedBefore) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    if (failedBefore) say('Electron could not be downloaded before; try again with: npm run setup -- --retry-official');
    return { kind: 'none', reason: `no Electron could be downloaded, and none is known to stand in on ${process.platform}-${process.arch}` };
  }
  const fallback = await ensureFallback();
  return fallback.ok
    ? { kind: 'fallback', executable: fallback.executable, version: FALLBACK_VERSION }
    : { kind: 'none', reason: fallback.reason };
}

/**
 * @param {string} version
 * @returns {Promise<string | null>}
 */
async function tryOfficial(version) {
  const from = performance.now();
  say(`fetching Electron ${version} (tried once, at most ${String(OFFICIAL_TIMEOUT_MS / 1000)} s) …`);
  const result = await run(process.execPath, [join(electronPackage, 'install.js')], { timeoutMs: OFFICIAL_TIMEOUT_MS });
  const executable = result.ok ? officialExecutable(version) : null;
  if (executable !== null) {
    say(`Electron ${version} fetched in ${seconds(from)}`);
    writeState(stateFile, {});
    return executable;
  }
  const reason = firstLine(lastLines(result, 40));
  writeState(stateFile, { officialFailedFor: version, reason });
  say(`Electron ${version} could not be fetched (${reason}); remembered, try again with: npm run setup -- --retry-official`);
  return null;
}

/** @returns {string | null} */
function officialVersion() {
  const version = readState(join(electronPackage, 'package.json'))['version'];
  return typeof version === 'string' ? version : null;
}

/**
 * Read from the files that Electron's own installer leaves; asking the package itself would start a download.
 * @param {string} version
 * @returns {string | null}
 */
function officialExecutable(version) {
  try {
    const found = readFileSync(join(electronPackage, 'dist', 'version'), 'utf8').trim().replace(/^v/, '');
    const executable = join(electronPackage, 'dist', readFileSync(join(electronPackage, 'path.txt'), 'utf8').trim());
    return found === version && existsSync(executable) ? executable : null;
  } catch {
    return null;
  }
}

/** @param {string} text */
function firstLine(text) {
  return text.split('\n').find((line) => line.trim() !== '')?.trim() ?? 'no reason given';
}
