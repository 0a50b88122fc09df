/** Progress in plain lines. It goes to stderr, so that the output of what is started stays clean. */

/** @param {string} line */
export function say(line) {
  process.stderr.write(`holdfast set-up: ${line}\n`);
}

/** @param {number} sinceMs what `performance.now()` said before the work */
export function seconds(sinceMs) {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}
