/** How Holdfast is started from a working copy, and who stays with it. */
import { paths } from './lib/paths.mjs';
import { Supervisor } from './lib/supervisor.mjs';
import { say } from './lib/say.mjs';

/**
 * @param {import('./set-up.mjs').Runtime} runtime
 * @param {readonly string[]} appArguments
 * @param {NodeJS.ProcessEnv} env
 * @param {number | undefined} uid
 * @returns {{ command: string, args: string[] }}
 */
export function commandFor(runtime, appArguments, env, uid) {
  if (runtime.kind === 'node') return { command: process.execPath, args: [paths.nodeEntry, '--owned', ...appArguments] };
  // Chromium's own chatter (no system bus, no GPU) would bury what Holdfast has to say.
  const switches = ['--log-level=3'];
  const headless = process.platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY'];
  // Chromium refuses its sandbox to root. Without a window there is no renderer, so nothing untrusted runs outside one.
  if (uid === 0) switches.push('--no-sandbox');
  if (headless) switches.push('--ozone-platform=headless');
  // The zygote prepares sandboxed renderers; there will be none.
  if (headless && uid === 0) switches.push('--no-zygote');
  // What follows `--` is ours; Chromium takes no switch from there.
  return { command: runtime.executable, args: [...switches, paths.mainEntry, '--', '--owned', ...appArguments] };
}

/**
 * @param {import('./set-up.mjs').Runtime} runtime
 * @param {readonly string[]} appArguments
 * @returns {Promise<number>} the exit code for this process
 */
export async function launch(runtime, appArguments) {
  const { command, args } = commandFor(runtime, appArguments, process.env, process.getuid?.());
  const supervisor = new Supervisor(command, args, say);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      supervisor.stop();
    });
  }
  return supervisor.run();
}
