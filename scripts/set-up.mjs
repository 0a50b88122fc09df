/** All that must stand before anything of ours can run, in order; each step is quick when it has nothing to do. */
import { join } from 'node:path';
import { withLock } from './lib/lock.mjs';
import { paths } from './lib/paths.mjs';
import { say } from './lib/say.mjs';
import { ensureBuilt } from './steps/build.mjs';
import { ensureDependencies } from './steps/dependencies.mjs';
import { ensureElectronRuntime } from './steps/electron-runtime.mjs';
import { nodeComplaint } from './steps/node-version.mjs';
import { ensureSystemLibraries } from './steps/system-libraries.mjs';

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
 * @param {boolean} retryOfficial
 * @returns {Promise<Runtime>}
 */
async function runtimeHere(retryOfficial) {
  const electron = await ensureElectronRuntime({ retryOfficial });
  if (electron.kind === 'none') return { kind: 'node', reason: electron.reason };
  const reason = await ensureSystemLibraries(electron.executable);
  if (reason !== null) return { kind: 'node', reason };
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
