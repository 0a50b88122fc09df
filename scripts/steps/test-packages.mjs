/** System packages that only tests need: a screen without a screen, a browser for the screens' gallery, and a notification service. Without them their tests are skipped, with the reason. */
import { createInterface } from 'node:readline/promises';
import { lastLines, run } from '../lib/run.mjs';
import { say, seconds } from '../lib/say.mjs';

const LOOK_MS = 10_000;
const UPDATE_TIMEOUT_MS = 2 * 60_000;
const INSTALL_TIMEOUT_MS = 5 * 60_000;

/** A program by the Debian package that brings it. */
const WANTED = /** @type {const} */ ([
  ['Xvfb', 'xvfb'],
  ['dunst', 'dunst'],
  ['notify-send', 'libnotify-bin'],
  ['dbus-daemon', 'dbus-daemon'],
  ['chromium', 'chromium'],
]);

/** @returns {Promise<void>} */
export async function ensureTestPackages() {
  if (process.platform !== 'linux') return;
  const missing = await missingPackages();
  if (missing.length === 0 || !(await run('apt-get', ['--version'], { timeoutMs: LOOK_MS })).ok) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !(await agreed(missing))) {
    say(`some tests will be skipped; they need: sudo ${command}`);
    return;
  }
  const from = performance.now();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  say(`installing what tests of the window need (${missing.join(', ')}) …`);
  await run('apt-get', ['update', '-q'], { timeoutMs: UPDATE_TIMEOUT_MS, env });
  const result = await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing, 'fonts-dejavu-core'], { timeoutMs: INSTALL_TIMEOUT_MS, env });
  say(result.ok ? `installed in ${seconds(from)}` : `apt-get install failed: ${lastLines(result)}`);
}

async function missingPackages() {
  const missing = [];
  for (const [program, name] of WANTED) {
    const found = await run('which', [program], { timeoutMs: LOOK_MS });
    if (!found.ok) missing.push(name);
  }
  return missing;
}

/** @param {readonly string[]} missing */
async function agreed(missing) {
  if (!process.stdin.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Tests of the window need system packages (${missing.join(' ')}). Install them now with apt-get? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
