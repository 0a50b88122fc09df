/** How Holdfast is started from a working copy, and who stays with it. */
import { readFileSync } from 'node:fs';
import { paths } from './lib/paths.mjs';
import { Supervisor } from './lib/supervisor.mjs';
import { say } from './lib/say.mjs';

/**
 * What decides how Chromium has to be started here.
 * @typedef {object} Surroundings
 * @property {boolean} display
 * @property {boolean} root
 * @property {boolean} sandbox whether Chromium's sandbox can work for this account
 */

/**
 * @param {import('./set-up.mjs').Runtime} runtime
 * @param {readonly string[]} appArguments
 * @param {Surroundings} here
 * @returns {{ command: string, args: string[] }}
 */
export function commandFor(runtime, appArguments, here) {
  if (runtime.kind === 'node') return { command: process.execPath, args: [paths.nodeEntry, '--owned', ...appArguments] };
  // Chromium's own chatter (no system bus, no GPU) would bury what Holdfast has to say.
  const switches = ['--log-level=3'];
  // No window is ever opened there: no renderer, so nothing untrusted that a sandbox or its zygote would have to hold.
  const headless = !here.display || !(here.sandbox || here.root);
  if (headless) switches.push('--ozone-platform=headless', '--no-sandbox', '--no-zygote');
  // Chromium refuses its sandbox to root.
  else if (here.root) switches.push('--no-sandbox');
  // What follows `--` is ours; Chromium takes no switch from there.
  return { command: runtime.executable, args: [...switches, paths.mainEntry, '--', '--owned', ...appArguments] };
}

/**
 * @param {import('./set-up.mjs').Runtime} runtime
 * @param {readonly string[]} appArguments
 * @returns {Promise<number>} the exit code for this process
 */
export async function launch(runtime, appArguments) {
  const { command, args } = commandFor(runtime, appArguments, surroundings());
  const supervisor = new Supervisor(command, args, say);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      supervisor.stop();
    });
  }
  return supervisor.run();
}

/** @returns {Surroundings} */
function surroundings() {
  if (process.platform !== 'linux') return { display: true, root: false, sandbox: true };
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return { display: Boolean(DISPLAY ?? WAYLAND_DISPLAY), root: process.getuid?.() === 0, sandbox: userNamespacesWork() };
}

/** Chromium's sandbox needs them where its helper is not set-uid root, and a package from a registry never is. */
function userNamespacesWork() {
  return (
    kernelSetting('user/max_user_namespaces', 1) > 0 &&
    kernelSetting('kernel/unprivileged_userns_clone', 1) > 0 &&
    // Ubuntu since 24.04: Chromium aborts there without an AppArmor profile.
    kernelSetting('kernel/apparmor_restrict_unprivileged_userns', 0) === 0
  );
}

/**
 * @param {string} name
 * @param {number} otherwise where this kernel has no such setting
 */
function kernelSetting(name, otherwise) {
  try {
    return Number(readFileSync(`/proc/sys/${name}`, 'utf8'));
  } catch {
    return otherwise;
  }
}
