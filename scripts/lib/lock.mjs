/** One set-up at a time in a working copy: two starts in two terminals must not unpack over each other. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 10 * 60_000;

/**
 * @template T
 * @param {string} file
 * @param {(holder: number) => void} onWait called once, when another process holds it
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, onWait, work) {
  const deadline = performance.now() + PATIENCE_MS;
  let told = false;
  while (!take(file)) {
    const holder = holderOf(file);
    if (holder !== null && !alive(holder)) {
      rmSync(file, { force: true });
      continue;
    }
    if (performance.now() > deadline) throw new Error(`${file} is held by process ${String(holder)} and is not let go`);
    if (!told && holder !== null) {
      told = true;
      onWait(holder);
    }
    await delay(100);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function take(file) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? '';
    if (code === 'EEXIST') return false;
    if (!['EACCES', 'EPERM', 'EROFS'].includes(code)) throw error;
    throw new Error(`${dirname(file)} can not be written by this account: set this working copy up from the account that owns it (npm run setup)`, { cause: error });
  }
}

/** @param {string} file */
function holderOf(file) {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isInteger(pid) ? pid : null;
  } catch {
    return null;
  }
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
