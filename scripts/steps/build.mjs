/** dist/ as the sources say. Built aside and swapped in, so that a program that starts meanwhile never sees half of it. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { withLock } from '../lib/lock.mjs';
import { paths, root } from '../lib/paths.mjs';
import { say, seconds } from '../lib/say.mjs';
import { readState, writeState } from '../lib/state-file.mjs';

const SOURCES = ['electron', 'renderer', 'shared', 'build', 'resources/rules', 'package-lock.json', 'tsconfig.base.json'];
const stampFile = join(paths.dist, 'built-from.json');

/** Whether dist/ is what the sources would give now. Reads no file's content: this runs before every command. */
export function isBuilt() {
  return existsSync(stampFile) && readState(stampFile)['sources'] === fingerprint();
}

/** @returns {Promise<void>} */
export async function ensureBuilt() {
  if (isBuilt()) return;
  await withLock(
    join(paths.setup, 'build.lock'),
    (holder) => {
      say(`waiting for the build of process ${String(holder)} …`);
    },
    async () => {
      // Whoever held the lock may have done it.
      if (!isBuilt()) await buildAll();
    },
  );
}

/** @returns {Promise<void>} */
export async function buildAll() {
  const from = performance.now();
  say('building …');
  const before = fingerprint();
  const fresh = join(paths.setup, `build-${String(process.pid)}`);
  const old = join(paths.setup, `replaced-${String(process.pid)}`);
  try {
    const { bundleAll } = await import('../../build/bundle.mjs');
    await bundleAll(fresh).catch((/** @type {Error} */ error) => {
      // The bundler colours its message whatever it is written to.
      throw new Error(process.stderr.isTTY ? error.message : stripVTControlCharacters(error.message), { cause: error });
    });
    writeState(join(fresh, 'built-from.json'), { sources: before });
    if (existsSync(paths.dist)) renameSync(paths.dist, old);
    renameSync(fresh, paths.dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
  say(`built in ${seconds(from)}`);
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES) addTo(hash, source);
  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} path below the root
 */
function addTo(hash, path) {
  const full = join(root, path);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (stat.isDirectory()) {
    for (const name of readdirSync(full).sort()) addTo(hash, `${path}/${name}`);
    return;
  }
  hash.update(`${path}\0${String(stat.size)}\0${String(stat.mtimeMs)}\n`);
}
