/** Another Holdfast on this machine can explain a surprising test result, so it is named before the tests run. */
import { readdirSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';

/** The main process of a working copy, of the plain Node form, and of the installed product. */
const ENTRIES = [/(^|\/)dist\/main\/main\.cjs$/, /(^|\/)dist\/host\/node-main\.js$/, /^\/opt\/Holdfast\/holdfast$/];

/** @returns {string} */
export function nameOthers() {
  if (process.platform !== 'linux') return `Whether another Holdfast runs here is not looked up on ${process.platform}.`;
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => (isHoldfast(argumentsOf(pid)) ? [pid] : []));
  if (found.length === 0) return 'No other Holdfast is running here.';
  return `Another Holdfast is running here: process ${found.join(', ')}. It may act on what the tests start.`;
}

/** @param {readonly string[]} argv */
export function isHoldfast(argv) {
  // Chromium's helpers repeat the command line of their parent.
  if (argv.some((argument) => argument.startsWith('--type='))) return false;
  return argv.some((argument) => ENTRIES.some((entry) => entry.test(argument.split(sep).join('/'))));
}

/** @param {string} pid */
function argumentsOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, 12);
  } catch {
    return [];
  }
}
