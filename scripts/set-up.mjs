/** All that must stand before anything of ours can run, in order; each step is quick when it has nothing to do. */
import { join } from 'node:path';
import { withLock } from './lib/lock.mjs';
import { paths } from './lib/paths.mjs';
import { say } from './lib/say.mjs';
import { ensureBuilt, isBuilt } from './steps/build.mjs';
import { dependenciesReady, ensureDependencies } from './steps/dependencies.mjs';
import { ensureElectronRuntime, installedRuntime } from './steps/electron-runtime.mjs';
import { nodeComplaint } from './steps/node-version.mjs';
import { ensureSystemLibraries, missingLibraries } from './steps/system-libraries.mjs';

/**
 * What the program will run on.
 * @typedef {{ kind: 'electron', executable: string, version: string, official: boolean }
 *   | { kind: 'node', reason: string }} Runtime
 */

/**
 * @param {{ retryOfficial?: boolean }} [options]
 * @returns {Promise<Runtime>}
 */
export async function setUp(options = {}) {
  const complaint = nodeComplaint(process.versions.node);
  if (complaint !== null) throw new Error(complaint);
  if (options.retryOfficial !== true) {
    const ready = await readyRuntime();
    if (ready !== null) return ready;
  }
  return withLock(
    join(paths.setup, 'set-up.lock'),
    (holder) => {
      say(`waiting for the set-up of process ${String(holder)} …`);
    },
    async () => {
      await ensureDependencies();
      const runtime = await runtimeHere(options.retryOfficial === true);
      await ensureBuilt();
      return runtime;
    },
  );
}

/**
 * The usual case, without a lock: nothing is missing, so nothing is written, and whoever may read the working copy may
 * start from it.
 * @returns {Promise<Runtime | null>}
 */
async function readyRuntime() {
  if (!dependenciesReady() || !isBuilt()) return null;
  const electron = installedRuntime();
  if (electron === null || (await missingLibraries(electron.executable)).length > 0) return null;
  return fromElectron(electron);
}

/**
 * @param {boolean} retryOfficial
 * @returns {Promise<Runtime>}
 */
async function runtimeHere(retryOfficial) {
  const electron = await ensureElectronRuntime({ retryOfficial });
  if (electron.kind === 'none') return { kind: 'node', reason: electron.reason };
  const reason = await ensureSystemLibraries(electron.executable);
  if (reason !== null) return { kind: 'node', reason };
  return fromElectron(electron);
}

/**
 * @param {import('./steps/electron-runtime.mjs').ElectronRuntime} electron
 * @returns {Runtime}
 */
function fromElectron(electron) {
  return { kind: 'electron', executable: electron.executable, version: electron.version, official: electron.kind === 'official' };
}

/**
 * @param {Runtime} runtime
 * @returns {string}
 */
export function describe(runtime) {
  if (runtime.kind === 'node') return `no Electron here, the engine runs under plain Node: ${runtime.reason}`;
  return runtime.official
    ? `Electron ${runtime.version}`
    : `Electron ${runtime.version} (stand-in for development and tests; installers ship the official one)`;
}
